"""Which index of a tenant's products is in use: one row of the tenants table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_transactions import put
from adapters.dynamodb_values import from_item, to_item
from domain.product_indexes import BuildNumber, IndexStore, ProductIndexVersion
from domain.tenants import TenantId


def numbered_from(tenants_table: str, tenant_id: TenantId, at: datetime) -> dict[str, Any]:
    """The row of a tenant who is let in now, for the transaction that does so. No build has a number of a former tenant
    of this id: by it queues tell asks apart, and workers the files that they hold.
    """
    return put(tenants_table, {**keys.product_index(tenant_id), "builds": int(at.timestamp())})


class DynamoIndexPointers:
    def __init__(self, tenants_table: str) -> None:
        self._table = tenants_table

    def begin(self, tenant_id: TenantId) -> BuildNumber:
        """Counted in one place: no clock says which of two builds has seen more."""
        with translated("begin an index"):
            counted = client("dynamodb").update_item(
                TableName=self._table,
                Key=self._key(tenant_id),
                UpdateExpression="ADD builds :one",
                ExpressionAttributeValues=to_item({":one": 1}),
                ReturnValues="UPDATED_NEW",
            )
        return BuildNumber(int(from_item(counted["Attributes"])["builds"]))

    def begun(self, tenant_id: TenantId) -> BuildNumber:
        """The last that has begun, read consistently; 0 before the first."""
        return BuildNumber(int(self._row(tenant_id, consistent=True).get("builds", 0)))

    def put_in_use(self, tenant_id: TenantId, version: ProductIndexVersion) -> bool:
        values = {
            ":build": version.build,
            ":model": version.model,
            ":products": version.products,
            ":store": version.store,
        }
        dynamodb = client("dynamodb")
        with translated("put an index in use"):
            try:
                dynamodb.update_item(
                    TableName=self._table,
                    Key=self._key(tenant_id),
                    UpdateExpression="SET build = :build, model = :model, products = :products, #store = :store",
                    ConditionExpression="attribute_not_exists(build) OR build <= :build",
                    ExpressionAttributeNames={"#store": "store"},
                    ExpressionAttributeValues=to_item(values),
                )
            except dynamodb.exceptions.ConditionalCheckFailedException:
                return False
        return True

    def in_use(self, tenant_id: TenantId) -> ProductIndexVersion | None:
        row = self._row(tenant_id, consistent=False)
        if "build" not in row:
            return None
        return ProductIndexVersion(
            BuildNumber(int(row["build"])), row["model"], int(row["products"]), IndexStore(row["store"])
        )

    def _row(self, tenant_id: TenantId, *, consistent: bool) -> dict[str, Any]:
        with translated("find an index"):
            found = client("dynamodb").get_item(
                TableName=self._table, Key=self._key(tenant_id), ConsistentRead=consistent
            )
        return from_item(found.get("Item", {}))

    @staticmethod
    def _key(tenant_id: TenantId) -> Any:
        return to_item(keys.product_index(tenant_id))
