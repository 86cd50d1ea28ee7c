"""`OperatorSettings`, in memory."""

from __future__ import annotations

from collections.abc import Sequence

from domain.audit_trail import AuditEntry
from domain.costs import PriceTable
from domain.plans import STANDARD, Plan


class FakeOperatorSettings:
    def __init__(self) -> None:
        self.prices = PriceTable()
        self.plans = {STANDARD.name: STANDARD}
        self.entries: list[AuditEntry] = []

    def table(self) -> PriceTable:
        return self.prices

    def all(self) -> Sequence[Plan]:
        return [self.plans[name] for name in sorted(self.plans)]

    def put_prices(self, table: PriceTable, entry: AuditEntry) -> None:
        self.prices = table
        self.entries.append(entry)

    def put_plan(self, plan: Plan, entry: AuditEntry) -> None:
        self.plans[plan.name] = plan
        self.entries.append(entry)
