"""Members: who they are, and whom an admin lets in, changes or removes."""

from __future__ import annotations

from http import HTTPStatus

from domain.access import Role
from domain.errors import AlreadyExistsError, InvalidInputError, MarketplaceError, NotAllowedError
from domain.manage_members import TENANT_ROLES, change_role, invite, list_members, remove
from handlers.api.asking import ports as bundle
from handlers.api.asking import principal, routes, tenant
from handlers.bootstrap_console import KeepMembers
from handlers.gui.answers import Answer, page, see_other
from handlers.gui.asking import actor, form, visit
from pages.refusals import why

router = routes()

_PATH = "/settings/members"


@router.get(_PATH)
def get_members() -> Answer:
    return _shown("")


@router.post(_PATH)
def post_members() -> Answer:
    """Invites; with `subject`, changes or removes."""
    who, sent, ports, now = actor(router, Role.TENANT_ADMIN), form(router), _ports(), visit(router).now
    subject, role = sent.get("subject", ""), _role(sent.get("role", ""))
    try:
        if sent.get("remove"):
            remove(who, who.tenant(), subject, now=now, ports=ports)
            return see_other(router, _PATH, done="removed")
        if subject:
            change_role(who, who.tenant(), subject, role, now=now, ports=ports)
            return see_other(router, _PATH, done="saved")
        invite(who, who.tenant(), sent.get("email", ""), sent.get("name", ""), role, now=now, ports=ports)
    except (AlreadyExistsError, InvalidInputError, NotAllowedError) as error:
        return _shown(_why(error), HTTPStatus.UNPROCESSABLE_ENTITY)
    return see_other(router, _PATH, done="invited")


def _why(error: MarketplaceError) -> str:
    return why(error, visit(router))


def _role(text: str) -> Role:
    return Role(text) if text in set(TENANT_ROLES) else Role.TENANT_AGENT


def _ports() -> KeepMembers:
    return bundle(router, KeepMembers)


def _shown(error: str, status: HTTPStatus = HTTPStatus.OK) -> Answer:
    members = list_members(principal(router), tenant(router), ports=_ports())
    sent = form(router) if error else {}
    return page(router, "settings/members.html", status, members=members, error=error, sent=sent, section="members")
