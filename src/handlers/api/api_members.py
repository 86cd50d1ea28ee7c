"""Whom a tenant lets in, and what they and the operators did."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body

from domain.access import Role
from domain.audit_trail import AuditTrail
from domain.manage_members import change_role, invite, list_members, remove
from domain.tenants import TenantId
from handlers.api.asking import now, opened, ports, principal, routes, sealed, tenant
from handlers.api.member_models import (
    AuditList,
    MemberChange,
    MemberList,
    NewMember,
    SubjectInPath,
    ToldMember,
    told_member,
    told_trail,
)
from handlers.api.models import Cursor, Limit, TenantIdInPath, empty, json_response
from handlers.bootstrap_console import KeepMembers

router = routes()

_TAGS = ["Members"]
_AUDIT = ["Audit trail"]


@router.get("/members", summary="The tenant's people", tags=_TAGS, operation_id="listMembers")
def get_members() -> MemberList:
    return _listed(tenant(router))


@router.post(
    "/members",
    summary="Invite somebody, or remind them",
    tags=_TAGS,
    operation_id="inviteMember",
    status_code=HTTPStatus.CREATED,
)
def post_member(member: Annotated[NewMember, Body()]) -> Response[ToldMember]:
    return _invited(tenant(router), member)


@router.patch("/members/<subject>", summary="Give another role", tags=_TAGS, operation_id="changeMember")
def patch_member(subject: SubjectInPath, change: Annotated[MemberChange, Body()]) -> ToldMember:
    return _changed(tenant(router), subject, change)


@router.delete(
    "/members/<subject>",
    summary="Let somebody in no more",
    tags=_TAGS,
    operation_id="removeMember",
    status_code=HTTPStatus.NO_CONTENT,
)
def delete_member(subject: SubjectInPath) -> Response[None]:
    return _removed(tenant(router), subject)


@router.get("/audit-trail", summary="Who did what", tags=_AUDIT, operation_id="listAuditTrail")
def get_audit_trail(cursor: Cursor = None, limit: Limit = 50) -> AuditList:
    return _trail(tenant(router, Role.TENANT_ADMIN, Role.OPERATOR), cursor, limit)


@router.get("/operator/audit-trail", summary="What operators did", tags=_AUDIT, operation_id="listOperatorsAuditTrail")
def get_operators_audit_trail(cursor: Cursor = None, limit: Limit = 50) -> AuditList:
    return _trail(None, cursor, limit)


@router.get(
    "/operator/tenants/<tenant_id>/audit-trail",
    summary="Who did what at one tenant",
    tags=_AUDIT,
    operation_id="listAnyTenantsAuditTrail",
)
def get_any_audit_trail(tenant_id: TenantIdInPath, cursor: Cursor = None, limit: Limit = 50) -> AuditList:
    return _trail(TenantId(tenant_id), cursor, limit)


@router.get(
    "/operator/tenants/<tenant_id>/members",
    summary="One tenant's people",
    tags=_TAGS,
    operation_id="listAnyTenantsMembers",
)
def get_any_members(tenant_id: TenantIdInPath) -> MemberList:
    return _listed(TenantId(tenant_id))


@router.post(
    "/operator/tenants/<tenant_id>/members",
    summary="Let a tenant's first admin in",
    tags=_TAGS,
    operation_id="inviteAnyTenantsMember",
    status_code=HTTPStatus.CREATED,
)
def post_any_member(tenant_id: TenantIdInPath, member: Annotated[NewMember, Body()]) -> Response[ToldMember]:
    return _invited(TenantId(tenant_id), member)


@router.patch(
    "/operator/tenants/<tenant_id>/members/<subject>",
    summary="Give another role",
    tags=_TAGS,
    operation_id="changeAnyTenantsMember",
)
def patch_any_member(
    tenant_id: TenantIdInPath, subject: SubjectInPath, change: Annotated[MemberChange, Body()]
) -> ToldMember:
    return _changed(TenantId(tenant_id), subject, change)


@router.delete(
    "/operator/tenants/<tenant_id>/members/<subject>",
    summary="Let somebody in no more",
    tags=_TAGS,
    operation_id="removeAnyTenantsMember",
    status_code=HTTPStatus.NO_CONTENT,
)
def delete_any_member(tenant_id: TenantIdInPath, subject: SubjectInPath) -> Response[None]:
    return _removed(TenantId(tenant_id), subject)


def _listed(tenant_id: TenantId) -> MemberList:
    found = list_members(principal(router), tenant_id, ports=_ports())
    return MemberList(items=[told_member(member) for member in found])


def _invited(tenant_id: TenantId, new: NewMember) -> Response[ToldMember]:
    member = invite(principal(router), tenant_id, new.email, new.name, Role(new.role), now=now(router), ports=_ports())
    return json_response(told_member(member), HTTPStatus.CREATED)


def _changed(tenant_id: TenantId, subject: str, change: MemberChange) -> ToldMember:
    role = Role(change.role)
    return told_member(change_role(principal(router), tenant_id, subject, role, now=now(router), ports=_ports()))


def _removed(tenant_id: TenantId, subject: str) -> Response[None]:
    remove(principal(router), tenant_id, subject, now=now(router), ports=_ports())
    return empty()


def _ports() -> KeepMembers:
    return ports(router, KeepMembers)


def _trail(tenant_id: TenantId | None, cursor: str | None, limit: int) -> AuditList:
    position = opened(router, cursor)
    trail: AuditTrail = ports(router, AuditTrail)  # type: ignore[type-abstract]  # bundles are found by their class
    page = trail.page(tenant_id, limit, position["entry"] if position else None)
    return told_trail(page, sealed(router, {"entry": page.next_position} if page.next_position else None))
