"""A tenant's customers, as the index by last interaction lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_customers import customer_of
from adapters.dynamodb_erasures import read_row
from adapters.dynamodb_opt_outs import opt_out_of
from adapters.dynamodb_values import from_item, time_of, time_text, to_item
from domain.customer_book import CustomerMark, CustomerPage, KeptCustomer
from domain.customers import CustomerIdentity
from domain.tenants import TenantId


class DynamoCustomerBook:
    def __init__(self, customers_table: str) -> None:
        self._table = customers_table

    def page(self, tenant_id: TenantId, after: CustomerMark | None, limit: int) -> CustomerPage:
        start: dict[str, Any] = {}
        if after is not None:
            at = time_text(after.last_interaction)
            start_key = {"tenantId": tenant_id, "lastInteraction": at, **keys.filed(tenant_id, after.key)}
            start = {"ExclusiveStartKey": to_item(start_key)}
        found = self._newest(tenant_id, {"Limit": limit, **start})
        rest = found.get("LastEvaluatedKey")
        return CustomerPage(tuple(map(_kept, found["Items"])), _mark_of(from_item(rest)) if rest else None)

    def newest(self, tenant_id: TenantId) -> Sequence[KeptCustomer]:
        return [_kept(item) for item in self._newest(tenant_id, {})["Items"]]

    def _newest(self, tenant_id: TenantId, more: dict[str, Any]) -> Any:
        with translated("list customers"):
            return client("dynamodb").query(
                TableName=self._table,
                IndexName="TenantCustomersIndex",
                KeyConditionExpression="tenantId = :tenant",
                ExpressionAttributeValues=to_item({":tenant": tenant_id}),
                ScanIndexForward=False,
                **more,
            )

    def of(self, tenant_id: TenantId, identity: CustomerIdentity) -> KeptCustomer | None:
        for key in identity.keys:
            row = read_row(self._table, keys.filed(tenant_id, key))
            if "aliasOf" in row:
                row = read_row(self._table, {"phoneNumber": row["aliasOf"]})
            if "customerId" in row:
                return _of_row(row)
        return None


def _kept(item: Mapping[str, Any]) -> KeptCustomer:
    return _of_row(from_item(item))


def _of_row(row: Mapping[str, Any]) -> KeptCustomer:
    return KeptCustomer(customer_of(row), opt_out_of(row))


def _mark_of(key: Mapping[str, Any]) -> CustomerMark:
    return CustomerMark(time_of(key["lastInteraction"]), keys.filed_under(key["phoneNumber"]))
