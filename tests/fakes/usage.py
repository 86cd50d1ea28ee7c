"""`Usage` and `UsageWatch`, in memory: nothing is remembered, so nothing is late."""

from __future__ import annotations

from collections.abc import Mapping

from domain.account_alerts import AccountAlert
from domain.monthly_usage import MonthUsage
from domain.plans import Threshold
from domain.tenants import TenantId
from tests.fakes.number_states import owe
from tests.fakes.store import Store


class FakeUsage:
    def __init__(self, store: Store) -> None:
        self._store = store

    def month(self, tenant_id: TenantId, month: str) -> MonthUsage:
        store, key = self._store, (tenant_id, month)
        with store.lock:
            counters, warned = dict(store.usage.get(key, {})), dict(store.warned.get(key, {}))
            return MonthUsage(month, counters, warned, store.last_message_at.get(key))

    def months(self, tenant_id: TenantId, first: str, last: str) -> list[MonthUsage]:
        with self._store.lock:
            counted = sorted(month for owner, month in self._store.usage if owner == tenant_id)
        return [self.month(tenant_id, month) for month in counted if first <= month <= last]


class FakeUsageWatch:
    def __init__(self, store: Store) -> None:
        self._store = store

    def so_far(self, tenant_id: TenantId, month: str) -> MonthUsage:
        return FakeUsage(self._store).month(tenant_id, month)

    def add(self, tenant_id: TenantId, month: str, counters: Mapping[str, int]) -> None:
        """They are in the rows already."""

    def warn(self, tenant_id: TenantId, month: str, threshold: Threshold, plan: str, alert: AccountAlert) -> bool:
        store = self._store
        with store.lock:
            told = store.warned[tenant_id, month]
            if told.get(threshold) == plan:
                return False
            told[threshold] = plan
            owe(store, alert)
            return True
