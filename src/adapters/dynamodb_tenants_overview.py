"""All sellers with their health and their month, in two calls for each page: one index, one batch over two tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_batches import get_items, get_items_of
from adapters.dynamodb_month_usage import spill_keys, usage_of
from adapters.dynamodb_tenant_health import health_of
from adapters.dynamodb_tenants import tenant_of
from adapters.dynamodb_values import from_item, to_item
from domain.tenants import TenantId
from domain.tenants_overview import OverviewRow

PAGE = 25
"""Four rows of each: as many as one batch takes."""

Row = Mapping[str, Any]


class DynamoTenantsOverview:
    def __init__(self, tenants_table: str, usage_table: str) -> None:
        self._tenants = tenants_table
        self._usage = usage_table

    def page(self, after: TenantId | None, month: str) -> tuple[list[OverviewRow], TenantId | None]:
        start: Any = {"ExclusiveStartKey": to_item(keys.tenant_profile(after))} if after else {}
        with translated("list tenants"):
            found = client("dynamodb").query(
                TableName=self._tenants,
                IndexName="ProfilesIndex",
                KeyConditionExpression="sk = :profile",
                ExpressionAttributeValues=to_item({":profile": keys.PROFILE}),
                Limit=PAGE,
                **start,
            )
        tenant_ids = [TenantId(from_item(item)["tenantId"]) for item in found["Items"]]
        last = tenant_ids[-1] if "LastEvaluatedKey" in found else None
        return self._rows(tenant_ids, month), last

    def one(self, tenant_id: TenantId, month: str) -> OverviewRow | None:
        return next(iter(self._rows([tenant_id], month)), None)

    def _rows(self, tenant_ids: Sequence[TenantId], month: str) -> list[OverviewRow]:
        if not tenant_ids:
            return []
        found = get_items_of(
            {
                self._tenants: [
                    key(tenant_id) for tenant_id in tenant_ids for key in (keys.tenant_profile, keys.tenant_health)
                ],
                self._usage: [
                    key(tenant_id, month) for tenant_id in tenant_ids for key in (keys.usage, keys.usage_spilled)
                ],
            }
        )
        usage: defaultdict[TenantId, list[Row]] = defaultdict(list)
        spilled = spill_keys(found[self._usage], month)
        for row in (*found[self._usage], *(get_items(self._usage, spilled) if spilled else ())):
            usage[TenantId(row["tenantId"])].append(row)
        rows = {(row["tenantId"], row["sk"]): row for row in found[self._tenants]}
        listed = [(tenant_id, rows.get((tenant_id, keys.PROFILE))) for tenant_id in sorted(tenant_ids)]
        return [
            OverviewRow(
                tenant=tenant_of(profile),
                health=health_of(rows.get((tenant_id, keys.tenant_health(tenant_id)["sk"]), {})),
                usage=usage_of(month, usage[tenant_id]),
            )
            for tenant_id, profile in listed
            if profile is not None
        ]
