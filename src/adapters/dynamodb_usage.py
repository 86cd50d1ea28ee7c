"""The month's counters: one item, and spill items while a tenant is hot."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_transactions import update
from adapters.dynamodb_values import from_item, time_text, to_item
from domain.tenants import TenantId
from domain.usage import UsageDelta, total

FEW_ITEMS, MANY_ITEMS = 4, 96
"""Over how many further items a tenant's month is spread, by how hot it is. Few: so that an operator's list, a page of
sellers at a time, reads those of all of them in one batch. Many: at 500 messages a second, each recorded, answered and
charged for, an item is in some sixteen transactions a second; and one batch reads them."""

_MOST_REMEMBERED = 10_000


class Spread:
    """What this worker knows: over how many further items the months of each tenant are spread.

    It looks once, before it first counts something of a tenant, and widens when its own transactions meet others. So a
    tenant who is hot is not tried on one item by every worker, nor again when a month begins. Nothing forgets it but
    the worker's end: that a month has further items makes it a little longer to read, no more.
    """

    def __init__(self) -> None:
        self._items: dict[tuple[str, TenantId], int] = {}
        self._marked: set[tuple[str, TenantId, str, int]] = set()

    def forget(self) -> None:
        self._items.clear()
        self._marked.clear()

    def items(self, table: str, tenant_id: TenantId, months: Collection[str], conflicts: int) -> int:
        """How many to choose from, `conflicts` after this transaction was first tried; 0 is the month's own item."""
        if len(self._items) + len(self._marked) >= _MOST_REMEMBERED:
            self.forget()
        known = self._items.get((table, tenant_id))
        if known is None or (conflicts and known < MANY_ITEMS):
            wider = 0 if not conflicts else MANY_ITEMS if known else FEW_ITEMS
            known = self._items[table, tenant_id] = max(wider, self._told(table, tenant_id, max(months)))
        for month in months if known else ():
            self._mark(table, tenant_id, month, known)
        return known

    def _mark(self, table: str, tenant_id: TenantId, month: str, items: int) -> None:
        """Before a spill item is written: who lists many sellers reads this row to know whose month has further items.

        A row of its own, in no transaction, so that it meets no conflict; read before it is written, since it would be
        a hot item itself if every worker wrote it.
        """
        if (table, tenant_id, month, items) in self._marked:
            return
        if self._told(table, tenant_id, month) < items:
            _write_mark(table, tenant_id, month, items)
        self._marked.add((table, tenant_id, month, items))

    def _told(self, table: str, tenant_id: TenantId, month: str) -> int:
        """By whichever worker has come furthest."""
        items = items_spilled(_read_mark(table, tenant_id, month))
        self._marked.add((table, tenant_id, month, items))
        return items


spread = Spread()


def add_usages(table: str, tenant_id: TenantId, deltas: Iterable[UsageDelta], conflicts: int) -> list[dict[str, Any]]:
    """One `Update` per month, since a transaction may touch an item once; to a spill item where the tenant is hot."""
    months: defaultdict[str, Counter[str]] = defaultdict(Counter)
    message_at: dict[str, datetime | None] = {}
    for delta in deltas:
        months[delta.month].update(delta.counters)
        message_at[delta.month] = delta.message_at
    items = spread.items(table, tenant_id, months, conflicts) if months else 0
    spill = random.randrange(items) if items else None  # noqa: S311 (spreads load, hides nothing)
    return [
        add_usage(table, tenant_id, UsageDelta(month, counters, message_at[month]), spill)
        for month, counters in months.items()
    ]


def items_spilled(mark: Mapping[str, Any]) -> int:
    """How many further items a month may have, as its mark says. No number stands there: it would count."""
    if "widely" in mark:
        return MANY_ITEMS
    return FEW_ITEMS if "spilled" in mark else 0


def _read_mark(table: str, tenant_id: TenantId, month: str) -> dict[str, Any]:
    key: Any = to_item(keys.usage_spilled(tenant_id, month))
    with translated("read whether a month has further items"):
        return from_item(client("dynamodb").get_item(TableName=table, Key=key).get("Item", {}))


def _write_mark(table: str, tenant_id: TenantId, month: str, items: int) -> None:
    """Adds to what it says, in whatever order two workers come to it."""
    says = {"spilled": True, "widely": True if items == MANY_ITEMS else None}
    action = update(table, keys.usage_spilled(tenant_id, month), says)["Update"]
    with translated("note that a month has further items"):
        client("dynamodb").update_item(**action)


def add_usage(table: str, tenant_id: TenantId, delta: UsageDelta, spill: int | None = None) -> dict[str, Any]:
    """The `Update` of a transaction that adds to the month. ADD makes item and counters where they are missing."""
    names = {f"#{index}": counter for index, counter in enumerate(delta.counters)}
    values: dict[str, Any] = {f":{index}": count for index, count in enumerate(delta.counters.values())}
    expression = f"ADD {', '.join(f'#{index} :{index}' for index in range(len(names)))}"
    if delta.message_at is not None:
        # Of two at once either may be written last: it tells since when it is quiet, to a second or so.
        expression += " SET #last = :last"
        names, values = {**names, "#last": "lastMessageAt"}, {**values, ":last": time_text(delta.message_at)}
    return {
        "Update": {
            "TableName": table,
            "Key": to_item(keys.usage(tenant_id, delta.month, spill)),
            "UpdateExpression": expression,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": to_item(values),
        }
    }


def read_usage(table: str, tenant_id: TenantId, month: str) -> dict[str, int]:
    """A month's counters, summed over all of its items."""
    with translated("read usage"):
        pages = (
            client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=table,
                KeyConditionExpression="tenantId = :tenant AND begins_with(#month, :month)",
                ExpressionAttributeNames={"#month": "month"},
                ExpressionAttributeValues=to_item({":tenant": tenant_id, ":month": month}),
                ConsistentRead=True,
            )
        )
        items = [from_item(item) for page in pages for item in page["Items"]]
    return total(map(counters_of, items))


def counters_of(item: Mapping[str, Any]) -> dict[str, int]:
    """Of one of a month's items: every number on it is a counter."""
    return {name: int(value) for name, value in item.items() if isinstance(value, Decimal)}
