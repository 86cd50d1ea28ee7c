"""Usage, plans and prices as the API takes and tells them. Amounts are whole millionths of a dollar."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from domain.account_alerts import Severity
from domain.costs import AWS_MICRO_USD_A_MESSAGE, AWS_MICRO_USD_A_SEND, Costs, PriceTable, charged, uncharged
from domain.monthly_usage import MonthUsage
from domain.plans import BeyondPlan, Measure, Plan, PlanLimits, Standing
from domain.report_usage import UsageReport
from domain.sell_plans import MOST
from domain.statements import Section, Statement
from domain.tenants import TenantStatus
from domain.tenants_overview import TenantLine
from handlers.api.models import Listed, Sent, Told

MONTH = "^[0-9]{4}-(0[1-9]|1[0-2])$"

Limit = Annotated[int | None, Field(ge=0, le=MOST)]
Price = Annotated[int, Field(ge=0, le=MOST)]
Category = Annotated[str, Field(pattern="^[a-z_]{1,40}$")]


class ToldMonth(Told):
    month: str
    counters: dict[str, int]
    """What was counted: messages, replies, model tokens, failures by Meta's code and more."""
    charged: dict[str, int]
    """Messages that Meta charges, by its pricing category."""
    uncharged: dict[str, int]
    """Messages that Meta says it does not charge, by its pricing category."""


class ToldStanding(Told):
    measure: Measure
    used: int
    limit: int
    per_cent: int


class ToldCosts(Told):
    meta: dict[str, int | None]
    """By pricing category; null where the operator has set no price."""
    model: int
    aws: int
    """An estimate from the counts, by list prices."""
    known: int
    """The sum of what is known and what is estimated, without `unpriced`."""
    unpriced: list[str]


class ToldUsage(Told):
    plan: str
    beyond_plan: BeyondPlan
    months: list[ToldMonth]
    """Oldest first, the current one last."""
    standings: list[ToldStanding]
    """Of the current month, one for each limit of the plan."""
    forecast: dict[Measure, int] | None
    """For the month's end, if it goes on as its days have so far; null on its first day."""
    costs: ToldCosts
    """Of the current month."""


class ToldLine(Told):
    section: Section
    item: str
    quantity: int
    price_micro_usd: int | None
    amount_micro_usd: int | None


class ToldStatement(Told):
    month: str
    closed: bool
    """Whether the month is over."""
    lines: list[ToldLine]
    amount_micro_usd: int
    unpriced: list[str]


class ToldTenantLine(Told):
    id: str
    name: str
    status: TenantStatus
    plan: str
    health: Severity
    paused_numbers: dict[str, int | None]
    """Numbers from which nothing is sent, with Meta's code."""
    last_message_at: datetime | None
    answered_share: float | None
    """Of all that was answered or given to a person, what the assistant answered."""
    failures: dict[str, int]
    usage: ToldMonth
    costs: ToldCosts


class TenantLineList(Listed):
    items: list[ToldTenantLine]


class SentLimits(Sent):
    """In a calendar month (UTC). Null: as many as there are."""

    replies: Limit = None
    tokens: Limit = None
    micro_usd: Limit = None
    """For language models."""

    def limits(self) -> PlanLimits:
        return PlanLimits(self.replies, self.tokens, self.micro_usd)


class ToldPlan(Told):
    name: str
    replies: int | None
    tokens: int | None
    micro_usd: int | None


class PlanList(Told):
    items: list[ToldPlan]


class SentPrices(Sent):
    """For each message. A category without a price is told as unknown, never as nothing."""

    meta: Annotated[dict[Category, Price], Field(max_length=20)]
    aws_message: Price = AWS_MICRO_USD_A_MESSAGE
    aws_send: Price = AWS_MICRO_USD_A_SEND

    def prices(self) -> PriceTable:
        return PriceTable(self.meta, self.aws_message, self.aws_send)


class ToldPrices(Told):
    meta: dict[str, int]
    aws_message: int
    aws_send: int


def told_usage(report: UsageReport) -> ToldUsage:
    return ToldUsage(
        plan=report.tenant.plan,
        beyond_plan=report.tenant.beyond_plan,
        months=[told_month(usage) for usage in report.months],
        standings=[_standing(standing) for standing in report.standings],
        forecast=report.forecast,
        costs=told_costs(report.costs),
    )


def told_month(usage: MonthUsage) -> ToldMonth:
    counters = usage.counters
    return ToldMonth(
        month=usage.month, counters=dict(counters), charged=charged(counters), uncharged=uncharged(counters)
    )


def told_costs(costs: Costs) -> ToldCosts:
    return ToldCosts(
        meta=dict(costs.meta), model=costs.model, aws=costs.aws, known=costs.known, unpriced=list(costs.unpriced)
    )


def told_statement(statement: Statement) -> ToldStatement:
    return ToldStatement(
        month=statement.month,
        closed=statement.closed,
        lines=[ToldLine.model_validate(line) for line in statement.lines],
        amount_micro_usd=statement.amount_micro_usd,
        unpriced=list(statement.unpriced),
    )


def told_line(line: TenantLine) -> ToldTenantLine:
    return ToldTenantLine(
        id=line.tenant.tenant_id,
        name=line.tenant.name,
        status=line.tenant.status,
        plan=line.tenant.plan,
        health=line.health.worst,
        paused_numbers={str(number): code for number, code in line.health.paused.items()},
        last_message_at=line.usage.last_message_at,
        answered_share=line.answered_share,
        failures=dict(line.failures),
        usage=told_month(line.usage),
        costs=told_costs(line.costs),
    )


def told_plan(plan: Plan) -> ToldPlan:
    limits = plan.limits
    return ToldPlan(name=plan.name, replies=limits.replies, tokens=limits.tokens, micro_usd=limits.micro_usd)


def _standing(standing: Standing) -> ToldStanding:
    return ToldStanding.model_validate(standing)
