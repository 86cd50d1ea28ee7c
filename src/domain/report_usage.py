"""Use cases: how much a seller has used, what they may use, where the month is heading, and their statement."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from domain.costs import Costs, costs_of
from domain.errors import InvalidInputError, NotFoundError
from domain.monthly_usage import MonthUsage
from domain.plans import Measure, Standing, standings, used
from domain.ports_usage import Prices, Usage
from domain.statements import Statement, statement_of
from domain.tenants import Tenant, TenantId
from domain.usage import month_of

MOST_MONTHS = 24


class TenantLookup(Protocol):
    def tenant(self, tenant_id: TenantId) -> Tenant | None: ...


class ReportUsagePorts(Protocol):
    @property
    def usage(self) -> Usage: ...
    @property
    def prices(self) -> Prices: ...
    @property
    def tenants(self) -> TenantLookup: ...


@dataclass(frozen=True, slots=True)
class UsageReport:
    tenant: Tenant
    months: Sequence[MonthUsage]
    """Oldest first, the current one last, also those in which nothing was counted."""
    standings: Sequence[Standing]
    """Of the current month, one for each limit that there is."""
    forecast: dict[Measure, int] | None
    """For the current month's end; None on its first day."""
    costs: Costs
    """Of the current month."""

    @property
    def current(self) -> MonthUsage:
        return self.months[-1]


def report_usage(tenant_id: TenantId, months: int, *, now: datetime, ports: ReportUsagePorts) -> UsageReport:
    """The last so many months. Raises `NotFoundError`."""
    tenant, wanted = _tenant(tenant_id, ports), _last_months(now, min(max(months, 1), MOST_MONTHS))
    found = {usage.month: usage for usage in ports.usage.months(tenant_id, wanted[0], wanted[-1])}
    listed = [found.get(month, MonthUsage(month)) for month in wanted]
    current = listed[-1]
    return UsageReport(
        tenant=tenant,
        months=listed,
        standings=standings(tenant.limits, current.counters),
        forecast=forecasts(current, now),
        costs=costs_of(current.counters, ports.prices.table()),
    )


def monthly_statement(tenant_id: TenantId, month: str, *, now: datetime, ports: ReportUsagePorts) -> Statement:
    """Raises `NotFoundError`, `InvalidInputError`."""
    month = valid_month(month)
    tenant, usage = _tenant(tenant_id, ports), ports.usage.month(tenant_id, month)
    return statement_of(tenant, usage, ports.prices.table(), closed=month < month_of(now))


def valid_month(month: str) -> str:
    """Raises `InvalidInputError`. It becomes part of a key."""
    try:
        at = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
    except ValueError as error:
        raise InvalidInputError("/month", "YYYY-MM") from error
    return month_of(at)


def forecasts(usage: MonthUsage, now: datetime) -> dict[Measure, int] | None:
    return None if now.day == 1 else {measure: forecast(used(usage.counters, measure), now) for measure in Measure}


def forecast(count: int, now: datetime) -> int:
    """For the month's end: as if the rest of the month went on as its days have so far, on average. No more than that:
    weekdays, seasons and growth are left out, and in the first days of a month it may be far off.
    """
    begin = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    whole = timedelta(days=monthrange(now.year, now.month)[1])
    return max(count, round(count * (whole / max(now - begin, timedelta(minutes=1)))))


def _last_months(now: datetime, count: int) -> list[str]:
    last = now.year * 12 + now.month - 1
    return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(last - count + 1, last + 1)]


def _tenant(tenant_id: TenantId, ports: ReportUsagePorts) -> Tenant:
    tenant = ports.tenants.tenant(tenant_id)
    if tenant is None:
        raise NotFoundError("no such tenant")
    return tenant
