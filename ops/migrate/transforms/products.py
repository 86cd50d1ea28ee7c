"""A legacy product is read by the rules of a feed: one meaning for a price, whoever brings it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from adapters.dynamodb_catalogue import row_of
from adapters.dynamodb_values import time_text
from domain.feed_rows import FeedRow
from domain.product_feed import FaultyRowError, FeedDefaults, column_of, parse_product
from ops.migrate.legacy import LegacyRow, UnfitRowError, tenant_of
from ops.migrate.rows import ASIDE, TargetRow, Transformed
from ops.migrate.transforms.context import Context

_EVER = datetime.fromtimestamp(0, UTC)
_NAMES = {
    "id": ("productId", "product_id", "sku", "id"),
    "title": ("title", "name", "productName"),
    "price": ("price", "unitPrice"),
    "currency": ("currency",),
    "stock": ("stock", "stockQuantity", "inventory", "quantity"),
    "active": ("active", "isActive", "status"),
    "image_link": ("imageLink", "imageUrl", "image"),
    "link": ("link", "url", "productUrl"),
}
_USUAL = FeedDefaults("USD", "en")


def product(row: LegacyRow, context: Context) -> Transformed:
    tenant_id = tenant_of(row.text("tenantId", "tenant_id"))
    version = time_text(row.time("updatedAt", "lastUpdated", "updated_at", "createdAt", "created_at") or _EVER)
    fields = {name: text for name, names in _NAMES.items() if (text := _text(row.take(*names)))}
    available = row.flag("available", "inStock", "isAvailable")
    if available is not None:
        fields["availability"] = "in stock" if available else "out of stock"
    fields |= _as_in_a_feed(row)
    try:
        parsed = parse_product(FeedRow(0, fields), context.defaults.get(tenant_id, _USUAL))
    except FaultyRowError as error:
        raise UnfitRowError(str(error)) from error
    item = {**row_of(tenant_id, parsed), ASIDE: row.rest()}
    return Transformed([(TargetRow("products", item, version),)])


def _as_in_a_feed(row: LegacyRow) -> dict[str, str]:
    """Whatever else bears the name of a column: description, category, colour, size …"""
    named = {name: column_of(name) for name in list(row.unread()) if isinstance(row.values[name], (str, Decimal))}
    return {column: text for name, column in named.items() if column and (text := _text(row.take(name)))}


def _text(value: Any) -> str:
    if isinstance(value, Mapping):  # {"amount": 12.5, "currency": "EUR"}
        return " ".join(_parts(value))
    return "" if value is None or isinstance(value, (list, set)) else str(value).strip()


def _parts(value: Mapping[str, Any]) -> Iterator[str]:
    yield from (str(value[name]) for name in ("amount", "value", "currency") if value.get(name) is not None)
