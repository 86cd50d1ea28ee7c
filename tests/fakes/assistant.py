"""`Assistant` and `CatalogueSearch`, in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from domain.assistants import Answer, Draft, Turn
from domain.catalogue import EVERYTHING, Hit, Product, ProductId, SearchFilter
from domain.media import MediaKind
from domain.product_search import rank
from domain.tenants import TenantId


class FakeAssistant:
    """Says `draft`, or what `draft` makes of the turn, or raises it."""

    def __init__(self, draft: Draft | Exception | Callable[[Turn], Draft] | None = None) -> None:
        self.draft = draft or Answer("Blue mug: 12.50 USD, in stock (4)", ("MUG-1",))
        self.turns: list[Turn] = []
        self.takes: frozenset[MediaKind] = frozenset()

    def answer(self, turn: Turn) -> Draft:
        self.turns.append(turn)
        if isinstance(self.draft, Exception):
            raise self.draft
        return self.draft(turn) if callable(self.draft) else self.draft


class FakeCatalogueSearch:
    def __init__(
        self, catalogues: dict[TenantId, Iterable[Product]] | None = None, *, most_read_whole: int = 100
    ) -> None:
        self._catalogues = {tenant_id: list(products) for tenant_id, products in (catalogues or {}).items()}
        self._most_read_whole = most_read_whole
        self.turns = 0
        """It remembers nothing else."""

    def begin_turn(self) -> None:
        self.turns += 1

    def search(self, tenant_id: TenantId, question: str, limit: int, only: SearchFilter = EVERYTHING) -> list[Hit]:
        return rank([product for product in self._active(tenant_id) if only.admits(product)], question, limit)

    def product(self, tenant_id: TenantId, product_id: ProductId) -> Product | None:
        return next((product for product in self._active(tenant_id) if product.product_id == product_id), None)

    def whole(self, tenant_id: TenantId) -> list[Product] | None:
        products = self._active(tenant_id)
        return products if len(products) <= self._most_read_whole else None

    def get(self, tenant_id: TenantId, product_ids: Sequence[ProductId]) -> list[Product]:
        return [product for product in self._catalogues.get(tenant_id, []) if product.product_id in product_ids]

    def _active(self, tenant_id: TenantId) -> list[Product]:
        return [product for product in self._catalogues.get(tenant_id, []) if product.active]
