"""`DueItems`, in memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain.customers import CustomerId
from domain.due import DueItem, DueKind
from domain.messages import Position
from domain.ownership import OwnerChange
from domain.replies import ReplyPurpose
from domain.tenants import TenantId
from tests.fakes.store import Store


class FakeDueItems:
    def __init__(self, store: Store) -> None:
        self._store = store

    def overdue(self, now: datetime, limit: int) -> Iterator[DueItem]:
        with self._store.lock:
            items = [_item(*key, due_at) for key, due_at in self._store.due.items()]
        found = sorted((item for item in items if item.overdue(now)), key=lambda item: item.due_at)
        yield from found[:limit]

    def owner_change(self, tenant_id: TenantId, item: DueItem) -> OwnerChange | None:
        with self._store.lock:
            return self._store.owner_changes.get((tenant_id, item.customer_id, item.sort_key))

    def settled(self, tenant_id: TenantId, item: DueItem) -> None:
        key = (tenant_id, item.customer_id, item.sort_key)
        with self._store.lock:
            if self._store.due.get(key) == item.due_at:
                del self._store.due[key]


_KINDS = {
    "state": DueKind.CONVERSATION,
    "m": DueKind.REPLY,
    "e": DueKind.ESCALATION,
    "c": DueKind.OWNER_CHANGE,
    "a": DueKind.ACCOUNT_ALERT,
    "w": DueKind.WAIT,
}


def _item(tenant_id: TenantId, customer_id: CustomerId, sort_key: str, due_at: datetime) -> DueItem:
    row, _, rest = sort_key.partition("#")
    kind = _KINDS[row]
    position, purpose = "", ""
    if kind is DueKind.REPLY:
        position, _, purpose = rest.rpartition("#")
        if purpose not in set(ReplyPurpose):
            kind, position, purpose = DueKind.MEDIA, rest, ""
    elif kind is DueKind.ESCALATION:
        position = rest
    return DueItem(
        kind,
        tenant_id,
        customer_id,
        due_at,
        position=Position(position) if position else None,
        purpose=ReplyPurpose(purpose) if purpose else None,
        alert_id=rest if kind is DueKind.ACCOUNT_ALERT else "",
        sort_key=sort_key,
    )
