"""Use case: all open conversations as one list, whoever has them."""

from __future__ import annotations

from datetime import datetime

from domain.customers import CustomerId
from domain.inbox import EVERY_LINE, Folder, InboxFilter, InboxLine, InboxMark, InboxPage, InboxPorts, list_inbox
from domain.tenants import TenantId

_OPEN = (Folder.WAITING, Folder.PERSON, Folder.ASSISTANT)


def list_everything_open(
    tenant_id: TenantId,
    *,
    ports: InboxPorts,
    only: InboxFilter = EVERY_LINE,
    after: InboxMark | None = None,
    limit: int = 25,
) -> InboxPage:
    """One call for each of three folders. Of a folder that has more, nothing is shown from behind where it was left."""
    pages = [list_inbox(tenant_id, folder, ports=ports, only=only, after=after, limit=limit) for folder in _OPEN]
    left_at = max((page.next for page in pages if page.next), key=_order, default=None)
    lines = sorted((line for page in pages for line in page.lines), key=lambda line: _order(_mark(line)), reverse=True)
    known = [line for line in lines if left_at is None or _order(_mark(line)) >= _order(left_at)]
    if len(known) > limit:
        return InboxPage(tuple(known[:limit]), _mark(known[limit - 1]))
    return InboxPage(tuple(known), left_at)


def _mark(line: InboxLine) -> InboxMark:
    return InboxMark(line.conversation.last_inbound_at, line.customer_id)


def _order(mark: InboxMark) -> tuple[datetime, CustomerId]:
    return (mark.last_inbound_at, mark.customer_id)
