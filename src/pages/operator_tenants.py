"""What the operator sees of all sellers, and of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.account_alerts import Severity
from domain.plans import Measure, Plan, Threshold
from domain.report_usage import UsageReport
from domain.tenants import TenantStatus
from domain.tenants_overview import TenantLine
from domain.usage import ANSWERS, ESCALATIONS, MESSAGES, REPLIES
from pages.charts import BarChart, Place, bar_chart
from pages.operator_words import cost_of, dollars, used_of
from pages.translations import translations
from pages.visit import Visit


@dataclass(frozen=True, slots=True)
class ShownTenant:
    tenant_id: str
    name: str
    suspended: bool
    plan: str
    health: Severity
    paused: int
    threshold: Threshold | None
    messages: str
    answered: str
    escalations: str
    failures: str
    cost: str
    last_message: str


@dataclass(frozen=True, slots=True)
class TenantsPage:
    tenants: Sequence[ShownTenant]
    more: str
    first: bool
    month: str


def tenants_page(lines: Sequence[TenantLine], visit: Visit, *, more: str, first: bool) -> TenantsPage:
    """`more`: cursor of the next page. `first`: whether this one is where the list begins."""
    return TenantsPage([shown(line, visit) for line in lines], more, first, visit.formats.month(f"{visit.now:%Y-%m}"))


def shown(line: TenantLine, visit: Visit) -> ShownTenant:
    formats, counters = visit.formats, line.usage.counters
    share, last = line.answered_share, line.usage.last_message_at
    failures = [f"{formats.number(count)} × {code}" for code, count in list(line.failures.items())[:_MOST_CODES]]
    return ShownTenant(
        tenant_id=line.tenant.tenant_id,
        name=line.tenant.name,
        suspended=line.tenant.status is TenantStatus.SUSPENDED,
        plan=line.tenant.plan,
        health=line.health.worst,
        paused=len(line.health.paused),
        threshold=line.threshold,
        messages=formats.number(counters.get(MESSAGES, 0)),
        answered="–" if share is None else formats.percent(share),
        escalations=formats.number(counters.get(ESCALATIONS, 0)),
        failures=", ".join(failures) or "–",
        cost=cost_of(line.costs, formats),
        last_message="–" if last is None else formats.length(visit.now - last),
    )


_MOST_CODES = 3


@dataclass(frozen=True, slots=True)
class ShownStanding:
    measure: Measure
    share: float
    words: str
    forecast: str


@dataclass(frozen=True, slots=True)
class ShownCost:
    label: str
    amount: str


@dataclass(frozen=True, slots=True)
class TenantPage:
    line: TenantLine
    tenant: ShownTenant
    standings: Sequence[ShownStanding]
    chart: BarChart
    costs: Sequence[ShownCost]
    unpriced: str
    plans: Sequence[tuple[str, str]]
    """For the field by which one is chosen."""
    months: Sequence[tuple[str, str]]
    """That have a statement, newest first: `YYYY-MM` and words."""


def tenant_page(line: TenantLine, report: UsageReport, plans: Sequence[Plan], visit: Visit) -> TenantPage:
    formats, costs = visit.formats, line.costs
    said = translations(visit.language).gettext
    return TenantPage(
        line=line,
        tenant=shown(line, visit),
        standings=[
            ShownStanding(
                measure=standing.measure,
                share=standing.used / standing.limit if standing.limit else 1.0,
                words=used_of(standing, formats),
                forecast=_forecast(report, standing.measure, visit),
            )
            for standing in report.standings
        ],
        chart=_chart(report, visit),
        costs=[
            *(ShownCost(f"Meta: {category}", dollars(amount, formats)) for category, amount in costs.meta.items()),
            ShownCost(said("Language model"), dollars(costs.model, formats)),
            ShownCost(said("AWS, estimated"), dollars(costs.aws, formats)),
        ],
        unpriced=", ".join(costs.unpriced),
        plans=plan_options(plans),
        months=[(usage.month, formats.month(usage.month)) for usage in reversed(report.months) if usage.counters],
    )


def plan_options(plans: Sequence[Plan]) -> list[tuple[str, str]]:
    return [(plan.name, plan.name) for plan in plans]


def _forecast(report: UsageReport, measure: Measure, visit: Visit) -> str:
    if report.forecast is None:
        return ""
    amount = report.forecast[measure]
    return dollars(amount, visit.formats) if measure is Measure.MICRO_USD else visit.formats.number(amount)


def _chart(report: UsageReport, visit: Visit) -> BarChart:
    formats = visit.formats
    said = translations(visit.language).gettext
    places = [
        Place(_short(usage.month, visit), (float(usage.counters.get(ANSWERS, 0)), float(_others(usage.counters))))
        for usage in report.months
    ]
    if report.forecast is not None:
        places.append(Place(said("Forecast"), (float(report.forecast[Measure.REPLIES]), 0.0), forecast=True))
    series = (said("Answers"), said("Notes to customers"))
    limit = report.tenant.limits.replies
    return bar_chart(said("Replies by month"), said("Month"), series, places, formats, limit=limit)


def _others(counters: Mapping[str, int]) -> int:
    return max(counters.get(REPLIES, 0) - counters.get(ANSWERS, 0), 0)


def _short(month: str, visit: Visit) -> str:
    return visit.formats.month(month).split()[0][:3]
