"""The catalogue in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.dynamodb_batches import delete_items, get_items, partition, put_items
from adapters.dynamodb_values import time_of, time_text
from domain.catalogue import Money, Product, ProductId, Sale
from domain.tenants import TenantId


class DynamoProducts:
    def __init__(self, table: str) -> None:
        self._table = table

    def put(self, tenant_id: TenantId, products: Sequence[Product]) -> None:
        put_items(self._table, [row_of(tenant_id, product) for product in products])

    def ids(self, tenant_id: TenantId) -> Iterator[ProductId]:
        for row in partition(self._table, "tenantId", tenant_id, ProjectionExpression="productId"):
            yield ProductId(row["productId"])

    def get(self, tenant_id: TenantId, product_ids: Sequence[ProductId]) -> list[Product]:
        rows = get_items(self._table, [keys.product(tenant_id, product_id) for product_id in product_ids])
        return [product_of(row) for row in rows]

    def all(self, tenant_id: TenantId) -> Iterator[Product]:
        return map(product_of, partition(self._table, "tenantId", tenant_id))

    def delete(self, tenant_id: TenantId, product_ids: Sequence[ProductId]) -> None:
        delete_items(self._table, [keys.product(tenant_id, product_id) for product_id in product_ids])


def read_products(table: str, tenant_id: TenantId) -> list[Product]:
    return list(DynamoProducts(table).all(tenant_id))


def put_products(table: str, tenant_id: TenantId, products: Iterable[Product]) -> None:
    """Stores or replaces each product."""
    DynamoProducts(table).put(tenant_id, list(products))


def product_of(row: dict[str, Any]) -> Product:
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


def row_of(tenant_id: TenantId, product: Product) -> dict[str, Any]:
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
