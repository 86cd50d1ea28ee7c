"""A tenant's own webhook: one row of the tenants table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_audit_trail import DynamoAuditTrail
from adapters.dynamodb_transactions import put, transact, update
from adapters.dynamodb_values import from_item, time_of, time_text, to_item
from domain.audit_trail import AuditEntry
from domain.tenant_webhooks import PLACE_HELD_FOR, EventKind, TenantWebhook
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

    def take_place(self, tenant_id: TenantId, at: datetime, most: int) -> int | None:
        place, now = 1, time_text(at)
        for _ in range(most):
            name = _place(place)
            taken = update(
                self._table,
                keys.tenant_webhook(tenant_id),
                {name: time_text(at + PLACE_HELD_FOR)},
                condition=f"attribute_exists(#sk) AND (attribute_not_exists(#{name}) OR #{name} < :now)",
                values={":now": now},
            )
            stored = self._write(taken, "take a place")
            if stored is None:
                return place
            free = [one for one in range(1, most + 1) if stored and stored.get(_place(one), "") < now]
            if not free:
                return None
            place = free[0]
        return None

    def note_taken(self, tenant_id: TenantId, place: int, at: datetime) -> None:
        self._note(tenant_id, {"deliveredAt": time_text(at)}, {}, (_place(place), "failures", "pausedUntil"))

    def note_failure(self, tenant_id: TenantId, place: int, at: datetime, failure: str, paused_until: datetime) -> None:
        noted = {"failedAt": time_text(at), "failure": failure, "pausedUntil": time_text(paused_until)}
        self._note(tenant_id, noted, {"failures": 1}, (_place(place),))

    def _note(
        self, tenant_id: TenantId, sets: Mapping[str, str], adds: Mapping[str, int], removes: tuple[str, ...]
    ) -> None:
        noted = update(
            self._table,
            keys.tenant_webhook(tenant_id),
            sets,
            adds=adds,
            removes=removes,
            condition="attribute_exists(#sk)",
        )
        self._write(noted, "note a delivery")

    def _write(self, action: Mapping[str, Any], what: str) -> Mapping[str, Any] | None:
        """None once it is written; the row as it is, where that was not as it had to be."""
        with translated(what):
            try:
                client("dynamodb").update_item(**action["Update"], ReturnValuesOnConditionCheckFailure="ALL_OLD")
            except ClientError as error:
                if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                    raise
                stored: Any = error.response.get("Item", {})
                return from_item(stored)
        return None


def _place(number: int) -> str:
    return f"place{number}"


def _webhook_of(row: Mapping[str, Any]) -> TenantWebhook:
    return TenantWebhook(
        url=row["url"],
        kinds=frozenset(map(EventKind, row["kinds"])),
        enabled=row["enabled"],
        delivered_at=time_of(row["deliveredAt"]) if "deliveredAt" in row else None,
        failed_at=time_of(row["failedAt"]) if "failedAt" in row else None,
        failure=row.get("failure", ""),
        failures=int(row.get("failures", 0)),
        paused_until=time_of(row["pausedUntil"]) if "pausedUntil" in row else None,
    )
