"""The catalogue in DynamoDB, product by product. A change is conditional on the whole row as it was seen: imports write
rows too, and know nothing of versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_catalogue import product_of, row_of
from adapters.dynamodb_values import from_item, to_item
from domain.catalogue import Product, ProductId
from domain.tenants import TenantId


class DynamoProductRows:
    def __init__(self, table: str) -> None:
        self._table = table

    def find(self, tenant_id: TenantId, product_id: ProductId) -> Product | None:
        key: Any = to_item(keys.product(tenant_id, product_id))
        with translated("read a product"):
            found = client("dynamodb").get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return product_of(from_item(found["Item"])) if "Item" in found else None

    def page(self, tenant_id: TenantId, after: ProductId | None, limit: int) -> list[Product]:
        asked: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "tenantId = :tenant",
            "ExpressionAttributeValues": to_item({":tenant": tenant_id}),
        }
        if after is not None:
            asked["ExclusiveStartKey"] = to_item(keys.product(tenant_id, after))
        rows: list[dict[str, Any]] = []
        with translated("list products"):
            while len(rows) < limit:  # one answer holds a megabyte, however few rows that is
                found = client("dynamodb").query(**asked, Limit=limit - len(rows))
                rows += map(from_item, found["Items"])
                if "LastEvaluatedKey" not in found:
                    break
                asked["ExclusiveStartKey"] = found["LastEvaluatedKey"]
        return [product_of(row) for row in rows]

    def replace(self, tenant_id: TenantId, seen: Product | None, product: Product | None) -> bool:
        if seen is None and product is None:
            return True
        with translated("store a product"):
            try:
                self._write(tenant_id, seen, product)
            except ClientError as error:
                if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                    return False
                raise
        return True

    def _write(self, tenant_id: TenantId, seen: Product | None, product: Product | None) -> None:
        before = row_of(tenant_id, seen) if seen else {}
        condition = _as_seen(before)
        if product is not None:
            client("dynamodb").put_item(TableName=self._table, Item=to_item(row_of(tenant_id, product)), **condition)
        elif seen is not None:
            key: Any = to_item(keys.product(tenant_id, seen.product_id))
            client("dynamodb").delete_item(TableName=self._table, Key=key, **condition)


_ATTRIBUTES = (
    "title priceMinor currency description category link language available stock active imageLink attributes "
    "salePriceMinor saleStarts saleEnds"
).split()


def _as_seen(row: Mapping[str, Any]) -> dict[str, Any]:
    if not row:
        return {"ConditionExpression": "attribute_not_exists(productId)"}
    held = {name: row[name] for name in _ATTRIBUTES if row.get(name) is not None}
    parts = [f"#{name} = :{name}" if name in held else f"attribute_not_exists(#{name})" for name in _ATTRIBUTES]
    return {
        "ConditionExpression": " AND ".join(parts),
        "ExpressionAttributeNames": {f"#{name}": name for name in _ATTRIBUTES},
        "ExpressionAttributeValues": to_item({f":{name}": value for name, value in held.items()}),
    }
