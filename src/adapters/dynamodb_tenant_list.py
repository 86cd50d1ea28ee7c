"""Every tenant's id: an operator's question, never one of a request."""

from __future__ import annotations

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_values import from_item, to_item
from domain.tenants import TenantId


def tenant_ids(table: str) -> list[TenantId]:
    with translated("list the tenants"):
        pages = (
            client("dynamodb")
            .get_paginator("scan")
            .paginate(
                TableName=table,
                FilterExpression="sk = :profile",
                ProjectionExpression="tenantId",
                ExpressionAttributeValues=to_item({":profile": keys.PROFILE}),
                ConsistentRead=True,
            )
        )
        return sorted(TenantId(from_item(item)["tenantId"]) for page in pages for item in page["Items"])
