"""A priced cart, as events tell of it."""

from __future__ import annotations

from typing import Any

from domain.catalogue import Money
from domain.orders import PricedLine, PricedOrder

_MOST_LINES = 100
_MOST_CHARACTERS = 100
"""Of titles and ids. With every letter escaped, so many lines stay below the 256 KB that a message may have."""


def order_event(order: PricedOrder) -> dict[str, Any]:
    return {
        "lines": [_line(line) for line in order.lines[:_MOST_LINES]],
        "lineCount": len(order.lines),
        "asSeen": order.as_seen,
        "total": _money(order.total),
    }


def _line(line: PricedLine) -> dict[str, Any]:
    seen = None
    if line.seen_price is not None:
        seen = {"amount": str(line.seen_price), "currency": line.seen_currency}
    return {
        "productId": line.product_id[:_MOST_CHARACTERS],
        "title": line.title[:_MOST_CHARACTERS] if line.price else None,
        "quantity": line.quantity,
        "available": line.to_be_had,
        "price": _money(line.price),
        "seenPrice": seen,
        "total": _money(line.total),
        "differences": list(line.differences),
    }


def _money(money: Money | None) -> dict[str, str] | None:
    if money is None:
        return None
    amount, currency = str(money).split()
    return {"amount": amount, "currency": currency}
