"""`ModelUsage`, in memory."""

from __future__ import annotations

from collections import Counter, defaultdict

from domain.model_use import ModelUse, Spent, spent
from domain.tenants import TenantId


class FakeModelUsage:
    def __init__(self) -> None:
        self.counters: defaultdict[tuple[TenantId, str], Counter[str]] = defaultdict(Counter)

    def keep(self, tenant_id: TenantId, month: str, use: ModelUse) -> None:
        self.counters[tenant_id, month].update(use.counters)

    def spent(self, tenant_id: TenantId, month: str) -> Spent:
        return spent(self.counters[tenant_id, month])
