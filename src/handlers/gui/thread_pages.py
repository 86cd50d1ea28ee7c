"""One conversation: the page, and what of it is new."""

from __future__ import annotations

from handlers.api.asking import routes
from handlers.gui.answers import Answer, html, if_new, see_other
from handlers.gui.asking import request, visit
from handlers.gui.threads import read
from pages.thread_page import news, whole

router = routes()


@router.get("/conversations/<customer_id>")
def get_conversation(customer_id: str) -> Answer:
    view = read(router, customer_id)
    if view.customer_id != customer_id:  # merged into another: from now on at their address
        return see_other(router, "/conversations/{id}", id=view.customer_id, tab=request(router).query.get("tab"))
    return html(router, whole(view, visit(router)))


@router.get("/conversations/<customer_id>/log")
def get_log(customer_id: str) -> Answer:
    return if_new(router, news(read(router, customer_id), visit(router)))
