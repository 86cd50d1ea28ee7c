"""Conversations that were resolved before the resolved ones had a partition of their own in the index."""

from __future__ import annotations

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_transactions import update, write_alone
from adapters.dynamodb_values import from_item, to_item
from domain.customers import CustomerId
from domain.inbox import Folder
from domain.tenants import TenantId


def file_resolved(conversations_table: str, tenant_id: TenantId) -> int:
    """Puts them among the resolved, and says how many. One that is opened again meanwhile stays where it is."""
    listed = keys.inbox(tenant_id, Folder.ASSISTANT)
    with translated("list conversations"):
        pages = (
            client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=conversations_table,
                IndexName="InboxIndex",
                KeyConditionExpression="inbox = :inbox",
                FilterExpression="resolved = :resolved",
                ExpressionAttributeValues=to_item({":inbox": listed, ":resolved": True}),
            )
        )
        found = [CustomerId(from_item(item)["customerId"]) for page in pages for item in page["Items"]]
    return sum(_filed(conversations_table, tenant_id, customer_id, listed) for customer_id in found)


def _filed(table: str, tenant_id: TenantId, customer_id: CustomerId, listed: str) -> bool:
    moved = update(
        table,
        keys.state(tenant_id, customer_id),
        {"inbox": keys.inbox(tenant_id, Folder.RESOLVED)},
        condition="#inbox = :listed AND #resolved = :resolved",
        values={":listed": listed, ":resolved": True},
    )
    return write_alone(moved, "list a conversation as resolved") is None
