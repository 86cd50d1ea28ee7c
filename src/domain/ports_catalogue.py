"""What those need who keep a tenant's catalogue by hand, product by product."""

from __future__ import annotations

from typing import Protocol

from domain.catalogue import Product, ProductId
from domain.tenants import TenantId


class ProductRows(Protocol):
    def find(self, tenant_id: TenantId, product_id: ProductId) -> Product | None:
        """As it is now, read consistently."""

    def page(self, tenant_id: TenantId, after: ProductId | None, limit: int) -> list[Product]:
        """Ordered by id, at most so many, from behind `after`; fewer than `limit` at the end alone."""

    def replace(self, tenant_id: TenantId, seen: Product | None, product: Product | None) -> bool:
        """Stores `product` in the place of `seen`, or makes or removes it where one of them is None.

        False, and nothing written, where it is no longer what was seen, in whatever detail.
        """
