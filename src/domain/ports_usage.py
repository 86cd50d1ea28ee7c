"""What the use cases of usage, plans and statements need of the world (see `domain.ports`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from domain.account_alerts import AccountAlert
from domain.audit_trail import AuditEntry
from domain.costs import PriceTable
from domain.monthly_usage import MonthUsage
from domain.plans import Plan, Threshold
from domain.tenants import TenantId


class UsageWatch(Protocol):
    """The month's counters for whoever decides by them with every answer, and can bear to be a minute late."""

    def so_far(self, tenant_id: TenantId, month: str) -> MonthUsage:
        """Of other workers' counts, those of the last minute may be missing."""

    def add(self, tenant_id: TenantId, month: str, counters: Mapping[str, int]) -> None:
        """This worker has just counted them: they are in the table already."""

    def warn(self, tenant_id: TenantId, month: str, threshold: Threshold, plan: str, alert: AccountAlert) -> bool:
        """Notes on the month that the seller is told, and keeps the alert, which is due until it is published.

        False, and nothing written, where that has been noted of this plan: once for each month and threshold.
        """


class Usage(Protocol):
    """As it is now, not as a worker remembers it."""

    def month(self, tenant_id: TenantId, month: str) -> MonthUsage: ...

    def months(self, tenant_id: TenantId, first: str, last: str) -> list[MonthUsage]:
        """Those in which anything was counted, from `first` through `last`, in their order."""


class Prices(Protocol):
    """Of the whole deployment: what the operator has set, or the defaults."""

    def table(self) -> PriceTable: ...


class Plans(Protocol):
    """As the operator sells them."""

    def all(self) -> Sequence[Plan]:
        """By name. `STANDARD` is always there, as it is unless the operator has set it."""


class OperatorSettings(Prices, Plans, Protocol):
    """What is changed is written in one transaction with what the audit trail says of it."""

    def put_prices(self, table: PriceTable, entry: AuditEntry) -> None: ...

    def put_plan(self, plan: Plan, entry: AuditEntry) -> None:
        """Stores or replaces it. Who has it keeps the limits that they were given."""
