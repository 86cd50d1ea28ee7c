"""Who was erased in the new system does not come back out of the old one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_values import from_item, time_of, to_item
from domain.tenants import TenantId
from domain.tombstones import hashed
from ops.migrate.transforms.context import Erased


def erased(customers_table: str) -> Erased:
    """As the tombstones stand now. A slow hash is made only where the tenant has any."""
    since = dict(_tombstones(customers_table))
    tenants = {key.split("#", 1)[0] for key in since}

    def covers(tenant_id: TenantId, identity: str, at: datetime) -> bool:
        if tenant_id not in tenants:
            return False
        erased_at = since.get(keys.tombstone(tenant_id, hashed(tenant_id, identity))["phoneNumber"])
        return erased_at is not None and at <= erased_at

    return covers


def _tombstones(table: str) -> Iterator[tuple[str, datetime]]:
    with translated("look for tombstones"):
        pages = (
            client("dynamodb")
            .get_paginator("scan")
            .paginate(
                TableName=table,
                FilterExpression="contains(phoneNumber, :erased)",
                ExpressionAttributeValues=to_item({":erased": "#erased#"}),
                ConsistentRead=True,
            )
        )
        for page in pages:
            for row in map(from_item, page["Items"]):
                yield row["phoneNumber"], time_of(row["erasedAt"])
