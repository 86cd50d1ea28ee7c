"""Orders on the rows of the conversations table: the cart on its message, its price on the note that confirms it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from adapters.dynamodb_values import storable
from domain.catalogue import Money
from domain.messages import Content, Order, OrderItem
from domain.orders import Difference, PricedLine, PricedOrder

_MOST_ITEMS = 200
"""The raw object holds whatever a sender puts beyond it."""
_MOST_ID = 512
_MOST_TITLE = 200
_MOST_DIGITS = 18


def order_attributes(content: Content) -> dict[str, Any]:
    if not isinstance(content, Order):
        return {}
    items = [
        {
            "productId": storable(item.product_retailer_id, _MOST_ID),
            "quantity": item.quantity,
            "price": None if item.item_price is None else str(item.item_price),
            "currency": None if item.currency is None else storable(item.currency, _MOST_DIGITS),
        }
        for item in content.product_items[:_MOST_ITEMS]
        if abs(item.quantity) < 10**_MOST_DIGITS
    ]
    return {"order": {"catalogId": storable(content.catalog_id, _MOST_ID), "items": items}}


def order_of(row: Mapping[str, Any]) -> Order | None:
    stored = row.get("order")
    if stored is None or row["direction"] != "in":
        return None
    items = (
        OrderItem(
            item["productId"],
            int(item["quantity"]),
            None if item["price"] is None else Decimal(item["price"]),
            item["currency"],
        )
        for item in stored["items"]
    )
    return Order(stored["catalogId"], tuple(items), row.get("words", ""))


def priced_attributes(order: PricedOrder | None, name: str = "order") -> dict[str, Any]:
    """`name`: `priced` on the row of the cart itself, whose `order` is what the customer sent."""
    if order is None:
        return {}
    lines = [line for line in order.lines[:_MOST_ITEMS] if abs(line.quantity) < 10**_MOST_DIGITS]
    return {name: [_line_row(line) for line in lines]}


def priced_of(row: Mapping[str, Any], name: str = "order") -> PricedOrder | None:
    return PricedOrder(tuple(_line_of(line) for line in row[name])) if name in row else None


def _line_row(line: PricedLine) -> dict[str, Any]:
    return {
        "productId": storable(line.product_id, _MOST_ID),
        "title": storable(line.title, _MOST_TITLE),
        "quantity": line.quantity,
        "toBeHad": line.to_be_had,
        "priceMinor": line.price.minor if line.price else None,
        "currency": line.price.currency if line.price else None,
        "seenPrice": None if line.seen_price is None else str(line.seen_price),
        "seenCurrency": None if line.seen_currency is None else storable(line.seen_currency, _MOST_DIGITS),
        "differences": list(line.differences),
    }


def _line_of(row: Mapping[str, Any]) -> PricedLine:
    return PricedLine(
        product_id=row["productId"],
        title=row["title"],
        quantity=int(row["quantity"]),
        to_be_had=int(row["toBeHad"]),
        price=None if row["priceMinor"] is None else Money(int(row["priceMinor"]), row["currency"]),
        seen_price=None if row["seenPrice"] is None else Decimal(row["seenPrice"]),
        seen_currency=row["seenCurrency"],
        differences=tuple(map(Difference, row["differences"])),
    )
