"""What of a catalogue is read by its ids alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from domain.catalogue import Product, ProductId
from domain.tenants import TenantId


class ProductLookup(Protocol):
    def get(self, tenant_id: TenantId, product_ids: Sequence[ProductId]) -> list[Product]:
        """Those of them that there are, active or not, in no order."""
