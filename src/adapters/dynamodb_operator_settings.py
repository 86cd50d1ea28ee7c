"""What the operator sets for all sellers: prices and plans, in the tenants table."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.dynamodb_audit_trail import DynamoAuditTrail
from adapters.dynamodb_batches import partition
from adapters.dynamodb_tenants import limits_attribute, limits_of
from adapters.dynamodb_transactions import put, transact
from domain.audit_trail import AuditEntry
from domain.costs import PriceTable
from domain.plans import STANDARD, Plan

CACHE_SECONDS = 60


class DynamoOperatorSettings:
    """Read whole, as one partition, and believed for a minute: each statement and each page asks for the prices."""

    def __init__(self, tenants_table: str, conversations_table: str, clock: Callable[[], float] | None = None) -> None:
        self._table = tenants_table
        self._trail = DynamoAuditTrail(conversations_table)
        self._clock = clock or time.monotonic
        self._known: tuple[float, PriceTable, dict[str, Plan]] | None = None

    def table(self) -> PriceTable:
        return self._read()[0]

    def all(self) -> list[Plan]:
        plans = self._read()[1]
        return [plans[name] for name in sorted(plans)]

    def put_prices(self, table: PriceTable, entry: AuditEntry) -> None:
        row = {
            **keys.operator_prices(),
            "meta": dict(table.meta),
            "awsMessage": table.aws_message,
            "awsSend": table.aws_send,
        }
        self._put(row, entry)

    def put_plan(self, plan: Plan, entry: AuditEntry) -> None:
        self._put({**keys.operator_plan(plan.name), "limits": limits_attribute(plan.limits)}, entry)

    def _put(self, row: Mapping[str, Any], entry: AuditEntry) -> None:
        transact([put(self._table, row), self._trail.written(entry)])
        self._known = None

    def _read(self) -> tuple[PriceTable, dict[str, Plan]]:
        if self._known is None or self._known[0] <= self._clock():
            rows = list(partition(self._table, "tenantId", keys.OPERATOR_SETTINGS))
            prices = next((_prices_of(row) for row in rows if row["sk"] == keys.PRICES), PriceTable())
            named = {STANDARD.name: STANDARD}
            for row in rows:
                if row["sk"].startswith(keys.PLANS):
                    name = row["sk"].removeprefix(keys.PLANS)
                    named[name] = Plan(name, limits_of(row))
            self._known = self._clock() + CACHE_SECONDS, prices, named
        return self._known[1], self._known[2]


def _prices_of(row: Mapping[str, Any]) -> PriceTable:
    meta = {category: int(price) for category, price in row["meta"].items()}
    return PriceTable(meta, int(row["awsMessage"]), int(row["awsSend"]))
