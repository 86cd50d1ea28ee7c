"""The month's counters: one item, and spill items while a tenant is hot."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_transactions import update
from adapters.dynamodb_values import from_item, time_text, to_item
from domain.tenants import TenantId
from domain.usage import UsageDelta, total

SPILL_ITEMS = 16
"""Over how many further items a hot tenant's month is spread: with one transaction at a time on each, far more than a
WhatsApp number can deliver."""


_CONFLICTS_BEFORE_SPILL = 2


def add_usages(table: str, tenant_id: TenantId, deltas: Iterable[UsageDelta], conflicts: int) -> list[dict[str, Any]]:
    """One `Update` per month, since a transaction may touch an item once; to a spill item after some conflicts."""
    months: defaultdict[str, Counter[str]] = defaultdict(Counter)
    message_at: dict[str, datetime | None] = {}
    for delta in deltas:
        months[delta.month].update(delta.counters)
        message_at[delta.month] = delta.message_at
    spill = random.randrange(SPILL_ITEMS) if conflicts >= _CONFLICTS_BEFORE_SPILL else None  # noqa: S311 (spreads load, hides nothing)
    if spill is not None:
        for month in months:
            _mark_spilled(table, tenant_id, month)
    return [
        add_usage(table, tenant_id, UsageDelta(month, counters, message_at[month]), spill)
        for month, counters in months.items()
    ]


def _mark_spilled(table: str, tenant_id: TenantId, month: str) -> None:
    """Before the first spill item is: whoever lists many sellers reads this row to know whose month has further items.

    A row of its own, in no transaction, so that it meets no conflict.
    """
    action = update(table, keys.usage_spilled(tenant_id, month), {"spilled": True})["Update"]
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
