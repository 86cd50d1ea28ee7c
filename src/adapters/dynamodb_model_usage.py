"""What models cost each tenant: among the month's counters."""

from __future__ import annotations

import time
from collections.abc import Callable

from adapters.dynamodb_transactions import transact_spilling
from adapters.dynamodb_usage import add_usages, read_usage
from domain.model_use import ModelUse, Spent, spent
from domain.tenants import TenantId
from domain.usage import UsageDelta

CACHE_SECONDS = 60
_MOST_REMEMBERED = 10_000


class DynamoModelUsage:
    def __init__(self, usage_table: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._table = usage_table
        self._clock = clock
        self._spent: dict[tuple[TenantId, str], tuple[float, Spent]] = {}

    def keep(self, tenant_id: TenantId, month: str, use: ModelUse) -> None:
        # A transaction, though of one item: boto3 gives it a token, so that a retry of its own does not count twice.
        delta = UsageDelta(month, use.counters)
        transact_spilling(lambda conflicts: add_usages(self._table, tenant_id, [delta], conflicts))
        known = self._spent.get((tenant_id, month))
        if known is not None:
            until, so_far = known
            added = spent(use.counters)
            total = Spent(so_far.tokens + added.tokens, so_far.micro_usd + added.micro_usd)
            self._spent[tenant_id, month] = until, total

    def spent(self, tenant_id: TenantId, month: str) -> Spent:
        known = self._spent.get((tenant_id, month))
        if known is not None and known[0] > self._clock():
            return known[1]
        if len(self._spent) >= _MOST_REMEMBERED:
            self._spent.clear()
        so_far = spent(read_usage(self._table, tenant_id, month))
        self._spent[tenant_id, month] = self._clock() + CACHE_SECONDS, so_far
        return so_far
