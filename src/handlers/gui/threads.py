"""Reading a conversation, for whichever page shows it."""

from __future__ import annotations

import uuid
from dataclasses import replace
from http import HTTPStatus

from aws_lambda_powertools.event_handler.api_gateway import Router

from domain.customers import CustomerId
from domain.desk import DeskPorts, find_line
from domain.errors import NotFoundError, TransientError
from domain.inbox import mark_read
from domain.thread_views import read_thread
from domain.threads import ThreadMark
from handlers.api.asking import ports, tenant
from handlers.gui.answers import Answer, html, see_other
from handlers.gui.asking import fetched_ahead, opened, refused, request, sealed, visit
from pages.thread_page import ThreadPage, thread_page, whole
from pages.visit import Visit


def read(router: Router, customer_id: str, *, as_seen_by: Visit | None = None, draft: str = "") -> ThreadPage:
    """Raises `NotFoundError`."""
    tenant_id, desk, query = tenant(router), ports(router, DeskPorts), request(router).query
    listed = f"thread/{customer_id}"
    position = opened(router, listed, query.get("before", ""))
    before = ThreadMark(position["before"], tuple(map(CustomerId, position["formers"].split()))) if position else None
    found = read_thread(tenant_id, CustomerId(customer_id), before=before, ports=desk)
    if found is None:
        raise NotFoundError("there is no conversation with such a customer")
    line = found.line or find_line(tenant_id, found.customer_id, ports=desk)
    rest = {"before": found.older.before, "formers": " ".join(found.older.formers)} if found.older else None
    return thread_page(
        found,
        line,
        as_seen_by or visit(router),
        tab=query.get("tab") or request(router).form.get("tab", ""),
        older=sealed(router, listed, rest),
        key=uuid.uuid4().hex,
        heard_before=query.get("heard", ""),
        draft=draft,
    )


def marked_read(router: Router, view: ThreadPage) -> ThreadPage:
    """What one opens has been seen, in a browser without scripts too. Nothing is asked where nothing is unread.

    A browser that fetches ahead has shown it to nobody, and an operator who views as the tenant is none of its people.
    """
    line = view.shown.line
    if not (view.newest and line.unread and visit(router).acts) or fetched_ahead(router):
        return view
    try:
        mark_read(tenant(router), view.shown.line.customer_id, line.inbound, ports=ports(router, DeskPorts))
    except TransientError:
        return view  # to read is more than to have read: the page's script asks again, or the next visit
    return replace(view, shown=replace(view.shown, line=replace(line, seen=line.inbound)))


def refuse(router: Router, customer_id: str, words: str, draft: str = "") -> Answer:
    """The conversation as it is, why something was not done, and what one had written."""
    seen = refused(router, words)
    text = whole(read(router, customer_id, as_seen_by=seen, draft=draft), seen)
    return html(router, text, HTTPStatus.CONFLICT)


def back_to(router: Router, customer_id: str, done: str) -> Answer:
    """`done`: a key of `pages.notices.DONE`."""
    return see_other(router, "/conversations/{id}", id=customer_id, tab=request(router).form.get("tab", ""), done=done)
