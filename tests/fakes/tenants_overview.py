"""`TenantsOverview`, in memory."""

from __future__ import annotations

from collections.abc import Sequence

from domain.templates import STOPPED
from domain.tenants import TenantId
from domain.tenants_overview import OverviewRow, TenantHealth
from tests.fakes.store import Store
from tests.fakes.tenants import FakeTenants
from tests.fakes.usage import FakeUsage

PAGE = 25


class FakeTenantsOverview:
    def __init__(self, store: Store, tenants: FakeTenants) -> None:
        self._store = store
        self._tenants = tenants

    def page(self, after: TenantId | None, month: str) -> tuple[Sequence[OverviewRow], TenantId | None]:
        listed = sorted(tenant_id for tenant_id in self._tenants.ids if after is None or tenant_id > after)
        rows = [row for tenant_id in listed[:PAGE] if (row := self.one(tenant_id, month))]
        return rows, listed[PAGE - 1] if len(listed) > PAGE else None

    def one(self, tenant_id: TenantId, month: str) -> OverviewRow | None:
        tenant = self._tenants.tenant(tenant_id)
        if tenant is None:
            return None
        store = self._store
        with store.lock:
            paused = {number: pause.code for (owner, number), pause in store.pauses.items() if owner == tenant_id}
            words = {kind: word for (owner, kind), word in store.words.items() if owner == tenant_id}
            templates = {
                f"{template.name} · {template.language}": template.status
                for (owner, *_), template in sorted(store.templates.items())
                if owner == tenant_id and template.status in STOPPED
            }
        return OverviewRow(tenant, TenantHealth(paused, words, templates), FakeUsage(store).month(tenant_id, month))
