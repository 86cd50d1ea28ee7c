"""The search of the assistants: an index says which products a question may mean, the table what they are now.

So prices and stock are those of the turn, whatever the index knows; and an id that comes out of one tenant's index
can read that tenant's rows alone. A small catalogue is read whole: what was just imported is found at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from typing import Protocol, TypeGuard

from domain.catalogue import EVERYTHING, Hit, Product, ProductId, SearchFilter
from domain.errors import ServiceUnavailableError
from domain.ports import Products
from domain.product_indexes import ProductIndexVersion
from domain.product_search import rank
from domain.tenants import TenantId

SMALL = 100
"""Products of a catalogue that is read whole."""
POINTER_SECONDS = 5
"""How long a worker goes on with the index that it knows of."""
SMALL_SECONDS = 60
"""How long one is not asked for where the catalogue needs none. One that has outgrown this shows it when it is read."""
FRESH_SECONDS = 2
"""How long what was read is believed, and never beyond the turn: one turn asks several times, for search and guard."""
_CANDIDATES = 50
_MOST_WITHOUT_INDEX = 1000
_MOST_REMEMBERED = 1000


def _nobody() -> None:
    """Who is not told."""


class Index(Protocol):
    """Of all tenants."""

    def in_use(self, tenant_id: TenantId) -> ProductIndexVersion | None: ...

    def candidates(
        self, tenant_id: TenantId, version: ProductIndexVersion, question: str, limit: int, only: SearchFilter
    ) -> list[ProductId] | None:
        """Best first; None where this version is not to be had."""


class IndexedCatalogueSearch:
    def __init__(  # noqa: PLR0913 (two clocks, and whom to tell)
        self,
        products: Products,
        index: Index,
        *,
        small: int = SMALL,
        on_unindexed: Callable[[], None] = _nobody,
        clock: Callable[[], float] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`on_unindexed` is told of each search that had to do without the index of a large catalogue."""
        self._products = products
        self._index = index
        self._small = small
        self._on_unindexed = on_unindexed
        self._clock = clock or time.monotonic
        self._now = now
        self._versions: dict[TenantId, tuple[float, ProductIndexVersion | None]] = {}  # and when each was read
        self._rows: dict[tuple[TenantId, ProductId], tuple[float, Product]] = {}
        self._whole: tuple[TenantId, float, list[Product]] | None = None

    def begin_turn(self) -> None:
        self._rows.clear()
        self._whole = None

    def search(self, tenant_id: TenantId, question: str, limit: int, only: SearchFilter = EVERYTHING) -> list[Hit]:
        return rank(self._of_now(self._candidates(tenant_id, question, only), only), question, limit)

    def product(self, tenant_id: TenantId, product_id: ProductId) -> Product | None:
        found = self._of_now(self._get(tenant_id, [product_id]), EVERYTHING)
        return found[0] if found else None

    def whole(self, tenant_id: TenantId) -> list[Product] | None:
        if self._is_large(self._version(tenant_id)):
            return None
        products = self._read(tenant_id)
        return self._of_now(products, EVERYTHING) if len(products) <= self._small else None

    def _of_now(self, products: Iterable[Product], only: SearchFilter) -> list[Product]:
        """With the prices of this moment: a sale has begun, or is over."""
        now = self._now()
        priced = (product.at(now) for product in products if product.active)
        return [product for product in priced if only.admits(product)]

    def _candidates(self, tenant_id: TenantId, question: str, only: SearchFilter) -> list[Product]:
        found = self._by_index(tenant_id, question, only)
        if found is None and self._outgrew(tenant_id):
            found = self._by_index(tenant_id, question, only)
        if found is not None:
            return found
        products = self._read(tenant_id)
        if len(products) > self._small:
            self._on_unindexed()
        return products

    def _by_index(self, tenant_id: TenantId, question: str, only: SearchFilter) -> list[Product] | None:
        version = self._version(tenant_id)
        if not self._is_large(version):
            return None
        found = self._found(tenant_id, version, question, only)
        if found is None:
            return None
        ranks = {product_id: rank for rank, product_id in enumerate(found)}
        return sorted(self._get(tenant_id, found), key=lambda product: ranks[product.product_id])

    def _is_large(self, version: ProductIndexVersion | None) -> TypeGuard[ProductIndexVersion]:
        return version is not None and version.products > self._small

    def _outgrew(self, tenant_id: TenantId) -> bool:
        """Whether a catalogue is large by now, and there may be an index of it that this worker has not heard of."""
        read_at, _ = self._versions.get(tenant_id, (0.0, None))
        if len(self._read(tenant_id)) <= self._small or self._clock() < read_at + POINTER_SECONDS:
            return False
        self._versions.pop(tenant_id, None)
        return True

    def _found(
        self, tenant_id: TenantId, version: ProductIndexVersion, question: str, only: SearchFilter
    ) -> list[ProductId] | None:
        """None where there is no index to be had just now: the catalogue is read instead."""
        with suppress(ServiceUnavailableError):
            found = self._index.candidates(tenant_id, version, question, _CANDIDATES, only)
            if found is None:  # another has come into use, and this one has gone
                self._versions.pop(tenant_id, None)
                newer = self._version(tenant_id)
                if newer is not None and newer != version:
                    found = self._index.candidates(tenant_id, newer, question, _CANDIDATES, only)
            return found
        return None

    def _version(self, tenant_id: TenantId) -> ProductIndexVersion | None:
        if tenant_id in self._versions:
            read_at, known = self._versions[tenant_id]
            if self._clock() < read_at + (POINTER_SECONDS if self._is_large(known) else SMALL_SECONDS):
                return known
        if len(self._versions) >= _MOST_REMEMBERED:
            self._versions.clear()
        version = self._index.in_use(tenant_id)
        self._versions[tenant_id] = (self._clock(), version)
        return version

    def _read(self, tenant_id: TenantId) -> list[Product]:
        if self._whole is None or self._whole[0] != tenant_id or self._whole[1] <= self._clock():
            products = list(islice(self._products.all(tenant_id), _MOST_WITHOUT_INDEX))
            self._whole = (tenant_id, self._remembered(tenant_id, products), products)
        return self._whole[2]

    def _get(self, tenant_id: TenantId, product_ids: Sequence[ProductId]) -> list[Product]:
        """From the table what this turn has not read, or not just now."""
        now = self._clock()
        rows = {product_id: self._rows.get((tenant_id, product_id)) for product_id in product_ids}
        known = [row[1] for row in rows.values() if row and row[0] > now]
        unknown = [product_id for product_id, row in rows.items() if not row or row[0] <= now]
        if not unknown:
            return known
        read = self._products.get(tenant_id, unknown)
        self._remembered(tenant_id, read)
        return known + read

    def _remembered(self, tenant_id: TenantId, products: Iterable[Product]) -> float:
        """Until when."""
        until = self._clock() + FRESH_SECONDS
        self._rows |= {(tenant_id, product.product_id): (until, product) for product in products}
        return until
