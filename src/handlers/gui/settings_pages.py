"""Settings of the tenant, one form at a time."""

from __future__ import annotations

from http import HTTPStatus

from domain.access import Role
from domain.administer_tenants import AdministerPorts, change_settings, find_tenant
from domain.errors import ContentionError, NotFoundError, PermanentError
from domain.versions import version_of
from handlers.api.asking import ports, principal, routes, tenant
from handlers.gui.answers import Answer, page, see_other
from handlers.gui.asking import actor, form, visit
from pages.refusals import why
from pages.settings_forms import FORMS

router = routes()


@router.get("/settings")
def get_settings() -> Answer:
    return see_other(router, "/settings/general")


@router.get("/settings/<section>")
def get_section(section: str) -> Answer:
    return _shown(section)


@router.post("/settings/<section>")
def post_section(section: str) -> Answer:
    who, sent = actor(router, Role.TENANT_ADMIN), form(router)
    _demand(section)
    try:
        change_settings(
            who,
            who.tenant(),
            FORMS[section](sent),
            sent.get("version") or None,
            now=visit(router).now,
            ports=ports(router, AdministerPorts),
        )
    except (PermanentError, ContentionError) as error:
        return _shown(section, why(error, visit(router)), HTTPStatus.UNPROCESSABLE_ENTITY)
    return see_other(router, "/settings/{section}", section=section, done="saved")


def _shown(section: str, error: str = "", status: HTTPStatus = HTTPStatus.OK) -> Answer:
    _demand(section)
    found = find_tenant(principal(router), tenant(router), ports=ports(router, AdministerPorts))
    return page(
        router,
        f"settings/{section}.html",
        status,
        tenant=found,
        version=version_of(found),
        error=error,
        sent=form(router) if error else {},
        section=section,
    )


def _demand(section: str) -> None:
    """Raises `NotFoundError`: it becomes the name of a file."""
    if section not in FORMS:
        raise NotFoundError("there are no such settings")
