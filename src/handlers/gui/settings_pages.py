"""Settings of the tenant, one form at a time."""

from __future__ import annotations

from http import HTTPStatus

from domain.access import Role
from domain.administer_tenants import AdministerPorts, change_settings
from domain.errors import ContentionError, PermanentError
from handlers.api.asking import ports, routes
from handlers.gui.answers import Answer, see_other
from handlers.gui.asking import actor, form, visit
from handlers.gui.sections import demand_section, section_page
from pages.refusals import why
from pages.settings_forms import FORMS

router = routes()


@router.get("/settings")
def get_settings() -> Answer:
    return see_other(router, "/settings/general")


@router.get("/settings/<section>")
def get_section(section: str) -> Answer:
    return section_page(router, section)


@router.post("/settings/<section>")
def post_section(section: str) -> Answer:
    who, sent = actor(router, Role.TENANT_ADMIN), form(router)
    demand_section(section)
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
        words = why(error, visit(router))
        return section_page(router, section, HTTPStatus.UNPROCESSABLE_ENTITY, error=words, sent=sent)
    return see_other(router, "/settings/{section}", section=section, done="saved")
