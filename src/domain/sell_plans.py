"""Use cases: the operator makes plans and prices, and puts sellers on plans."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.access import Principal, Role
from domain.administer_tenants import set_plan
from domain.audit_trail import done_by
from domain.costs import PriceTable
from domain.errors import InvalidInputError
from domain.plans import Measure, Plan
from domain.ports_administration import TenantProfiles
from domain.ports_usage import OperatorSettings
from domain.tenants import Tenant, TenantId

MOST = 10**15
"""Of any limit or price: what a JSON number, a spreadsheet and DynamoDB all keep exactly."""
_NAME = re.compile(r"[a-z0-9-]{1,40}")
_CATEGORY = re.compile(r"[a-z_]{1,40}")
_MOST_PLANS = 50
_MOST_CATEGORIES = 20


@dataclass(frozen=True, slots=True)
class SellPlansPorts:
    profiles: TenantProfiles
    settings: OperatorSettings


def list_plans(who: Principal, *, ports: SellPlansPorts) -> Sequence[Plan]:
    who.demand(Role.OPERATOR)
    return ports.settings.all()


def plan_named(name: str, *, ports: SellPlansPorts) -> Plan:
    """Raises `InvalidInputError`."""
    plan = next((plan for plan in ports.settings.all() if plan.name == name), None)
    if plan is None:
        raise InvalidInputError("/plan", "there is no such plan")
    return plan


def keep_plan(who: Principal, plan: Plan, *, now: datetime, ports: SellPlansPorts) -> None:
    """Whoever has it keeps the limits they were given. Raises `InvalidInputError`."""
    who.demand(Role.OPERATOR)
    _demand("/name", _NAME.fullmatch(plan.name), "1 to 40 of a-z, 0-9 and -")
    known = {one.name for one in ports.settings.all()}
    _demand("/name", plan.name in known or len(known) < _MOST_PLANS, f"at most {_MOST_PLANS} plans")
    limits = {measure: plan.limits.of(measure) for measure in Measure}
    for measure, limit in limits.items():
        _demand(f"/limits/{measure}", limit is None or 0 <= limit <= MOST, f"0 to {MOST:,}")
    told = {str(measure): "none" if limit is None else str(limit) for measure, limit in limits.items()}
    ports.settings.put_plan(plan, done_by(who, "plan.kept", plan.name, now=now, **told))


def give_plan(who: Principal, tenant_id: TenantId, name: str, *, now: datetime, ports: SellPlansPorts) -> Tenant:
    """With its limits as they are today. Raises `NotFoundError`, `InvalidInputError`."""
    who.demand(Role.OPERATOR)
    return set_plan(who, tenant_id, plan_named(name, ports=ports), now=now, ports=ports)


def keep_prices(who: Principal, prices: PriceTable, *, now: datetime, ports: SellPlansPorts) -> None:
    """Raises `InvalidInputError`."""
    who.demand(Role.OPERATOR)
    _demand("/meta", len(prices.meta) <= _MOST_CATEGORIES, f"at most {_MOST_CATEGORIES} categories")
    for category, price in prices.meta.items():
        _demand("/meta", _CATEGORY.fullmatch(category), "a category of Meta's, as its webhooks name it")
        _demand(f"/meta/{category}", 0 <= price <= MOST, f"0 to {MOST:,}")
    for field, price in (("/awsMessage", prices.aws_message), ("/awsSend", prices.aws_send)):
        _demand(field, 0 <= price <= MOST, f"0 to {MOST:,}")
    told = {category: str(price) for category, price in prices.meta.items()}
    ports.settings.put_prices(prices, done_by(who, "prices.kept", "prices", now=now, **told))


def _demand(field: str, holds: object, problem: str) -> None:
    if not holds:
        raise InvalidInputError(field, problem)
