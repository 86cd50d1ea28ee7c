"""Tenants' profiles in DynamoDB, for those who administer them: read consistently, changed attribute by attribute."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_audit_trail import DynamoAuditTrail
from adapters.dynamodb_batches import get_items
from adapters.dynamodb_index_pointers import numbered_from
from adapters.dynamodb_tenants import profile_row, tenant_of
from adapters.dynamodb_transactions import put, transact, update
from adapters.dynamodb_values import from_item, to_item
from domain.audit_trail import AuditEntry
from domain.tenants import Tenant, TenantId


class DynamoTenantProfiles:
    def __init__(self, tenants_table: str, conversations_table: str) -> None:
        self._table = tenants_table
        self._trail = DynamoAuditTrail(conversations_table)

    def find(self, tenant_id: TenantId) -> Tenant | None:
        row = self._row(tenant_id)
        return tenant_of(row) if row else None

    def create(self, tenant_id: TenantId, tenant: Tenant, entry: AuditEntry) -> bool:
        row = {**profile_row(tenant), **keys.tenant_profile(tenant_id)}
        made = put(self._table, row, "attribute_not_exists(tenantId)")
        return not transact([made, numbered_from(self._table, tenant_id, entry.at), self._trail.written(entry)])

    def save(self, tenant_id: TenantId, seen: Tenant, tenant: Tenant, entry: AuditEntry) -> bool:
        stored = self._row(tenant_id)
        if not stored or tenant_of(stored) != seen:
            return False
        before, after = profile_row(seen), profile_row(tenant)
        changed = {name: value for name, value in after.items() if value != before[name]}
        written = update(
            self._table,
            keys.tenant_profile(tenant_id),
            changed,
            removes=[name for name, value in changed.items() if value is None],
            **_as_stored(changed, stored),
        )
        return not transact([written, self._trail.written(entry)])

    def page(self, after: TenantId | None, limit: int) -> list[Tenant]:
        start: Any = {"ExclusiveStartKey": to_item(keys.tenant_profile(after))} if after else {}
        with translated("list tenants"):
            found = client("dynamodb").query(
                TableName=self._table,
                IndexName="ProfilesIndex",
                KeyConditionExpression="sk = :profile",
                ExpressionAttributeValues=to_item({":profile": keys.PROFILE}),
                Limit=limit,
                **start,
            )
        listed = [keys.tenant_profile(TenantId(from_item(item)["tenantId"])) for item in found["Items"]]
        return sorted(map(tenant_of, get_items(self._table, listed)), key=lambda tenant: tenant.tenant_id)

    def _row(self, tenant_id: TenantId) -> dict[str, Any]:
        key: Any = to_item(keys.tenant_profile(tenant_id))
        with translated("read a tenant"):
            found = client("dynamodb").get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return from_item(found.get("Item", {}))


def _as_stored(names: Mapping[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """The condition that these attributes are as they stand in the row: somebody may have written it by hand."""
    parts = [f"#{name} = :was_{name}" if name in stored else f"attribute_not_exists(#{name})" for name in names]
    values = {f":was_{name}": stored[name] for name in names if name in stored}
    return {"condition": " AND ".join(["attribute_exists(#tenantId)", *parts]), "values": values}
