"""Files with products: handed over with a form, and looked at while they are imported."""

from __future__ import annotations

from http import HTTPStatus

from domain.access import Role
from domain.errors import PermanentError
from domain.import_jobs import ImportId, is_import_id
from domain.run_imports import ImportPorts, NewImport, faulty_rows_link, find_import, import_file, list_imports
from handlers.api.asking import ports, principal, routes, tenant
from handlers.gui.answers import Answer, away, if_new, page, see_other
from handlers.gui.asking import actor, parts, visit
from handlers.multipart import Upload
from pages.fragments import Fragment, fragment
from pages.refusals import why
from pages.visit import Notice

router = routes()

_PATH = "/catalogue/imports"
_ONE = f"{_PATH}/<import_id>"
_AT_ONCE = 20


@router.get(_PATH)
def get_imports() -> Answer:
    return _listed(None)


@router.post(_PATH)
def post_import() -> Answer:
    who, sent = actor(router, Role.TENANT_ADMIN), parts(router)
    file = sent.get("file")
    try:
        asked = NewImport(_name(file), 0, "dry_run" in sent, "delete_missing" in sent)
        content = file.content if file else b""
        job = import_file(who, who.tenant(), asked, content, now=visit(router).now, ports=ports(router, ImportPorts))
    except PermanentError as error:
        return _listed(Notice(why(error, visit(router)), failed=True))
    return see_other(router, "/catalogue/imports/{id}", id=job.import_id)


@router.get(_ONE)
def get_import(import_id: str) -> Answer:
    return page(router, "catalogue/import.html", import_id=import_id, progress=_progress(import_id).html)


@router.get(f"{_ONE}/progress")
def get_progress(import_id: str) -> Answer:
    return if_new(router, _progress(import_id))


@router.get(f"{_ONE}/errors")
def get_errors(import_id: str) -> Answer:
    """As a file, from where it is kept."""
    who, import_ports = principal(router), ports(router, ImportPorts)
    return away(faulty_rows_link(who, tenant(router), ImportId(import_id), ports=import_ports))


def _progress(import_id: str) -> Fragment:
    known = ImportId(import_id if is_import_id(import_id) else "")
    job = find_import(principal(router), tenant(router), known, ports=ports(router, ImportPorts))
    return fragment("catalogue/_import.html", "catalogue/_progress.html", visit(router), job=job)


def _listed(notice: Notice | None) -> Answer:
    found, _ = list_imports(principal(router), tenant(router), None, _AT_ONCE, ports=ports(router, ImportPorts))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if notice else HTTPStatus.OK
    return page(router, "catalogue/imports.html", status, jobs=found, refused=notice)


def _name(file: Upload | None) -> str:
    return file.filename if file else ""
