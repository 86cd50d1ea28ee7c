"""All sellers' usage, plans and prices: for operators. `front.py` lets nobody else in."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Path

from domain.plans import Plan
from domain.report_usage import UsagePorts, monthly_statement
from domain.sell_plans import SellPlansPorts, keep_plan, keep_prices, list_plans
from domain.tenants import TenantId
from domain.tenants_overview import OverviewPorts, list_tenants_overview
from handlers.api.api_usage import MonthInPath
from handlers.api.asking import now, opened, ports, principal, routes, sealed
from handlers.api.models import Cursor, FromPath, TenantIdInPath, empty
from handlers.api.usage_models import (
    PlanList,
    SentLimits,
    SentPrices,
    TenantLineList,
    ToldPrices,
    ToldStatement,
    told_line,
    told_plan,
    told_statement,
)

router = routes()

_TAGS = ["Usage"]
PlanInPath = Annotated[str, Path(pattern="^[a-z0-9-]{1,40}$"), FromPath]


@router.get("/operator/usage", summary="All tenants this month", tags=_TAGS, operation_id="listUsage")
def get_usage(cursor: Cursor = None) -> TenantLineList:
    position = opened(router, cursor)
    after = TenantId(position["tenantId"]) if position else None
    lines, last = list_tenants_overview(principal(router), after, now=now(router), ports=ports(router, OverviewPorts))
    return TenantLineList(
        items=[told_line(line) for line in lines], next_cursor=sealed(router, {"tenantId": last} if last else None)
    )


@router.get(
    "/operator/tenants/<tenant_id>/usage/<month>",
    summary="A tenant's statement",
    tags=_TAGS,
    operation_id="getAnyStatement",
)
def get_statement(tenant_id: TenantIdInPath, month: MonthInPath) -> ToldStatement:
    usage = ports(router, UsagePorts)
    return told_statement(monthly_statement(TenantId(tenant_id), month, now=now(router), ports=usage))


@router.get("/operator/plans", summary="Plans", tags=_TAGS, operation_id="listPlans")
def get_plans() -> PlanList:
    found = list_plans(principal(router), ports=ports(router, SellPlansPorts))
    return PlanList(items=[told_plan(plan) for plan in found])


@router.put(
    "/operator/plans/<name>",
    summary="Make or change a plan",
    tags=_TAGS,
    operation_id="putPlan",
    status_code=HTTPStatus.NO_CONTENT,
)
def put_plan(name: PlanInPath, limits: Annotated[SentLimits, Body()]) -> Response[None]:
    """Who has it keeps the limits that they were given, until they are given it anew."""
    plan = Plan(name, limits.limits())
    keep_plan(principal(router), plan, now=now(router), ports=ports(router, SellPlansPorts))
    return empty()


@router.get("/operator/prices", summary="What messages cost", tags=_TAGS, operation_id="getPrices")
def get_prices() -> ToldPrices:
    return ToldPrices.model_validate(ports(router, SellPlansPorts).settings.table())


@router.put(
    "/operator/prices",
    summary="Set what messages cost",
    tags=_TAGS,
    operation_id="putPrices",
    status_code=HTTPStatus.NO_CONTENT,
)
def put_prices(prices: Annotated[SentPrices, Body()]) -> Response[None]:
    keep_prices(principal(router), prices.prices(), now=now(router), ports=ports(router, SellPlansPorts))
    return empty()
