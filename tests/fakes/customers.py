"""`Customers`, in memory."""

from __future__ import annotations

from domain.customers import CustomerId, CustomerIdentity
from domain.tenants import TenantId
from tests.fakes.store import Store


class FakeCustomers:
    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, tenant_id: TenantId, identity: CustomerIdentity) -> CustomerId | None:
        with self._store.lock:
            known = (self._store.known_by(tenant_id, key) for key in identity.keys)
            return next((customer.customer_id for customer in known if customer), None)
