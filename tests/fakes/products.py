"""A tenant's catalogue, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from domain.catalogue import Product, ProductId
from domain.tenants import TenantId


@dataclass(slots=True)
class FakeProducts:
    stored: dict[tuple[TenantId, ProductId], Product] = field(default_factory=dict)

    def put(self, tenant_id: TenantId, products: Sequence[Product]) -> None:
        self.stored |= {(tenant_id, product.product_id): product for product in products}

    def ids(self, tenant_id: TenantId) -> Iterable[ProductId]:
        return [product_id for owner, product_id in self.stored if owner == tenant_id]

    def get(self, tenant_id: TenantId, product_ids: Sequence[ProductId]) -> list[Product]:
        found = (self.stored.get((tenant_id, product_id)) for product_id in dict.fromkeys(product_ids))
        return [product for product in found if product is not None]

    def all(self, tenant_id: TenantId) -> Iterable[Product]:
        return [
            product
            for (owner, _), product in sorted(self.stored.items(), key=lambda entry: entry[0])
            if owner == tenant_id
        ]

    def delete(self, tenant_id: TenantId, product_ids: Sequence[ProductId]) -> None:
        for product_id in product_ids:
            self.stored.pop((tenant_id, product_id), None)
