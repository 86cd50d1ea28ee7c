"""The audit trail in the conversations table, and what operators did on their own machines with it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_transactions import put
from adapters.dynamodb_values import from_item, storable, time_of, time_text, to_item
from domain.access import Role
from domain.audit_trail import AuditEntry, AuditPage
from domain.tenants import TenantId

KEPT_FOR = timedelta(days=400)
_MOST_CHARACTERS = 200


def expires_at(at: datetime) -> int:
    return int((at + KEPT_FOR).timestamp())


class DynamoAuditTrail:
    def __init__(self, conversations_table: str) -> None:
        self._table = conversations_table

    def write(self, entry: AuditEntry) -> None:
        with translated("write to the audit trail"):
            client("dynamodb").put_item(TableName=self._table, Item=to_item(_row(entry)))

    def written(self, entry: AuditEntry) -> dict[str, Any]:
        """The `Put` of a transaction, for what must not happen without it."""
        return put(self._table, _row(entry))

    def page(self, tenant_id: TenantId | None, limit: int, position: str | None = None) -> AuditPage:
        trail = keys.audit_trail(tenant_id)
        start: Any = {"ExclusiveStartKey": to_item({"conversationId": trail, "sk": position})} if position else {}
        with translated("read the audit trail"):
            found = client("dynamodb").query(
                TableName=self._table,
                KeyConditionExpression="conversationId = :trail",
                ExpressionAttributeValues=to_item({":trail": trail}),
                ScanIndexForward=False,
                Limit=limit,
                **start,
            )
        rows = [from_item(item) for item in found["Items"]]
        more = "LastEvaluatedKey" in found
        return AuditPage([_entry_of(row, tenant_id) for row in rows], rows[-1]["sk"] if more and rows else None)


def _row(entry: AuditEntry) -> dict[str, Any]:
    return {
        **keys.audit_entry(entry.tenant_id, time_text(entry.at), entry.entry_id),
        "entryId": entry.entry_id,
        "at": time_text(entry.at),
        "subject": entry.subject,
        "name": entry.name,
        "role": entry.role,
        "action": entry.action,
        "objectId": entry.object_id,
        "onBehalfOf": entry.on_behalf_of,
        "details": {name: storable(value, _MOST_CHARACTERS) for name, value in entry.details.items()},
        "expiresAt": expires_at(entry.at),
    }


def _entry_of(row: dict[str, Any], tenant_id: TenantId | None) -> AuditEntry:
    if "command" in row:
        return _of_operators_machine(row)
    return AuditEntry(
        at=time_of(row["at"]),
        tenant_id=tenant_id,
        subject=row["subject"],
        name=row["name"],
        role=Role(row["role"]),
        action=row["action"],
        object_id=row["objectId"],
        on_behalf_of=TenantId(row["onBehalfOf"]) if "onBehalfOf" in row else None,
        details=row["details"],
        entry_id=row["entryId"],
    )


def _of_operators_machine(row: dict[str, Any]) -> AuditEntry:
    """A row of `DynamoOperatorLog`: its reason may name a customer, and stays there."""
    counts = {name: str(int(count)) for name, count in row["counts"].items()}
    return AuditEntry(
        at=time_of(row["at"]),
        tenant_id=None,
        subject=row["identity"],
        name=row["operator"],
        role=Role.OPERATOR,
        action=row["command"],
        object_id=row["subject"],
        details={"state": row["state"], **counts},
        entry_id=row["actionId"],
    )
