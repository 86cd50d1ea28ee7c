"""A tenant's own webhook: a row of the tenants table, and for a week one of each attempt to send to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_audit_trail import DynamoAuditTrail
from adapters.dynamodb_transactions import put, transact, update, write_alone
from adapters.dynamodb_values import from_item, time_of, time_text, to_item
from domain.audit_trail import AuditEntry
from domain.tenant_webhooks import PLACE_HELD_FOR, EventKind, TenantWebhook, WebhookDelivery
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
            stored = write_alone(taken, "take a place")
            if stored is None:
                return place
            free = [one for one in range(1, most + 1) if stored and stored.get(_place(one), "") < now]
            if not free:
                return None
            place = free[0]
        return None

    def note_taken(self, tenant_id: TenantId, place: int | None, delivery: WebhookDelivery) -> None:
        cleared = (*_named(place), "failures", "pausedUntil")
        self._note(tenant_id, delivery, {"deliveredAt": time_text(delivery.at)}, {}, cleared)

    def note_failure(
        self, tenant_id: TenantId, place: int | None, delivery: WebhookDelivery, paused_until: datetime | None
    ) -> None:
        noted = {"failedAt": time_text(delivery.at), "failure": delivery.failure}
        paused = {} if paused_until is None else {"pausedUntil": time_text(paused_until)}
        self._note(tenant_id, delivery, noted | paused, {"failures": 1} if paused else {}, _named(place))

    def _note(
        self,
        tenant_id: TenantId,
        delivery: WebhookDelivery,
        sets: Mapping[str, str],
        adds: Mapping[str, int],
        removes: tuple[str, ...],
    ) -> None:
        """The webhook's row first: of who dies then, one line of the list is missing, and no more.

        Not in one transaction: several deliveries at once would be refused for each other's sake.
        """
        noted = update(
            self._table,
            keys.tenant_webhook(tenant_id),
            sets,
            adds=adds,
            removes=removes,
            condition="attribute_exists(#sk)",
        )
        if write_alone(noted, "note a delivery") is not None:
            return
        row: Any = to_item(_delivery_row(tenant_id, delivery))
        with translated("list a delivery"):
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


def _place(number: int) -> str:
    return f"place{number}"


def _named(place: int | None) -> tuple[str, ...]:
    return () if place is None else (_place(place),)


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
        failures=int(row.get("failures", 0)),
        paused_until=time_of(row["pausedUntil"]) if "pausedUntil" in row else None,
    )
