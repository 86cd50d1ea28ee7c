"""`Tombstones`, in memory."""

from __future__ import annotations

from collections.abc import Iterable

from domain.tenants import TenantId
from domain.tombstones import Tombstone
from tests.fakes.store import Store


class FakeTombstones:
    def __init__(self, store: Store) -> None:
        self._store = store

    def newest(self, tenant_id: TenantId, identities: Iterable[str]) -> Tombstone | None:
        with self._store.lock:
            found = [self._store.tombstones.get((tenant_id, identity)) for identity in identities]
            return max((one for one in found if one), key=lambda one: one.erased_at, default=None)
