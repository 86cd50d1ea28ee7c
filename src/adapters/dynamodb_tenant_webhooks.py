"""A tenant's own webhook: one row of the tenants table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_audit_trail import DynamoAuditTrail
from adapters.dynamodb_transactions import put, transact
from adapters.dynamodb_values import from_item, time_of, time_text, to_item
from domain.audit_trail import AuditEntry
from domain.tenant_webhooks import EventKind, TenantWebhook, WebhookDelivery
from domain.tenants import TenantId

_KEPT_FOR = timedelta(days=7)


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

    def note(self, tenant_id: TenantId, delivery: WebhookDelivery) -> None:
        """The webhook's row first: of who dies then, one line of the list is missing, and no more.

        Not in one transaction: several deliveries at once would be refused for each other's sake.
        """
        key: Any = to_item(keys.tenant_webhook(tenant_id))
        failure = delivery.failure
        changes = "SET failedAt = :at, failure = :failure" if failure else "SET deliveredAt = :at"
        values = {":at": time_text(delivery.at), **({":failure": failure} if failure else {})}
        row: Any = to_item(_delivery_row(tenant_id, delivery))
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
                return
            client("dynamodb").put_item(TableName=self._table, Item=row)

    def deliveries(self, tenant_id: TenantId, limit: int) -> list[WebhookDelivery]:
        with translated("list deliveries"):
            found = client("dynamodb").query(
                TableName=self._table,
                KeyConditionExpression="tenantId = :tenant AND begins_with(sk, :deliveries)",
                ExpressionAttributeValues=to_item({":tenant": tenant_id, ":deliveries": keys.WEBHOOK_DELIVERIES}),
                ScanIndexForward=False,
                Limit=limit,
                ConsistentRead=True,
            )
        return [_delivery_of(from_item(item)) for item in found["Items"]]


def _delivery_row(tenant_id: TenantId, delivery: WebhookDelivery) -> dict[str, Any]:
    return {
        **keys.webhook_delivery(tenant_id, delivery.at, delivery.event_id),
        "at": time_text(delivery.at),
        "eventId": delivery.event_id,
        "kind": delivery.kind,
        "failure": delivery.failure,
        "expiresAt": int((delivery.at + _KEPT_FOR).timestamp()),
    }


def _delivery_of(row: Mapping[str, Any]) -> WebhookDelivery:
    return WebhookDelivery(time_of(row["at"]), row["eventId"], row["kind"], row["failure"])


def _webhook_of(row: Mapping[str, Any]) -> TenantWebhook:
    return TenantWebhook(
        url=row["url"],
        kinds=frozenset(map(EventKind, row["kinds"])),
        enabled=row["enabled"],
        delivered_at=time_of(row["deliveredAt"]) if "deliveredAt" in row else None,
        failed_at=time_of(row["failedAt"]) if "failedAt" in row else None,
        failure=row.get("failure", ""),
    )
