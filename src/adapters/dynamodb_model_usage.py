"""What models cost each tenant: among the month's counters."""

from __future__ import annotations

from adapters.dynamodb_transactions import transact_spilling
from adapters.dynamodb_usage import add_usages
from domain.model_use import ModelUse, Spent, spent
from domain.ports_usage import UsageWatch
from domain.tenants import TenantId
from domain.usage import UsageDelta


class DynamoModelUsage:
    """`watch`: the one that the seller's plan is held against, so that both are read once."""

    def __init__(self, usage_table: str, watch: UsageWatch) -> None:
        self._table = usage_table
        self._watch = watch

    def keep(self, tenant_id: TenantId, month: str, use: ModelUse) -> None:
        # A transaction, though of one item: boto3 gives it a token, so that a retry of its own does not count twice.
        delta = UsageDelta(month, use.counters)
        transact_spilling(lambda conflicts: add_usages(self._table, tenant_id, [delta], conflicts))
        self._watch.add(tenant_id, month, use.counters)

    def spent(self, tenant_id: TenantId, month: str) -> Spent:
        return spent(self._watch.so_far(tenant_id, month).counters)
