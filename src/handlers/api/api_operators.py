"""The operator's work over all sellers. `front.py` lets nobody else in."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body

from domain.administer_tenants import (
    AdministerPorts,
    change_settings,
    create_tenant,
    find_tenant,
    list_tenants,
    set_plan,
    set_status,
)
from domain.tenants import TenantId
from handlers.api.api_tenants import told
from handlers.api.asking import etag, now, opened, ports, principal, routes, sealed, seen_version
from handlers.api.models import Cursor, IfMatch, Limit, TenantIdInPath, json_response
from handlers.api.tenant_models import NewTenant, Settings, TenantChange, TenantList, ToldTenant, summary, told_tenant

router = routes()

_TAGS = ["Tenant"]


@router.get("/operator/tenants", summary="All tenants, by id", tags=_TAGS, operation_id="listTenants")
def get_tenants(cursor: Cursor = None, limit: Limit = 50) -> TenantList:
    position = opened(router, cursor)
    after = TenantId(position["tenantId"]) if position else None
    found, last = list_tenants(principal(router), after, limit, ports=ports(router, AdministerPorts))
    return TenantList(
        items=[summary(tenant) for tenant in found], next_cursor=sealed(router, {"tenantId": last} if last else None)
    )


@router.post(
    "/operator/tenants",
    summary="Let a tenant in",
    tags=_TAGS,
    operation_id="createTenant",
    status_code=HTTPStatus.CREATED,
)
def post_tenant(tenant: Annotated[NewTenant, Body()]) -> Response[ToldTenant]:
    made = create_tenant(principal(router), tenant.tenant(), now=now(router), ports=ports(router, AdministerPorts))
    answer = told_tenant(made)
    return json_response(answer, HTTPStatus.CREATED, {"etag": etag(answer.version)})


@router.get("/operator/tenants/<tenant_id>", summary="One tenant", tags=_TAGS, operation_id="getAnyTenant")
def get_tenant(tenant_id: TenantIdInPath) -> Response[ToldTenant]:
    return told(find_tenant(principal(router), TenantId(tenant_id), ports=ports(router, AdministerPorts)))


@router.patch(
    "/operator/tenants/<tenant_id>",
    summary="Suspend, activate, set the plan",
    tags=_TAGS,
    operation_id="changeAnyTenant",
)
def patch_tenant(tenant_id: TenantIdInPath, change: Annotated[TenantChange, Body()]) -> Response[ToldTenant]:
    """A suspended tenant's customers get no answers, within a minute; what they write is kept for the operator."""
    who, asked, at, bundle = principal(router), TenantId(tenant_id), now(router), ports(router, AdministerPorts)
    found = find_tenant(who, asked, ports=bundle)
    if change.plan is not None:
        found = set_plan(who, asked, change.plan, now=at, ports=bundle)
    if change.status is not None:
        found = set_status(who, asked, change.status, now=at, ports=bundle)
    return told(found)


@router.patch(
    "/operator/tenants/<tenant_id>/settings",
    summary="Change a tenant's settings for it",
    tags=_TAGS,
    operation_id="changeAnyTenantsSettings",
)
def patch_settings(
    tenant_id: TenantIdInPath, settings: Annotated[Settings, Body()], if_match: IfMatch = None
) -> Response[ToldTenant]:
    changed = change_settings(
        principal(router),
        TenantId(tenant_id),
        settings.applied_to,
        seen_version(if_match),
        now=now(router),
        ports=ports(router, AdministerPorts),
    )
    return told(changed)
