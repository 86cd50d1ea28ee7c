"""Use case: a product is looked at, changed or taken out by hand, beside whatever imports do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from domain.catalogue import Product, ProductId, Sale
from domain.errors import ChangedMeanwhileError, ContentionError, InvalidInputError, NotFoundError
from domain.feed_rows import FeedRow
from domain.ports_catalogue import ProductRows
from domain.product_feed import FaultyRowError, FeedDefaults, parse_price, parse_product
from domain.tenants import TenantId
from domain.versions import version_of

P = TypeVar("P", Product, Product | None)

_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class KeepProductsPorts:
    products: ProductRows


def described_product(told: Mapping[str, str]) -> Product:
    """Of what is told under the names of a feed's columns, by the rules of an import. Raises `InvalidInputError`."""
    try:
        return parse_product(FeedRow(1, told), FeedDefaults("", ""))
    except FaultyRowError as error:
        raise InvalidInputError("", "; ".join(error.reasons)) from error


def with_sale(product: Product, amount: str, starts: datetime | None, ends: datetime | None) -> Product:
    """Raises `InvalidInputError`."""
    if any(at is not None and at.tzinfo is None for at in (starts, ends)):
        raise InvalidInputError("/sale", "times need a time zone, as 2026-11-20T08:00:00Z")
    if starts is not None and ends is not None and ends <= starts:
        raise InvalidInputError("/sale/ends", "it ends before it begins")
    try:
        price = parse_price(amount, product.price.currency)
    except ValueError as error:
        raise InvalidInputError("/sale/amount", str(error)) from error
    return replace(product, sale=Sale(price, starts, ends))


def list_products(
    tenant_id: TenantId, after: ProductId | None, limit: int, *, ports: KeepProductsPorts
) -> tuple[Sequence[Product], ProductId | None]:
    """With the id behind which the list goes on; None at its end."""
    page = ports.products.page(tenant_id, after, limit + 1)
    return page[:limit], page[limit - 1].product_id if len(page) > limit else None


def find_product(tenant_id: TenantId, product_id: ProductId, *, ports: KeepProductsPorts) -> Product:
    """Raises `NotFoundError`."""
    found = ports.products.find(tenant_id, product_id)
    if found is None:
        raise NotFoundError("there is no such product")
    return found


def put_product(tenant_id: TenantId, product: Product, if_version: str | None, *, ports: KeepProductsPorts) -> bool:
    """Makes or replaces it; says whether it is new. Raises `ChangedMeanwhileError` where `if_version` is another."""
    seen, _ = _change(tenant_id, product.product_id, if_version, lambda _: product, ports.products)
    return seen is None


def amend_product(
    tenant_id: TenantId,
    product_id: ProductId,
    amend: Callable[[Product], Product],
    if_version: str | None,
    *,
    ports: KeepProductsPorts,
) -> Product:
    """Raises `NotFoundError`, `ChangedMeanwhileError`, and what `amend` raises."""

    def amended(seen: Product | None) -> Product:
        if seen is None:
            raise NotFoundError("there is no such product")
        return amend(seen)

    return _change(tenant_id, product_id, if_version, amended, ports.products)[1]


def remove_product(
    tenant_id: TenantId, product_id: ProductId, if_version: str | None, *, ports: KeepProductsPorts
) -> None:
    """What is gone can go again. Raises `ChangedMeanwhileError`."""

    def gone(_: Product | None) -> Product | None:
        return None

    _change(tenant_id, product_id, if_version, gone, ports.products)


def _change(
    tenant_id: TenantId,
    product_id: ProductId,
    if_version: str | None,
    change: Callable[[Product | None], P],
    products: ProductRows,
) -> tuple[Product | None, P]:
    """As it was and as it is. Without a version the newest wins: it is tried again on what others made of it."""
    for _ in range(_ATTEMPTS):
        seen = products.find(tenant_id, product_id)
        if if_version is not None and (seen is None or version_of(seen) != if_version):
            raise ChangedMeanwhileError("the product is no longer as it was seen")
        changed = change(seen)
        if products.replace(tenant_id, seen, changed):
            return seen, changed
    raise ContentionError("others kept changing this product")
