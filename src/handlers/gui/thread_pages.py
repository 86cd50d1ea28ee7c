"""One conversation: the page, and what of it is new."""

from __future__ import annotations

from domain.customers import CustomerId
from domain.desk import DeskPorts
from domain.inbox import mark_read
from handlers.api.asking import ports, routes
from handlers.gui.answers import Answer, html, nothing, see_other
from handlers.gui.asking import actor, form, request, visit
from handlers.gui.threads import marked_read, read, read_if_new
from pages.thread_page import news, whole

router = routes()


@router.get("/conversations/<customer_id>")
def get_conversation(customer_id: str) -> Answer:
    view = read(router, customer_id)
    if view.customer_id != customer_id:  # merged into another: from now on at their address
        return see_other(router, "/conversations/{id}", id=view.customer_id, tab=request(router).query.get("tab"))
    return html(router, whole(marked_read(router, view), visit(router)))


@router.get("/conversations/<customer_id>/log")
def get_log(customer_id: str) -> Answer:
    view = read_if_new(router, customer_id)
    return html(router, news(view, visit(router))) if view else nothing()


@router.post("/conversations/<customer_id>/seen")
def post_seen(customer_id: str) -> Answer:
    """By a page that is shown already, where something new has come into it."""
    who, inbound = actor(router), form(router).get("inbound", "")
    if inbound.isdecimal():
        mark_read(who.tenant(), CustomerId(customer_id), int(inbound), ports=ports(router, DeskPorts))
    return nothing()
