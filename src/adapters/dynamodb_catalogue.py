"""The catalogue in DynamoDB, and a search that reads a tenant's whole catalogue into the worker.

Right for some hundreds of products; the port is what the deeper search of a later release stands behind.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_values import from_item, time_of, time_text, to_item
from domain.catalogue import Hit, Money, Product, ProductId, Sale
from domain.errors import ServiceUnavailableError
from domain.product_search import rank
from domain.tenants import TenantId

CACHE_SECONDS = 60
_MOST_CATALOGUES = 100
_WRITE_BATCH = 25
_WRITES_AT_ONCE = 8
_WRITE_TRIES = 10
_FIRST_PAUSE_SECONDS = 0.05


class DynamoCatalogueSearch:
    """Every product that it finds has the price of that moment: a sale has begun, or is over."""

    def __init__(
        self,
        products_table: str,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._table = products_table
        self._clock = clock
        self._now = now
        self._catalogues: dict[TenantId, tuple[float, dict[ProductId, Product]]] = {}

    def search(self, tenant_id: TenantId, question: str, limit: int) -> list[Hit]:
        hits, now = rank(list(self._catalogue(tenant_id).values()), question, limit), self._now()
        return [Hit(hit.product.at(now), hit.score) for hit in hits]

    def product(self, tenant_id: TenantId, product_id: ProductId) -> Product | None:
        found = self._catalogue(tenant_id).get(product_id)
        return found.at(self._now()) if found else None

    def _catalogue(self, tenant_id: TenantId) -> dict[ProductId, Product]:
        cached = self._catalogues.get(tenant_id)
        if cached is not None and cached[0] > self._clock():
            return cached[1]
        if len(self._catalogues) >= _MOST_CATALOGUES:
            self._catalogues.clear()
        products = {product.product_id: product for product in read_products(self._table, tenant_id) if product.active}
        self._catalogues[tenant_id] = (self._clock() + CACHE_SECONDS, products)
        return products


class DynamoProducts:
    """Several batches at once: a feed of 100,000 products is 4,000 of them."""

    def __init__(self, table: str) -> None:
        self._table = table

    def put(self, tenant_id: TenantId, products: Sequence[Product]) -> None:
        self._write([{"PutRequest": {"Item": to_item(_row_of(tenant_id, product))}} for product in products])

    def ids(self, tenant_id: TenantId) -> Iterator[ProductId]:
        for row in _rows(self._table, tenant_id, "productId"):
            yield ProductId(row["productId"])

    def delete(self, tenant_id: TenantId, product_ids: Sequence[ProductId]) -> None:
        self._write(
            [{"DeleteRequest": {"Key": to_item(keys.product(tenant_id, product_id))}} for product_id in product_ids]
        )

    def _write(self, requests: Sequence[dict[str, Any]]) -> None:
        batches = [requests[start : start + _WRITE_BATCH] for start in range(0, len(requests), _WRITE_BATCH)]
        with ThreadPoolExecutor(_WRITES_AT_ONCE) as pool:
            for _ in pool.map(self._write_batch, batches):
                pass

    def _write_batch(self, requests: Sequence[dict[str, Any]]) -> None:
        """What DynamoDB leaves undone because it is pressed for room is offered again, after a growing pause."""
        pending: Any = {self._table: requests}
        for attempt in range(_WRITE_TRIES):
            with translated("store products"):
                pending = client("dynamodb").batch_write_item(RequestItems=pending).get("UnprocessedItems")
            if not pending:
                return
            time.sleep(random.uniform(0, _FIRST_PAUSE_SECONDS * 2**attempt))  # noqa: S311 (spreads retries, hides nothing)
        raise ServiceUnavailableError("store products: the table takes no more for now")


def read_products(table: str, tenant_id: TenantId) -> list[Product]:
    return [_product_of(row) for row in _rows(table, tenant_id)]


def put_products(table: str, tenant_id: TenantId, products: Iterable[Product]) -> None:
    """Stores or replaces each product."""
    DynamoProducts(table).put(tenant_id, list(products))


def _rows(table: str, tenant_id: TenantId, attributes: str | None = None) -> Iterator[dict[str, Any]]:
    projection: dict[str, Any] = {"ProjectionExpression": attributes} if attributes else {}
    with translated("read a catalogue"):
        pages = (
            client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=table,
                KeyConditionExpression="tenantId = :tenant",
                ExpressionAttributeValues=to_item({":tenant": tenant_id}),
                **projection,
            )
        )
        for page in pages:
            yield from (from_item(item) for item in page["Items"])


def _product_of(row: dict[str, Any]) -> Product:
    stock = row.get("stock")
    return Product(
        product_id=ProductId(row["productId"]),
        title=row["title"],
        price=Money(int(row["priceMinor"]), row["currency"]),
        description=row.get("description", ""),
        category=row.get("category", ""),
        link=row.get("link", ""),
        language=row.get("language", ""),
        available=row["available"],
        stock=None if stock is None else int(stock),
        active=row["active"],
        image_link=row.get("imageLink", ""),
        attributes=row.get("attributes", {}),
        sale=_sale_of(row),
    )


def _sale_of(row: Mapping[str, Any]) -> Sale | None:
    if "salePriceMinor" not in row:
        return None
    starts, ends = (time_of(row[name]) if name in row else None for name in ("saleStarts", "saleEnds"))
    return Sale(Money(int(row["salePriceMinor"]), row["currency"]), starts, ends)


def _row_of(tenant_id: TenantId, product: Product) -> dict[str, Any]:
    return {
        **keys.product(tenant_id, product.product_id),
        "title": product.title,
        "priceMinor": product.price.minor,
        "currency": product.price.currency,
        "description": product.description or None,
        "category": product.category or None,
        "link": product.link or None,
        "language": product.language or None,
        "available": product.available,
        "stock": product.stock,
        "active": product.active,
        "imageLink": product.image_link or None,
        "attributes": dict(product.attributes) or None,
        **_sale_attributes(product.sale),
    }


def _sale_attributes(sale: Sale | None) -> dict[str, Any]:
    if sale is None:
        return {}
    return {
        "salePriceMinor": sale.price.minor,
        "saleStarts": time_text(sale.starts) if sale.starts else None,
        "saleEnds": time_text(sale.ends) if sale.ends else None,
    }
