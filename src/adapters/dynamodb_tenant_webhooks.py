"""A tenant's own webhook: one row of the tenants table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_audit_trail import DynamoAuditTrail
from adapters.dynamodb_transactions import put, transact
from adapters.dynamodb_values import from_item, time_of, time_text, to_item
from domain.audit_trail import AuditEntry
from domain.tenant_webhooks import EventKind, TenantWebhook
from domain.tenants import TenantId


class DynamoTenantWebhooks:
    def __init__(self, tenants_table: str, conversations_table: str) -> None:
        self._table = tenants_table
        self._trail = DynamoAuditTrail(conversations_table)

    def find(self, tenant_id: TenantId) -> TenantWebhook | None:
        key: Any = to_item(keys.tenant_webhook(tenant_id))
        with translated("read a webhook"):
            found = client("dynamodb").get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return _webhook_of(from_item(found["Item"])) if "Item" in found else None

    def put(self, tenant_id: TenantId, webhook: TenantWebhook, entry: AuditEntry) -> None:
        row = {
            **keys.tenant_webhook(tenant_id),
            "url": webhook.url,
            "kinds": sorted(webhook.kinds),
            "enabled": webhook.enabled,
        }
        transact([put(self._table, row), self._trail.written(entry)])

    def remove(self, tenant_id: TenantId, entry: AuditEntry) -> None:
        gone = {"TableName": self._table, "Key": to_item(keys.tenant_webhook(tenant_id))}
        transact([{"Delete": {**gone, "ConditionExpression": "attribute_exists(sk)"}}, self._trail.written(entry)])

    def note(self, tenant_id: TenantId, at: datetime, failure: str) -> None:
        key: Any = to_item(keys.tenant_webhook(tenant_id))
        changes = "SET failedAt = :at, failure = :failure" if failure else "SET deliveredAt = :at"
        values = {":at": time_text(at), **({":failure": failure} if failure else {})}
        with translated("note a delivery"):
            try:
                client("dynamodb").update_item(
                    TableName=self._table,
                    Key=key,
                    UpdateExpression=changes,
                    ConditionExpression="attribute_exists(sk)",
                    ExpressionAttributeValues=to_item(values),
                )
            except ClientError as error:
                if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                    raise


def _webhook_of(row: Mapping[str, Any]) -> TenantWebhook:
    return TenantWebhook(
        url=row["url"],
        kinds=frozenset(map(EventKind, row["kinds"])),
        enabled=row["enabled"],
        delivered_at=time_of(row["deliveredAt"]) if "deliveredAt" in row else None,
        failed_at=time_of(row["failedAt"]) if "failedAt" in row else None,
        failure=row.get("failure", ""),
    )
