"""Use case: the operator sees how all sellers are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from domain.access import Principal, Role
from domain.account_alerts import AlertKind, Severity
from domain.costs import Costs, costs_of
from domain.monthly_usage import MonthUsage
from domain.plans import Threshold, threshold_of
from domain.ports_usage import Prices
from domain.tenants import PhoneNumberId, Tenant, TenantId
from domain.usage import ANSWERS, ESCALATIONS, FAILED, month_of


@dataclass(frozen=True, slots=True)
class MetasWord:
    """The newest that Meta said of a seller's account or numbers, of one kind."""

    event: str
    at: datetime
    severity: Severity


@dataclass(frozen=True, slots=True)
class TenantHealth:
    paused: Mapping[PhoneNumberId, int | None] = field(default_factory=dict)
    """Numbers from which nothing is sent, with Meta's code."""
    words: Mapping[AlertKind, MetasWord] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    """Templates that Meta does not send, by name and language, with their status."""

    @property
    def worst(self) -> Severity:
        severities = [word.severity for word in self.words.values()]
        severities += [Severity.CRITICAL] * bool(self.paused) + [Severity.WARNING] * bool(self.templates)
        order = (Severity.CRITICAL, Severity.WARNING)
        return next((severity for severity in order if severity in severities), Severity.INFORMATION)


HEALTHY = TenantHealth()


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """One seller, as the rows have it."""

    tenant: Tenant
    health: TenantHealth
    usage: MonthUsage


class TenantsOverview(Protocol):
    def page(self, after: TenantId | None, month: str) -> tuple[Sequence[OverviewRow], TenantId | None]:
        """Some sellers by id, from behind `after`; with the id behind which the list goes on, None at its end."""

    def one(self, tenant_id: TenantId, month: str) -> OverviewRow | None: ...


@dataclass(frozen=True, slots=True)
class OverviewPorts:
    overview: TenantsOverview
    prices: Prices


@dataclass(frozen=True, slots=True)
class TenantLine:
    """One seller in this month."""

    tenant: Tenant
    health: TenantHealth
    usage: MonthUsage
    costs: Costs

    @property
    def answered_share(self) -> float | None:
        """Of all that was answered or given to a person, what the assistant answered. None: there was nothing."""
        answers, escalations = (self.usage.counters.get(name, 0) for name in (ANSWERS, ESCALATIONS))
        return answers / (answers + escalations) if answers + escalations else None

    @property
    def failures(self) -> Mapping[str, int]:
        """By Meta's code, the most frequent first."""
        counted = {
            name.removeprefix(FAILED): count for name, count in self.usage.counters.items() if name.startswith(FAILED)
        }
        return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))

    @property
    def threshold(self) -> Threshold | None:
        return threshold_of(self.tenant.limits, self.usage.counters)


def list_tenants_overview(
    who: Principal, after: TenantId | None, *, now: datetime, ports: OverviewPorts
) -> tuple[Sequence[TenantLine], TenantId | None]:
    """Raises `ForbiddenError`."""
    who.demand(Role.OPERATOR)
    rows, last = ports.overview.page(after, month_of(now))
    return [_line(row, ports) for row in rows], last


def overview_of(who: Principal, tenant_id: TenantId, *, now: datetime, ports: OverviewPorts) -> TenantLine | None:
    """Raises `ForbiddenError`."""
    who.demand(Role.OPERATOR)
    row = ports.overview.one(tenant_id, month_of(now))
    return _line(row, ports) if row else None


def _line(row: OverviewRow, ports: OverviewPorts) -> TenantLine:
    return TenantLine(row.tenant, row.health, row.usage, costs_of(row.usage.counters, ports.prices.table()))
