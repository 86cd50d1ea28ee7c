"""Reading a conversation, for whichever page shows it."""

from __future__ import annotations

import uuid
from dataclasses import replace

from aws_lambda_powertools.event_handler.api_gateway import Router

from domain.customers import CustomerId
from domain.desk import DeskPorts, find_line
from domain.errors import NotFoundError, TransientError
from domain.inbox import InboxLine, mark_read
from domain.thread_views import ThreadView, read_news, read_thread
from domain.threads import ThreadMark, Unchanged
from handlers.api.asking import ports, tenant
from handlers.gui.asking import fetched_ahead, form, opened, request, sealed, visit
from pages.thread_page import ThreadPage, link_period, thread_page
from pages.visit import Visit

_NOBODY = "there is no conversation with such a customer"


def read(router: Router, customer_id: str, *, as_seen_by: Visit | None = None, draft: str = "") -> ThreadPage:
    """Raises `NotFoundError`."""
    tenant_id, desk = tenant(router), ports(router, DeskPorts)
    position = opened(router, _listed(customer_id), request(router).query.get("before", ""))
    before = ThreadMark(position["before"], tuple(map(CustomerId, position["formers"].split()))) if position else None
    found = read_thread(tenant_id, CustomerId(customer_id), before=before, ports=desk)
    if found is None:
        raise NotFoundError(_NOBODY)
    line = found.line or find_line(tenant_id, found.customer_id, ports=desk)
    return _shown(router, customer_id, found, line, as_seen_by or visit(router), draft)


def read_if_new(router: Router, customer_id: str) -> ThreadPage | None:
    """None where the browser shows it already. Raises `NotFoundError`."""
    query, desk = request(router).query, ports(router, DeskPorts)
    expired = query.get("links", "") not in {"", link_period(visit(router).now)}
    seen = "" if expired else query.get("seen", "")
    found = read_news(tenant(router), CustomerId(customer_id), seen, ports=desk)
    if isinstance(found, Unchanged):
        return None
    if found is None or found.line is None:
        raise NotFoundError(_NOBODY)
    return _shown(router, customer_id, found, found.line, visit(router))


def _shown(  # noqa: PLR0913, PLR0917 (what is shown, of whom, and to whom)
    router: Router, customer_id: str, found: ThreadView, line: InboxLine, seen_by: Visit, draft: str = ""
) -> ThreadPage:
    query = request(router).query
    rest = {"before": found.older.before, "formers": " ".join(found.older.formers)} if found.older else None
    return thread_page(
        found,
        line,
        seen_by,
        tab=query.get("tab") or form(router).get("tab", ""),
        older=sealed(router, _listed(customer_id), rest),
        key=uuid.uuid4().hex,
        heard_before=query.get("heard", ""),
        draft=draft,
    )


def _listed(customer_id: str) -> str:
    return f"thread/{customer_id}"


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
