"""A wait for a person goes where its hand-over goes, when conversations are merged or split."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.dynamodb_transactions import put, update
from adapters.dynamodb_values import time_of
from domain.conversations import Conversation, Owner
from domain.customers import CustomerId
from domain.messages import MessageId
from domain.tenants import TenantId

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two conversations: its state row as it was seen, and what it is from now on (None: it is gone)."""

    seen: Mapping[str, Any]
    after: Conversation | None

    @property
    def customer_id(self) -> CustomerId:
        return CustomerId(self.seen["customerId"])

    def waited_for(self, tenant_id: TenantId) -> keys.Key | None:
        if self.seen.get("owner") != Owner.WAITING or "handoverAt" not in self.seen:
            return None
        at, message_id = time_of(self.seen["handoverAt"]), MessageId(self.seen["handoverMessageId"])
        return keys.wait(tenant_id, self.customer_id, at, message_id)

    def waits_for(self, tenant_id: TenantId) -> keys.Key | None:
        handover = self.after.handover if self.after and self.after.owner is Owner.WAITING else None
        return keys.wait(tenant_id, self.customer_id, handover.at, handover.message_id) if handover else None


def moved_waits(  # noqa: PLR0913, PLR0917 (where, how, whose, when and why)
    table: str, read: Callable[[keys.Key], Row], tenant_id: TenantId, sides: Sequence[Side], at: str, because: str
) -> Iterator[dict[str, Any]]:
    """On condition that no step has been taken since they were read."""
    was = {key["sk"]: key for side in sides if (key := side.waited_for(tenant_id))}
    for side in sides:
        before, after = side.waited_for(tenant_id), side.waits_for(tenant_id)
        if after is not None and after != before and after["sk"] in was:
            wait = read(was[after["sk"]])
            if wait:
                due = {"due": keys.due(side.customer_id)} if "due" in wait else {}
                yield put(table, {**wait, **after, **due, "customerId": side.customer_id})
        if before is not None and after != before:
            wait = read(before)
            if wait:
                same = "#dueAt = :seen" if "dueAt" in wait else "attribute_not_exists(#dueAt)"
                ended = {"endedAt": at, "endedBy": because}
                values = {":seen": wait["dueAt"]} if "dueAt" in wait else {}
                yield update(table, before, ended, removes=("due", "dueAt"), condition=same, values=values)
