"""A section of the settings, for whichever page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from aws_lambda_powertools.event_handler.api_gateway import Router

from domain.administer_tenants import AdministerPorts, find_tenant
from domain.errors import NotFoundError
from domain.versions import version_of
from handlers.api.asking import ports, principal, tenant
from handlers.gui.answers import Answer, page
from pages.rehearsal import NOTHING_SAID, Rehearsal
from pages.settings_forms import FORMS


def section_page(  # noqa: PLR0913 (what is shown, and what somebody was at)
    router: Router,
    section: str,
    status: HTTPStatus = HTTPStatus.OK,
    *,
    error: str = "",
    sent: Mapping[str, str] | None = None,
    seen: str = "",
    rehearsal: Rehearsal = NOTHING_SAID,
) -> Answer:
    """`sent`: what was typed and is not saved; `seen`: the version that it changes. Raises `NotFoundError`."""
    demand_section(section)
    found = find_tenant(principal(router), tenant(router), ports=ports(router, AdministerPorts))
    return page(
        router,
        f"settings/{section}.html",
        status,
        tenant=found,
        version=seen or version_of(found),
        error=error,
        sent=sent or {},
        section=section,
        rehearsal=rehearsal,
    )


def demand_section(section: str) -> None:
    """Raises `NotFoundError`: it becomes the name of a file."""
    if section not in FORMS:
        raise NotFoundError("there are no such settings")
