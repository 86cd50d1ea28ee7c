"""What the API and the operator's pages know of sellers' usage, plans and prices is built of."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from handlers import settings
from handlers.bootstrap import TENANT_CACHE_SECONDS
from handlers.settings import UsageSettings

if TYPE_CHECKING:
    from adapters.dynamodb_operator_settings import DynamoOperatorSettings
    from domain.report_usage import UsagePorts
    from domain.sell_plans import SellPlansPorts
    from domain.tenants_overview import OverviewPorts


@cache
def _env() -> UsageSettings:
    return settings.read(UsageSettings)


@cache
def _operator_settings() -> DynamoOperatorSettings:
    from adapters.dynamodb_operator_settings import DynamoOperatorSettings

    return DynamoOperatorSettings(_env().tenants_table, _env().conversations_table)


@cache
def sell_plans() -> SellPlansPorts:
    from adapters.dynamodb_tenant_profiles import DynamoTenantProfiles
    from domain.sell_plans import SellPlansPorts

    profiles = DynamoTenantProfiles(_env().tenants_table, _env().conversations_table)
    return SellPlansPorts(profiles, _operator_settings())


@cache
def report_usage() -> UsagePorts:
    from adapters.dynamodb_month_usage import DynamoUsage
    from adapters.dynamodb_tenants import DynamoTenants
    from domain.report_usage import UsagePorts

    tenants = DynamoTenants(_env().tenants_table, TENANT_CACHE_SECONDS)
    return UsagePorts(DynamoUsage(_env().tenant_usage_table), _operator_settings(), tenants)


@cache
def overview() -> OverviewPorts:
    from adapters.dynamodb_tenants_overview import DynamoTenantsOverview
    from domain.tenants_overview import OverviewPorts

    env = _env()
    return OverviewPorts(DynamoTenantsOverview(env.tenants_table, env.tenant_usage_table), _operator_settings())
