"""Whether a number may send, and what Meta says of it: on the number's row, with the alert that tells of it.

The alert is a row of the conversations table, where the sweeper finds what is due. One transaction writes both, so
whoever marks the number owes the alert, and nobody else does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from adapters import dynamodb_keys as keys
from adapters import dynamodb_tenant_health
from adapters.aws_clients import client, translated
from adapters.dynamodb_audit_trail import DynamoAuditTrail
from adapters.dynamodb_transactions import put, transact, update
from adapters.dynamodb_values import from_item, storable, time_of, time_text, to_item
from domain.account_alerts import AccountAlert, AlertKind, Severity
from domain.audit_trail import AuditEntry
from domain.pausing import paused_alert, resumed_alert
from domain.tenants import PhoneNumberId, SendingPause, TenantId, WhatsAppNumber

_KEPT_FOR = timedelta(days=400)
_MOST_TITLE = 500

_PAUSE = ("sendingPausedAt", "sendingPausedCode", "sendingPausedTitle", "sendingPausedToken")
_FLAGS = {
    AlertKind.ACCOUNT_UPDATE: "accountUpdate",
    AlertKind.QUALITY_UPDATE: "qualityUpdate",
    AlertKind.ACCOUNT_ALERT: "accountAlert",
}
"""Attributes of the number's row: Meta's newest word of each kind, its time (`…At`) and its weight (`…Severity`)."""


class DynamoNumberStates:
    def __init__(self, tenants_table: str, conversations_table: str) -> None:
        self._tenants = tenants_table
        self._conversations = conversations_table
        self._trail = DynamoAuditTrail(conversations_table)

    def pause(self, tenant_id: TenantId, number: WhatsAppNumber, pause: SendingPause) -> AccountAlert | None:
        alert = paused_alert(tenant_id, number, pause)
        row = update(
            self._tenants,
            keys.tenant_number(tenant_id, number.phone_number_id),
            {
                "sendingPausedAt": time_text(pause.at),
                "sendingPausedCode": pause.code,
                "sendingPausedTitle": storable(pause.title, _MOST_TITLE),
                "sendingPausedToken": pause.token_fingerprint,
            },
            condition="attribute_exists(tenantId) AND attribute_not_exists(#sendingPausedAt) AND "
            "(attribute_not_exists(#sendingResumedAt) OR #sendingResumedAt < :sendingPausedAt)",
        )
        health = dynamodb_tenant_health.paused(self._tenants, tenant_id, number.phone_number_id, pause)
        return None if transact([row, health, owed_alert(self._conversations, alert)]) else alert

    def resume(
        self, tenant_id: TenantId, number: WhatsAppNumber, at: datetime, entry: AuditEntry | None = None
    ) -> AccountAlert | None:
        pause = number.sending_pause
        if pause is None:
            return None
        alert = resumed_alert(tenant_id, number, at)
        row = update(
            self._tenants,
            keys.tenant_number(tenant_id, number.phone_number_id),
            {"sendingResumedAt": time_text(at)},
            removes=_PAUSE,
            condition="#sendingPausedAt = :since",
            values={":since": time_text(pause.at)},
        )
        health = dynamodb_tenant_health.resumed(self._tenants, tenant_id, number.phone_number_id)
        trail = [self._trail.written(entry)] if entry else []
        return None if transact([row, health, owed_alert(self._conversations, alert), *trail]) else alert

    def flag(self, tenant_id: TenantId, alert: AccountAlert) -> None:
        # First: whoever dies behind it owes the alert, and its record comes back.
        transact([owed_alert(self._conversations, alert)])
        transact([dynamodb_tenant_health.said(self._tenants, tenant_id, alert)])
        for row in self._numbers(tenant_id):
            if _concerns(alert, row):
                self._show(tenant_id, PhoneNumberId(row["phoneNumberId"]), alert)

    def pending(self, tenant_id: TenantId, alert_id: str) -> AccountAlert | None:
        key: Any = to_item(keys.account_alert(tenant_id, alert_id))
        with translated("read an alert"):
            found = client("dynamodb").get_item(TableName=self._conversations, Key=key, ConsistentRead=True)
        row = from_item(found.get("Item", {}))
        return _alert_of(row) if row and not row["published"] else None

    def told(self, tenant_id: TenantId, alert: AccountAlert) -> None:
        key = keys.account_alert(tenant_id, alert.alert_id)
        with translated("note that an alert is published"):
            client("dynamodb").update_item(
                **update(self._conversations, key, {"published": True}, removes=("due", "dueAt"))["Update"]
            )

    def every_number(self) -> list[dict[str, Any]]:
        """Of all sellers, for an operator: the rows with all that is known of their sending. Reads the whole index."""
        with translated("list the numbers"):
            pages = (
                client("dynamodb")
                .get_paginator("scan")
                .paginate(TableName=self._tenants, IndexName="PhoneNumberIdIndex")
            )
            return [from_item(item) for page in pages for item in page["Items"]]

    def _numbers(self, tenant_id: TenantId) -> list[dict[str, Any]]:
        with translated("list a tenant's numbers"):
            pages = (
                client("dynamodb")
                .get_paginator("query")
                .paginate(
                    TableName=self._tenants,
                    KeyConditionExpression="tenantId = :tenant AND begins_with(sk, :number)",
                    ExpressionAttributeValues=to_item(
                        {":tenant": tenant_id, ":number": keys.tenant_number(tenant_id, PhoneNumberId(""))["sk"]}
                    ),
                    ConsistentRead=True,
                )
            )
            return [from_item(item) for page in pages for item in page["Items"]]

    def _show(self, tenant_id: TenantId, phone_number_id: PhoneNumberId, alert: AccountAlert) -> None:
        flag, at = _FLAGS[alert.kind], time_text(alert.at)
        key = keys.tenant_number(tenant_id, phone_number_id)
        values = {flag: alert.event, f"{flag}At": at, f"{flag}Severity": alert.severity}
        newest = f"attribute_exists(tenantId) AND (attribute_not_exists(#{flag}At) OR #{flag}At < :{flag}At)"
        transact([update(self._tenants, key, values, condition=newest)])


def owed_alert(conversations_table: str, alert: AccountAlert) -> dict[str, Any]:
    """The `Put` of a transaction: once for each id, and due until it is published."""
    item = {
        **keys.account_alert(alert.tenant_id, alert.alert_id),
        "tenantId": alert.tenant_id,
        "alertId": alert.alert_id,
        "kind": alert.kind,
        "severity": alert.severity,
        "at": time_text(alert.at),
        "wabaId": alert.waba_id,
        "phoneNumberId": alert.phone_number_id,
        "event": alert.event,
        "code": alert.code,
        "published": False,
        "due": keys.due_alert(alert.alert_id),
        "dueAt": time_text(alert.at),
        "expiresAt": int((alert.at + _KEPT_FOR).timestamp()),
    }
    return put(conversations_table, item, "attribute_not_exists(conversationId)")


def _concerns(alert: AccountAlert, row: Mapping[str, Any]) -> bool:
    if alert.display_phone_number is not None:
        return _digits(alert.display_phone_number) == _digits(row["displayPhoneNumber"])
    return bool(row["wabaId"] == alert.waba_id)


def _digits(phone_number: str) -> str:
    """Meta writes a business's number with and without `+`, blanks and dashes."""
    return "".join(filter(str.isdigit, phone_number))


def _alert_of(row: Mapping[str, Any]) -> AccountAlert:
    return AccountAlert(
        alert_id=row["alertId"],
        tenant_id=TenantId(row["tenantId"]),
        kind=AlertKind(row["kind"]),
        severity=Severity(row["severity"]),
        at=time_of(row["at"]),
        waba_id=row["wabaId"],
        phone_number_id=PhoneNumberId(row["phoneNumberId"]) if "phoneNumberId" in row else None,
        event=row.get("event"),
        code=int(row["code"]) if "code" in row else None,
    )
