"""The sparse index of what is due, over all tenants: only the sweeper looks across them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_rows import owner_change_of
from adapters.dynamodb_transactions import update, write_alone
from adapters.dynamodb_values import from_item, time_of, time_text, to_item
from domain.customers import CustomerId
from domain.due import PATIENCE, DueItem, DueKind
from domain.messages import Position
from domain.ownership import OwnerChange
from domain.replies import ReplyPurpose
from domain.tenants import TenantId

_PAGE = 100
_MOST_LOOKED_AT = 5000
"""Of one partition in one run: what its functions are still left to stands before some of what is overdue."""


class DynamoDueItems:
    def __init__(self, conversations_table: str) -> None:
        self._table = conversations_table

    def overdue(self, now: datetime, limit: int) -> Iterator[DueItem]:
        """Oldest first within each partition of the index, from each as many as of any other, `limit` in all.

        In another order of partitions each time: a run that is over before it has seen all of them favours none.
        """
        share = max(1, limit // len(keys.DUE_PARTITIONS))
        for partition in random.sample(keys.DUE_PARTITIONS, len(keys.DUE_PARTITIONS)):
            yield from islice((item for item in self._due(partition, now) if item.overdue(now)), share)

    def _due(self, partition: str, now: datetime) -> Iterator[DueItem]:
        """A page at a time, as it is asked for."""
        with translated("look for what is due"):
            pages = (
                client("dynamodb")
                .get_paginator("query")
                .paginate(
                    TableName=self._table,
                    IndexName="DueIndex",
                    KeyConditionExpression="due = :due AND dueAt <= :moment",
                    ExpressionAttributeValues=to_item(
                        {":due": partition, ":moment": time_text(now - min(PATIENCE.values()))}
                    ),
                    PaginationConfig={"PageSize": _PAGE, "MaxItems": _MOST_LOOKED_AT},
                )
            )
            for page in pages:
                yield from filter(None, (_due_item(from_item(item)) for item in page["Items"]))

    def owner_change(self, tenant_id: TenantId, item: DueItem) -> OwnerChange | None:
        with translated("read a change of owner"):
            found = client("dynamodb").get_item(
                TableName=self._table, Key=to_item(_key(tenant_id, item)), ConsistentRead=True
            )
        row = from_item(found.get("Item", {}))
        return owner_change_of(row) if row and not row["published"] else None

    def settled(self, tenant_id: TenantId, item: DueItem) -> None:
        """On condition that it is due since the same time: what has become due anew stays so."""
        action = update(
            self._table,
            _key(tenant_id, item),
            {},
            removes=("due", "dueAt"),
            condition="#dueAt = :since",
            values={":since": time_text(item.due_at)},
        )
        write_alone(action, "note that nothing is due")


def _key(tenant_id: TenantId, item: DueItem) -> keys.Key:
    return {**keys.state(tenant_id, item.customer_id), "sk": item.sort_key}


def _due_item(row: Mapping[str, Any]) -> DueItem | None:
    """None for a kind of row that this version does not know: the one that wrote it does."""
    tenant_id, customer_id = row["conversationId"].split("#", 1)
    place = keys.parse_sort_key(row["sk"])
    if place.row not in _KINDS:
        return None
    is_message = place.row == "m" and not place.purpose
    return DueItem(
        kind=DueKind.MEDIA if is_message else _KINDS[place.row],
        tenant_id=TenantId(tenant_id),
        customer_id=CustomerId(customer_id),
        due_at=time_of(row["dueAt"]),
        position=Position(place.position) if place.position else None,
        purpose=ReplyPurpose(place.purpose) if place.purpose else None,
        alert_id=place.alert_id,
        sort_key=row["sk"],
    )


_KINDS = {
    keys.STATE: DueKind.CONVERSATION,
    "m": DueKind.REPLY,
    "e": DueKind.ESCALATION,
    "c": DueKind.OWNER_CHANGE,
    "a": DueKind.ACCOUNT_ALERT,
    "w": DueKind.WAIT,
}
