"""Canned replies: the menu behind the slash, and the page on which an admin keeps them."""

from __future__ import annotations

from domain.canned_replies import CannedReplyPorts, list_canned
from handlers.api.asking import ports, routes, tenant
from handlers.gui.answers import Answer, page

router = routes()


@router.get("/canned")
def get_menu() -> Answer:
    return page(router, "inbox/_canned.html", canned=list_canned(tenant(router), ports=ports(router, CannedReplyPorts)))
