"""Edits, revocations and reactions in DynamoDB: on the row of their message, or on its pointer until that comes."""

from __future__ import annotations

from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_amended import (
    amendment_attributes,
    amendments_of,
    as_amended,
    as_waiting,
    waiting_attributes,
    waiting_of,
)
from adapters.dynamodb_inbox_lines import ANSWERED
from adapters.dynamodb_rows import NO_LONGER_AWAITING
from adapters.dynamodb_transactions import transact, update, write_alone
from adapters.dynamodb_values import from_item, to_item
from domain.amendments import Amendments, Waiting
from domain.conversations import Amended, BurstChange, Place
from domain.customers import CustomerId
from domain.messages import MessageId, Position, message_id_of
from domain.replies import parse_reply_id
from domain.tenants import TenantId


class DynamoAmendments:
    def __init__(self, conversations_table: str) -> None:
        self._table = conversations_table

    def find(self, tenant_id: TenantId, message_id: MessageId) -> Amended | Waiting | None:
        pointer = self._row(keys.pointer(tenant_id, message_id))
        if "position" not in pointer and "replyId" not in pointer:
            return waiting_of(pointer)
        place = _place(pointer)
        row = self._row(_key(tenant_id, place)) if place else {}
        return Amended(message_id, place, amendments_of(row)) if place and row else None

    def _row(self, key: keys.Key) -> dict[str, Any]:
        wire: Any = to_item(key)
        with translated("read a message that others speak of"):
            found = client("dynamodb").get_item(TableName=self._table, Key=wire, ConsistentRead=True)
        return from_item(found.get("Item", {}))

    def wait(self, tenant_id: TenantId, message_id: MessageId, seen: Waiting, waiting: Waiting) -> bool:
        as_seen, values = as_waiting(seen)
        action = update(
            self._table,
            keys.pointer(tenant_id, message_id),
            {"tenantId": tenant_id, **waiting_attributes(waiting)},
            condition=f"attribute_not_exists(#position) AND attribute_not_exists(#replyId) AND {as_seen}",
            values=values,
        )
        return write_alone(action, "keep what is said of a message that has not come") is None

    def save(
        self, tenant_id: TenantId, seen: Amended, amendments: Amendments, burst: BurstChange | None = None
    ) -> bool:
        decision = burst.decision if burst else None
        as_seen, values = as_amended(seen.amendments)
        message = update(
            self._table,
            _key(tenant_id, seen.place),
            {
                **amendment_attributes(amendments),
                **({"disposition": decision.disposition, "reason": decision.reason} if decision else {}),
            },
            condition=f"attribute_exists(conversationId) AND {as_seen}",
            values=values,
        )
        state = [self._state(tenant_id, burst.customer_id or seen.place.customer_id, burst)] if burst else []
        return not transact([message, *state])

    def _state(self, tenant_id: TenantId, customer_id: CustomerId, burst: BurstChange) -> dict[str, Any]:
        """An answer that is claimed in this moment is of the burst as it was, or as it is: never of both."""
        awaiting: dict[str, Any] = {}
        if burst.position is not None:
            awaiting = {"awaiting": message_id_of(burst.position), "awaitingPosition": burst.position}
        return update(
            self._table,
            keys.state(tenant_id, customer_id),
            awaiting,
            removes=() if awaiting else (*NO_LONGER_AWAITING, *ANSWERED),
            condition="#awaiting = :seen",
            values={":seen": burst.seen},
        )


def _place(pointer: dict[str, Any]) -> Place | None:
    """None where another software's reply id is all that the row knows."""
    if "position" in pointer:
        return Place(CustomerId(pointer["customerId"]), Position(pointer["position"]))
    parsed = parse_reply_id(pointer["replyId"])
    return Place(parsed.customer_id, parsed.position, parsed.purpose) if parsed else None


def _key(tenant_id: TenantId, place: Place) -> keys.Key:
    if place.purpose is None:
        return keys.message(tenant_id, place.customer_id, place.position)
    return keys.reply(tenant_id, place.customer_id, place.position, place.purpose)
