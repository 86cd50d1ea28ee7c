"""A seller's months, read: as they are now, or as a worker may believe them to be for a minute."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_number_states import owed_alert
from adapters.dynamodb_transactions import transact, update
from adapters.dynamodb_usage import counters_of, items_spilled
from adapters.dynamodb_values import from_item, time_of, to_item
from domain.account_alerts import AccountAlert
from domain.monthly_usage import MonthUsage
from domain.plans import Threshold
from domain.tenants import TenantId
from domain.usage import total

CACHE_SECONDS = 60
_MOST_REMEMBERED = 10_000
_LAST_OF_A_MONTH = "~"  # sorts behind every item of the month
_WARNED = {threshold: f"warned{threshold:d}" for threshold in Threshold}
"""Attributes of the month's first item: of what plan the seller has been told."""


class DynamoUsage:
    def __init__(self, usage_table: str) -> None:
        self._table = usage_table

    def month(self, tenant_id: TenantId, month: str) -> MonthUsage:
        return next(iter(self.months(tenant_id, month, month)), MonthUsage(month))

    def months(self, tenant_id: TenantId, first: str, last: str) -> list[MonthUsage]:
        with translated("read usage"):
            pages = (
                client("dynamodb")
                .get_paginator("query")
                .paginate(
                    TableName=self._table,
                    KeyConditionExpression="tenantId = :tenant AND #month BETWEEN :first AND :last",
                    ExpressionAttributeNames={"#month": "month"},
                    ExpressionAttributeValues=to_item(
                        {":tenant": tenant_id, ":first": first, ":last": last + _LAST_OF_A_MONTH}
                    ),
                    ConsistentRead=True,
                )
            )
            rows = [from_item(item) for page in pages for item in page["Items"]]
        by_month: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for row in rows:
            by_month[_month_of(row)].append(row)
        return [usage_of(month, by_month[month]) for month in sorted(by_month)]


class DynamoUsageWatch:
    """`on_warned`: hears of each threshold that a seller is told of, for the metrics."""

    def __init__(
        self,
        usage_table: str,
        conversations_table: str,
        clock: Callable[[], float] | None = None,
        on_warned: Callable[[Threshold], None] = lambda _: None,
    ) -> None:
        self._table = usage_table
        self._conversations = conversations_table
        self._usage = DynamoUsage(usage_table)
        self._clock = clock or time.monotonic
        self._on_warned = on_warned
        self._remembered: dict[tuple[TenantId, str], tuple[float, MonthUsage]] = {}

    def so_far(self, tenant_id: TenantId, month: str) -> MonthUsage:
        known = self._remembered.get((tenant_id, month))
        if known is not None and known[0] > self._clock():
            return known[1]
        if len(self._remembered) >= _MOST_REMEMBERED:
            self._remembered.clear()
        usage = self._usage.month(tenant_id, month)
        self._remembered[tenant_id, month] = self._clock() + CACHE_SECONDS, usage
        return usage

    def add(self, tenant_id: TenantId, month: str, counters: Mapping[str, int]) -> None:
        self._change(tenant_id, month, lambda usage: replace(usage, counters=total((usage.counters, counters))))

    def warn(self, tenant_id: TenantId, month: str, threshold: Threshold, plan: str, alert: AccountAlert) -> bool:
        told = _WARNED[threshold]
        note = update(
            self._table,
            keys.usage(tenant_id, month),
            {told: plan},
            condition=f"attribute_not_exists(#{told}) OR #{told} <> :{told}",
        )
        refused = transact([note, owed_alert(self._conversations, alert)])
        self._change(tenant_id, month, lambda usage: replace(usage, warned={**usage.warned, threshold: plan}))
        if refused:
            return False
        self._on_warned(threshold)
        return True

    def _change(self, tenant_id: TenantId, month: str, change: Callable[[MonthUsage], MonthUsage]) -> None:
        """Of what is remembered, until it is read anew."""
        known = self._remembered.get((tenant_id, month))
        if known is not None:
            until, usage = known
            self._remembered[tenant_id, month] = until, change(usage)


def _month_of(row: Mapping[str, Any]) -> str:
    return str(row["month"]).partition("#")[0]


def spill_keys(rows: Iterable[Mapping[str, Any]], month: str) -> list[keys.Key]:
    """Of those whose month has further items, as the marks among the rows tell."""
    return [
        keys.usage(TenantId(row["tenantId"]), month, number) for row in rows for number in range(items_spilled(row))
    ]


def usage_of(month: str, rows: Iterable[Mapping[str, Any]]) -> MonthUsage:
    rows = list(rows)
    newest = max((row["lastMessageAt"] for row in rows if "lastMessageAt" in row), default=None)
    return MonthUsage(
        month=month,
        counters=total(map(counters_of, rows)),
        warned={
            threshold: row[attribute] for threshold, attribute in _WARNED.items() for row in rows if attribute in row
        },
        last_message_at=time_of(newest) if newest else None,
    )
