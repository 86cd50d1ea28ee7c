"""A tenant's members, and operators' views, in the tenants table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_audit_trail import DynamoAuditTrail
from adapters.dynamodb_transactions import put, transact, update
from adapters.dynamodb_users import member_of, member_rows
from adapters.dynamodb_values import from_item, to_item
from domain.access import Role
from domain.audit_trail import AuditEntry
from domain.errors import AlreadyExistsError, ContentionError, ForbiddenError, NotAllowedError
from domain.members import Member, ViewAs
from domain.tenants import TenantId

_LAST_ADMIN = "somebody must be left who may invite: make another member an admin first"
_OWN_ROWS = 2
_ADMINS_LEFT = "#admins > :one"


class DynamoMembers:
    def __init__(self, tenants_table: str, conversations_table: str) -> None:
        self._table = tenants_table
        self._trail = DynamoAuditTrail(conversations_table)

    def member(self, tenant_id: TenantId, subject: str) -> Member | None:
        with translated("read a member"):
            found = client("dynamodb").get_item(
                TableName=self._table, Key=to_item(keys.member(tenant_id, subject)), ConsistentRead=True
            )
        return member_of(from_item(found["Item"])) if "Item" in found else None

    def members(self, tenant_id: TenantId) -> list[Member]:
        query = client("dynamodb").get_paginator("query")
        with translated("list members"):
            pages = query.paginate(
                TableName=self._table,
                KeyConditionExpression="tenantId = :tenant AND begins_with(sk, :members)",
                ExpressionAttributeValues=to_item({":tenant": tenant_id, ":members": keys.MEMBERS}),
                ConsistentRead=True,
            )
            return [member_of(from_item(item)) for page in pages for item in page["Items"]]

    def add(self, tenant_id: TenantId, member: Member, entry: AuditEntry) -> None:
        user, listed = (put(self._table, row, "attribute_not_exists(tenantId)") for row in member_rows(member))
        admins = update(self._table, keys.roll(tenant_id), {}, adds={"admins": int(member.role is Role.TENANT_ADMIN)})
        refusals = transact([user, listed, admins, self._trail.written(entry)])
        if refusals and any((refusal.stored or {}).get("memberOf") != tenant_id for refusal in refusals):
            raise AlreadyExistsError("this person is a member elsewhere")

    def change_role(self, tenant_id: TenantId, member: Member, role: Role, entry: AuditEntry) -> None:
        still: dict[str, Any] = {"condition": "#role = :before", "values": {":before": member.role}}
        changes = [
            update(self._table, key, {"role": role}, **still)
            for key in (keys.user(member.subject), keys.member(tenant_id, member.subject))
        ]
        self._write([*changes, *self._counted(tenant_id, member.role, role), self._trail.written(entry)])

    def remove(self, tenant_id: TenantId, member: Member, entry: AuditEntry) -> None:
        condition = {
            "ConditionExpression": "#role = :before",
            "ExpressionAttributeNames": {"#role": "role"},
            "ExpressionAttributeValues": to_item({":before": member.role}),
        }
        changes = [
            {"Delete": {"TableName": self._table, "Key": to_item(key), **condition}}
            for key in (keys.user(member.subject), keys.member(tenant_id, member.subject))
        ]
        self._write([*changes, *self._counted(tenant_id, member.role, None), self._trail.written(entry)])

    def _counted(self, tenant_id: TenantId, before: Role, after: Role | None) -> list[dict[str, Any]]:
        more = int(after is Role.TENANT_ADMIN) - int(before is Role.TENANT_ADMIN)
        if more < 0:
            condition: dict[str, Any] = {"condition": _ADMINS_LEFT, "values": {":one": 1}}
            return [update(self._table, keys.roll(tenant_id), {}, adds={"admins": more}, **condition)]
        return [update(self._table, keys.roll(tenant_id), {}, adds={"admins": more})] if more else []

    def _write(self, actions: Sequence[dict[str, Any]]) -> None:
        """The member's own two rows come first."""
        refusals = transact(actions)
        if any(refusal.index < _OWN_ROWS for refusal in refusals):
            raise ContentionError("this member has changed since they were read: read them again, then decide anew")
        if refusals:
            raise NotAllowedError(_LAST_ADMIN)


class DynamoViews:
    def __init__(self, tenants_table: str, conversations_table: str) -> None:
        self._table = tenants_table
        self._trail = DynamoAuditTrail(conversations_table)

    def put(self, subject: str, view: ViewAs | None, entries: Sequence[AuditEntry]) -> None:
        sets = {"viewsAs": view.tenant_id, "viewsUntil": int(view.until.timestamp())} if view else {}
        removes = () if view else ("viewsAs", "viewsUntil")
        changed = update(
            self._table,
            keys.user(subject),
            sets,
            removes=removes,
            condition="#role = :operator",
            values={":operator": Role.OPERATOR},
        )
        if transact([changed, *(self._trail.written(entry) for entry in entries)]):
            raise ForbiddenError("an operator alone views as a tenant")
