"""Every WhatsApp number of a tenant, or of all of them: an operator's question, never one of a request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_values import from_item, to_item
from domain.tenants import PhoneNumberId, TenantId


def phone_number_ids(table: str, tenant_id: TenantId | None) -> list[PhoneNumberId]:
    with translated("list the numbers"):
        pages = _of_all(table) if tenant_id is None else _of_one(table, tenant_id)
        rows = [from_item(item) for page in pages for item in page["Items"]]
    return sorted({PhoneNumberId(row["phoneNumberId"]) for row in rows})


def _of_one(table: str, tenant_id: TenantId) -> Iterator[Any]:
    yield from (
        client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=table,
            KeyConditionExpression="tenantId = :tenant AND begins_with(sk, :number)",
            ExpressionAttributeValues=to_item({":tenant": tenant_id, ":number": keys.NUMBER}),
        )
    )


def _of_all(table: str) -> Iterator[Any]:
    yield from (
        client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=table,
            FilterExpression="begins_with(sk, :number)",
            ExpressionAttributeValues=to_item({":number": keys.NUMBER}),
        )
    )
