"""`OptOuts`, in memory."""

from __future__ import annotations

from domain.customers import CustomerIdentity
from domain.opt_out import OptOut
from domain.tenants import TenantId
from tests.fakes.store import Store


class FakeOptOuts:
    def __init__(self, store: Store) -> None:
        self._store = store

    def current(self, tenant_id: TenantId, identity: CustomerIdentity) -> OptOut | None:
        with self._store.lock:
            keys = self._store.opt_out_keys(tenant_id, identity)
            found = (self._store.opt_outs.get((tenant_id, key)) for key in keys)
            return max(filter(None, found), key=lambda opt_out: opt_out.rank, default=None)

    def keep(self, tenant_id: TenantId, identity: CustomerIdentity, opt_out: OptOut) -> None:
        with self._store.lock:
            self._store.keep_opt_out(tenant_id, identity, opt_out)
