"""Use case: a person looks for products by what stands in their title or number.

Not the search of the assistant, which ranks what a question may mean: who keeps a catalogue looks for the very words.
"""

from __future__ import annotations

from collections.abc import Sequence

from domain.catalogue import Product, ProductId
from domain.keep_products import KeepProductsPorts, list_products
from domain.languages import fold
from domain.tenants import TenantId

_AT_ONCE = 1000
_CALLS = 3


def look_up_products(
    tenant_id: TenantId, words: str, after: ProductId | None, most: int, *, ports: KeepProductsPorts
) -> tuple[Sequence[Product], ProductId | None]:
    """Of the next some thousands. With the id behind which the search goes on; None where all have been looked at."""
    found: list[Product] = []
    wanted = fold(words).split()
    for _ in range(_CALLS):
        page, last = list_products(tenant_id, after, _AT_ONCE, ports=ports)
        for product in page:
            told = fold(f"{product.title} {product.product_id} {product.category}")
            if all(word in told for word in wanted):
                found.append(product)
            if len(found) == most:
                return found, product.product_id
        if last is None:
            return found, None
        after = last
    return found, after
