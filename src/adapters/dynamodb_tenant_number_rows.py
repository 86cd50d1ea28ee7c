"""A tenant's WhatsApp numbers in DynamoDB, for those who connect them.

Beside each number's row stands a claim under the number alone, put in the same transaction: two tenants cannot get it
at once. Numbers from before there were claims are found by the index.
"""

from __future__ import annotations

from typing import Any

from adapters import dynamodb_keys as keys
from adapters import dynamodb_tenant_health
from adapters.aws_clients import client, translated
from adapters.dynamodb_audit_trail import DynamoAuditTrail
from adapters.dynamodb_tenants import number_of, number_row
from adapters.dynamodb_transactions import transact, update
from adapters.dynamodb_values import from_item, time_text, to_item
from domain.audit_trail import AuditEntry
from domain.tenants import PhoneNumberId, TenantId, WhatsAppNumber

_UNCLAIMED_OR_OURS = "attribute_not_exists(#owner) OR #owner = :owner"


class DynamoTenantNumberRows:
    def __init__(self, tenants_table: str, conversations_table: str) -> None:
        self._table = tenants_table
        self._trail = DynamoAuditTrail(conversations_table)

    def of_tenant(self, tenant_id: TenantId) -> list[WhatsAppNumber]:
        """One query: by its sort key the profile comes soon behind the numbers."""
        with translated("list numbers"):
            pages = (
                client("dynamodb")
                .get_paginator("query")
                .paginate(
                    TableName=self._table,
                    KeyConditionExpression="tenantId = :tenant AND sk BETWEEN :number AND :profile",
                    ExpressionAttributeValues=to_item(
                        {":tenant": tenant_id, ":number": keys.NUMBER, ":profile": keys.PROFILE}
                    ),
                    ConsistentRead=True,
                )
            )
            rows = [from_item(item) for page in pages for item in page["Items"]]
        profile = next((row for row in rows if row["sk"] == keys.PROFILE), None)
        return [number_of(row, profile) for row in rows if profile and row["sk"].startswith(keys.NUMBER)]

    def is_free(self, tenant_id: TenantId, phone_number_id: PhoneNumberId) -> bool:
        key: Any = to_item(keys.number_claim(phone_number_id))
        with translated("look whose a number is"):
            claim = client("dynamodb").get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item", {})
            listed = client("dynamodb").query(
                TableName=self._table,
                IndexName="PhoneNumberIdIndex",
                KeyConditionExpression="phoneNumberId = :number",
                ExpressionAttributeValues=to_item({":number": phone_number_id}),
            )
        owners = {from_item(item)["tenantId"] for item in listed["Items"]}
        return (owners | {from_item(claim).get("owner", tenant_id)}) <= {tenant_id}

    def connect(self, tenant_id: TenantId, number: WhatsAppNumber, entry: AuditEntry) -> bool:
        key = keys.tenant_number(tenant_id, number.phone_number_id)
        row = {name: value for name, value in number_row(number).items() if name not in key}
        told = {"qualityUpdate": number.quality, "qualityUpdateAt": time_text(entry.at)} if number.quality else {}
        claimed = update(
            self._table, keys.number_claim(number.phone_number_id), {"owner": tenant_id}, condition=_UNCLAIMED_OR_OURS
        )
        stored = update(self._table, key, row | told, removes=[name for name, value in row.items() if value is None])
        return not transact([claimed, stored, self._trail.written(entry)])

    def disconnect(self, tenant_id: TenantId, phone_number_id: PhoneNumberId, entry: AuditEntry) -> None:
        """Both deletions are conditional, and refused where the tenant has no such number; its pause goes with it."""
        gone = {
            "Delete": {
                "TableName": self._table,
                "Key": to_item(keys.tenant_number(tenant_id, phone_number_id)),
                "ConditionExpression": "attribute_exists(sk)",
            }
        }
        released = {
            "Delete": {
                "TableName": self._table,
                "Key": to_item(keys.number_claim(phone_number_id)),
                "ConditionExpression": _UNCLAIMED_OR_OURS,
                "ExpressionAttributeNames": {"#owner": "owner"},
                "ExpressionAttributeValues": to_item({":owner": tenant_id}),
            }
        }
        unpaused = dynamodb_tenant_health.resumed(self._table, tenant_id, phone_number_id)
        transact([gone, released, unpaused, self._trail.written(entry)])
