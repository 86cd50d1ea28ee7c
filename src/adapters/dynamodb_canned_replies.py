"""Canned replies in the tenants table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_values import from_item, storable, to_item
from domain.canned_replies import CannedReply
from domain.tenants import TenantId


class DynamoCannedReplies:
    def __init__(self, tenants_table: str) -> None:
        self._table = tenants_table

    def all(self, tenant_id: TenantId) -> Sequence[CannedReply]:
        with translated("read canned replies"):
            found = client("dynamodb").query(
                TableName=self._table,
                KeyConditionExpression="tenantId = :tenant AND begins_with(sk, :canned)",
                ExpressionAttributeValues=to_item({":tenant": tenant_id, ":canned": keys.CANNED}),
                ConsistentRead=True,
            )
        return [_reply_of(from_item(item)) for item in found["Items"]]

    def put(self, tenant_id: TenantId, reply: CannedReply) -> None:
        item = {
            **keys.canned(tenant_id, reply.reply_id),
            "shortcut": reply.shortcut,
            "title": storable(reply.title, len(reply.title)),
            "words": storable(reply.text, len(reply.text)),
            "language": reply.language,
        }
        with translated("keep a canned reply"):
            client("dynamodb").put_item(TableName=self._table, Item=to_item(item))

    def delete(self, tenant_id: TenantId, reply_id: str) -> None:
        key: Any = to_item(keys.canned(tenant_id, reply_id))
        with translated("delete a canned reply"):
            client("dynamodb").delete_item(TableName=self._table, Key=key)


def _reply_of(row: dict[str, Any]) -> CannedReply:
    return CannedReply(
        reply_id=row["sk"].removeprefix(keys.CANNED),
        shortcut=row["shortcut"],
        title=row["title"],
        text=row["words"],
        language=row["language"],
    )
