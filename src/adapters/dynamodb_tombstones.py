"""Tombstones in the customers table: what stays of who was erased, and the condition on which anybody becomes known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.dynamodb_values import time_of, time_text, to_item
from domain.customers import CustomerId
from domain.opt_out import OptOut
from domain.tenants import TenantId
from domain.tombstones import Tombstone, hashed


def tombstone_of(row: Mapping[str, Any] | None, opt_out: OptOut | None = None) -> Tombstone | None:
    if not row:
        return None
    return Tombstone(
        erased_at=time_of(row["erasedAt"]),
        next_customer_id=CustomerId(row["nextCustomerId"]),
        opt_out=opt_out,
        unfinished=CustomerId(row["unfinished"]) if "unfinished" in row else None,
    )


def tombstone_check(table: str, tenant_id: TenantId, identity: str, seen: Tombstone | None) -> dict[str, Any]:
    """The `ConditionCheck` of a transaction that makes somebody known who was not: they are as erased as was seen.

    A refusal brings the tombstone.
    """
    check: dict[str, Any] = {
        "TableName": table,
        "Key": to_item(keys.tombstone(tenant_id, hashed(tenant_id, identity))),
        "ConditionExpression": "attribute_not_exists(phoneNumber)",
    }
    if seen is not None:
        values = to_item({":erasedAt": time_text(seen.erased_at)})
        check |= {"ConditionExpression": "erasedAt = :erasedAt", "ExpressionAttributeValues": values}
    return {"ConditionCheck": check}
