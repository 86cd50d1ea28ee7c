"""Files with products: begun, uploaded straight to S3, started, and looked at."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Path
from pydantic import Field, StringConstraints

from domain.import_jobs import MOST_BYTES, ImportId, ImportJob, ImportState, UploadForm
from domain.run_imports import (
    ImportPorts,
    NewImport,
    begin_import,
    faulty_rows_link,
    find_import,
    list_imports,
    start_import,
)
from handlers.api.asking import now, opened, ports, principal, routes, sealed, tenant
from handlers.api.models import Cursor, FromPath, Limit, Listed, Sent, Told, json_response

router = routes()

_TAGS = ["Imports"]
ImportInPath = Annotated[str, StringConstraints(pattern="^[0-9]{8}T[0-9]{6}-[0-9a-f]{8}$"), FromPath, Path()]


class SentImport(Sent):
    file_name: Annotated[str, Field(min_length=1, max_length=200)]
    file_bytes: Annotated[int, Field(ge=1, le=MOST_BYTES)]
    """The file's exact size: no other is taken."""
    dry_run: bool = False
    """Every row is checked, nothing is stored."""
    delete_missing: bool = False
    """Products that the file lacks are deleted, if every row could be read that may hold one."""


class ToldFault(Told):
    line: int
    reasons: list[str]


class ToldUpload(Told):
    """One request hands the file over."""

    method: str
    url: str
    headers: dict[str, str]
    expires_at: datetime


class ToldImport(Told):
    id: str
    state: ImportState
    file_name: str
    file_bytes: int
    dry_run: bool
    delete_missing: bool
    created_at: datetime
    created_by: str
    updated_at: datetime | None
    rows: int
    stored: int
    faulty: int
    deleted: int
    missing: int
    """Products that the file lacks."""
    ignored_columns: list[str]
    stopped: str
    """Why the file was not read to its end, if so."""
    not_deleted: str
    faults: list[ToldFault]
    """The first of the faulty rows; `/errors` has more."""


class BegunImport(Told):
    job: ToldImport
    upload: ToldUpload


class ImportList(Listed):
    items: list[ToldImport]


class Link(Told):
    url: str
    """Opens for five minutes, for whoever holds it."""


@router.post(
    "/imports", summary="Begin an import", tags=_TAGS, operation_id="beginImport", status_code=HTTPStatus.CREATED
)
def post_import(asked: Annotated[SentImport, Body()]) -> Response[BegunImport]:
    """Upload the file as `upload` says, then start the import."""
    job, form = begin_import(
        principal(router),
        tenant(router),
        NewImport(asked.file_name, asked.file_bytes, asked.dry_run, asked.delete_missing),
        now=now(router),
        ports=ports(router, ImportPorts),
    )
    return json_response(BegunImport(job=told(job), upload=_upload(form)), HTTPStatus.CREATED)


@router.get("/imports", summary="Imports, newest first", tags=_TAGS, operation_id="listImports")
def get_imports(cursor: Cursor = None, limit: Limit = 20) -> ImportList:
    position = opened(router, cursor)
    before = ImportId(position["importId"]) if position else None
    found, last = list_imports(principal(router), tenant(router), before, limit, ports=ports(router, ImportPorts))
    return ImportList(
        items=[told(job) for job in found], next_cursor=sealed(router, {"importId": last} if last else None)
    )


@router.get("/imports/<import_id>", summary="One import, and how far it is", tags=_TAGS, operation_id="getImport")
def get_import(import_id: ImportInPath) -> ToldImport:
    return told(find_import(principal(router), tenant(router), ImportId(import_id), ports=ports(router, ImportPorts)))


@router.post(
    "/imports/<import_id>/start",
    summary="Start an import whose file is uploaded",
    tags=_TAGS,
    operation_id="startImport",
    status_code=HTTPStatus.ACCEPTED,
)
def post_start(import_id: ImportInPath) -> Response[ToldImport]:
    job = start_import(
        principal(router), tenant(router), ImportId(import_id), now=now(router), ports=ports(router, ImportPorts)
    )
    return json_response(told(job), HTTPStatus.ACCEPTED)


@router.get("/imports/<import_id>/errors", summary="The faulty rows as CSV", tags=_TAGS, operation_id="getImportErrors")
def get_errors(import_id: ImportInPath) -> Link:
    """With line and reasons; mended there, the file can be imported itself."""
    url = faulty_rows_link(principal(router), tenant(router), ImportId(import_id), ports=ports(router, ImportPorts))
    return Link(url=url)


def told(job: ImportJob) -> ToldImport:
    progress = job.progress
    return ToldImport(
        id=job.import_id,
        state=job.state,
        file_name=job.file_name,
        file_bytes=job.file_bytes,
        dry_run=job.dry_run,
        delete_missing=job.delete_missing,
        created_at=job.created_at,
        created_by=job.by,
        updated_at=job.updated_at,
        rows=progress.rows,
        stored=progress.stored,
        faulty=progress.faulty,
        deleted=progress.deleted,
        missing=progress.missing,
        ignored_columns=list(progress.ignored_columns),
        stopped=progress.stopped,
        not_deleted=progress.not_deleted,
        faults=[ToldFault(line=fault.line, reasons=list(fault.reasons)) for fault in progress.faults],
    )


def _upload(form: UploadForm) -> ToldUpload:
    return ToldUpload(method=form.method, url=form.url, headers=dict(form.headers), expires_at=form.expires_at)
