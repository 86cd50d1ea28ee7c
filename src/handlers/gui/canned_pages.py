"""Canned replies: the menu behind the slash, and the page on which they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from domain.access import Role
from domain.canned_replies import CannedReply, CannedReplyPorts, add_canned, delete_canned, list_canned, replace_canned
from domain.errors import PermanentError
from handlers.api.asking import ports, routes, tenant
from handlers.gui.answers import Answer, page, see_other
from handlers.gui.asking import actor, form, visit
from pages.refusals import why

router = routes()

_PATH = "/settings/canned"


@router.get("/canned")
def get_menu() -> Answer:
    return page(router, "inbox/_canned.html", canned=list_canned(tenant(router), ports=ports(router, CannedReplyPorts)))


@router.get(_PATH)
def get_canned() -> Answer:
    return _shown({}, "")


@router.post(_PATH)
def post_canned() -> Answer:
    who, sent, canned = actor(router, Role.TENANT_ADMIN), form(router), ports(router, CannedReplyPorts)
    if sent.get("remove"):
        delete_canned(who.tenant(), sent["remove"], ports=canned)
        return see_other(router, _PATH, done="removed")
    known = sent.get("reply_id", "")
    try:
        reply = CannedReply(known, *(sent.get(name, "").strip() for name in ("shortcut", "title", "text")))
        (replace_canned if known else add_canned)(who.tenant(), reply, ports=canned)
    except PermanentError as error:
        return _shown(sent, why(error, visit(router)), HTTPStatus.UNPROCESSABLE_ENTITY)
    return see_other(router, _PATH, done="saved")


def _shown(sent: Mapping[str, str], error: str, status: HTTPStatus = HTTPStatus.OK) -> Answer:
    """`sent`: what was typed, and not taken."""
    canned = list_canned(tenant(router), ports=ports(router, CannedReplyPorts))
    return page(router, "settings/canned.html", status, canned=canned, sent=sent, error=error, section="canned")
