"""A tenant's inbox, over the state rows of its conversations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_batches import get_items
from adapters.dynamodb_inbox_lines import line_of
from adapters.dynamodb_transactions import update, write_alone
from adapters.dynamodb_values import from_item, time_of, to_item
from domain.customers import CustomerId
from domain.inbox import Folder, InboxFilter, InboxLine, InboxMark, InboxPage
from domain.tenants import TenantId

_LOOKED_THROUGH = 500
"""Conversations of one page that is filtered: half of what one query brings at most."""


class DynamoInbox:
    def __init__(self, conversations_table: str) -> None:
        self._table = conversations_table

    def page(
        self, tenant_id: TenantId, folder: Folder, only: InboxFilter, after: InboxMark | None, limit: int
    ) -> InboxPage:
        query = self._query(tenant_id, folder, _LOOKED_THROUGH if only.asks else limit)
        if after is not None:
            query["ExclusiveStartKey"] = to_item(keys.inbox_entry(tenant_id, folder, after))
        with translated("list conversations"):
            found = client("dynamodb").query(**query)
        lines = [line for line in map(line_of, map(from_item, found["Items"])) if only.takes(line)]
        if len(lines) > limit:
            last = lines[limit - 1]
            return InboxPage(tuple(lines[:limit]), InboxMark(last.conversation.last_inbound_at, last.customer_id))
        rest = found.get("LastEvaluatedKey")
        return InboxPage(tuple(lines), _mark_of(from_item(rest)) if rest else None)

    def _query(self, tenant_id: TenantId, folder: Folder, most: int) -> Any:
        return {
            "TableName": self._table,
            "IndexName": "InboxIndex",
            "KeyConditionExpression": "inbox = :inbox",
            "ExpressionAttributeValues": to_item({":inbox": keys.inbox(tenant_id, folder)}),
            "ScanIndexForward": False,
            "Limit": most,
        }

    def lines(self, tenant_id: TenantId, customer_ids: Sequence[CustomerId]) -> list[InboxLine]:
        states = [keys.state(tenant_id, customer_id) for customer_id in dict.fromkeys(customer_ids)]
        rows = get_items(self._table, states) if states else []
        return [line_of(row) for row in rows if "owner" in row]

    def mark_seen(self, tenant_id: TenantId, customer_id: CustomerId, inbound: int) -> None:
        seen = update(
            self._table,
            keys.state(tenant_id, customer_id),
            {"seen": inbound},
            condition="#inbound >= :seen AND (attribute_not_exists(#seen) OR #seen < :seen)",
        )
        write_alone(seen, "note what has been seen")

    def count(self, tenant_id: TenantId, folder: Folder, most: int) -> int:
        with translated("count conversations"):
            return client("dynamodb").query(**self._query(tenant_id, folder, most), Select="COUNT")["Count"]


def _mark_of(key: dict[str, Any]) -> InboxMark:
    customer_id = keys.customer_of_conversation(key["conversationId"])
    return InboxMark(time_of(key["lastInboundAt"]), customer_id)
