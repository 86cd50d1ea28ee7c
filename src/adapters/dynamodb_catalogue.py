"""The catalogue in DynamoDB, and a search that reads a tenant's whole catalogue into the worker.

Right for some hundreds of products; the port is what the deeper search of a later release stands behind.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_values import from_item, to_item
from domain.catalogue import Hit, Money, Product, ProductId
from domain.product_search import rank
from domain.tenants import TenantId

CACHE_SECONDS = 60
_MOST_CATALOGUES = 100
_WRITE_BATCH = 25


class DynamoCatalogueSearch:
    def __init__(self, products_table: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._table = products_table
        self._clock = clock
        self._catalogues: dict[TenantId, tuple[float, dict[ProductId, Product]]] = {}

    def search(self, tenant_id: TenantId, question: str, limit: int) -> list[Hit]:
        return rank(list(self._catalogue(tenant_id).values()), question, limit)

    def product(self, tenant_id: TenantId, product_id: ProductId) -> Product | None:
        return self._catalogue(tenant_id).get(product_id)

    def _catalogue(self, tenant_id: TenantId) -> dict[ProductId, Product]:
        cached = self._catalogues.get(tenant_id)
        if cached is not None and cached[0] > self._clock():
            return cached[1]
        if len(self._catalogues) >= _MOST_CATALOGUES:
            self._catalogues.clear()
        products = {product.product_id: product for product in read_products(self._table, tenant_id) if product.active}
        self._catalogues[tenant_id] = (self._clock() + CACHE_SECONDS, products)
        return products


def read_products(table: str, tenant_id: TenantId) -> list[Product]:
    with translated("read a catalogue"):
        pages = (
            client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=table,
                KeyConditionExpression="tenantId = :tenant",
                ExpressionAttributeValues=to_item({":tenant": tenant_id}),
            )
        )
        return [_product_of(from_item(item)) for page in pages for item in page["Items"]]


def put_products(table: str, tenant_id: TenantId, products: Iterable[Product]) -> None:
    """Stores or replaces each product."""
    requests = [{"PutRequest": {"Item": to_item(_row_of(tenant_id, product))}} for product in products]
    with translated("store products"):
        for start in range(0, len(requests), _WRITE_BATCH):
            pending: Any = {table: requests[start : start + _WRITE_BATCH]}
            while pending:
                pending = client("dynamodb").batch_write_item(RequestItems=pending).get("UnprocessedItems")


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
    )


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
    }
