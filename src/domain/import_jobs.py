"""A seller's file on its way into the catalogue: uploaded, then imported by a worker, with progress to be seen."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO, NewType, Protocol

from domain.tenants import TenantId

ImportId = NewType("ImportId", str)
"""Sorts as time does."""

MOST_BYTES = 200 * 1024 * 1024
MOST_ROWS = 500_000
MOST_FAULTS_TOLD = 100
"""Of the faulty rows, with the job; the file of them has more."""
_LONGEST_REASON = 200

_ID = re.compile(r"[0-9]{8}T[0-9]{6}-[0-9a-f]{8}")


class ImportState(StrEnum):
    AWAITING_FILE = "awaiting_file"
    WAITING = "waiting"
    """For a worker."""
    RUNNING = "running"
    DONE = "done"
    """Whatever became of its rows."""
    FAILED = "failed"
    """Given up; the same file may be imported again."""


@dataclass(frozen=True, slots=True)
class ToldFault:
    line: int
    reasons: tuple[str, ...]


def told_fault(line: int, reasons: Sequence[str]) -> ToldFault:
    """Bounded: a reason may quote a cell."""
    return ToldFault(line, tuple(reason[:_LONGEST_REASON] for reason in reasons[:10]))


@dataclass(frozen=True, slots=True)
class ImportProgress:
    rows: int = 0
    stored: int = 0
    """So many products, from the file's beginning; whoever goes on leaves them out."""
    faulty: int = 0
    deleted: int = 0
    missing: int = 0
    ignored_columns: tuple[str, ...] = ()
    stopped: str = ""
    """Why the file was not read to its end, if so."""
    not_deleted: str = ""
    """Why nothing was deleted, where something is missing."""
    faults: tuple[ToldFault, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportJob:
    import_id: ImportId
    created_at: datetime
    by: str
    """Name of who began it."""
    file_name: str
    file_bytes: int
    """As was said when it was begun."""
    dry_run: bool
    delete_missing: bool
    state: ImportState = ImportState.AWAITING_FILE
    updated_at: datetime | None = None
    file_version: str = ""
    """Of the file of which `progress` tells."""
    progress: ImportProgress = ImportProgress()

    @property
    def over(self) -> bool:
        return self.state in {ImportState.DONE, ImportState.FAILED}


def new_import_id(now: datetime) -> ImportId:
    return ImportId(f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}")


def is_import_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class UploadForm:
    """How the file is handed over: one request, to this address, with these headers."""

    method: str
    url: str
    headers: Mapping[str, str]
    expires_at: datetime


class ImportJobs(Protocol):
    def add(self, tenant_id: TenantId, job: ImportJob) -> None: ...

    def find(self, tenant_id: TenantId, import_id: ImportId) -> ImportJob | None: ...

    def page(self, tenant_id: TenantId, before: ImportId | None, limit: int) -> Sequence[ImportJob]:
        """Newest first."""

    def save(self, tenant_id: TenantId, job: ImportJob) -> bool:
        """False, and nothing written, where it is over, or not there."""


class ImportFiles(Protocol):
    def upload_form(self, tenant_id: TenantId, job: ImportJob, now: datetime) -> UploadForm:
        """For a file of exactly as many bytes as the job says."""

    def keep(self, tenant_id: TenantId, import_id: ImportId, content: bytes) -> None: ...

    def is_there(self, tenant_id: TenantId, import_id: ImportId) -> bool: ...

    def open(self, tenant_id: TenantId, import_id: ImportId) -> AbstractContextManager[tuple[BinaryIO, str]]:
        """The file, and what tells this version of it from others. Raises `NotFoundError`."""

    def keep_faults(self, tenant_id: TenantId, import_id: ImportId, content: BinaryIO) -> None: ...

    def faults_link(self, tenant_id: TenantId, import_id: ImportId) -> str:
        """Gives the file of faulty rows out for some minutes, as an attachment, to whoever holds it."""


class ImportQueue(Protocol):
    def put(self, tenant_id: TenantId, import_id: ImportId, stored: int) -> None:
        """Those of one tenant one after the other. The same import at the same point is on the queue once."""
