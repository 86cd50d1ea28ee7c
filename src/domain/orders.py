"""A customer's cart, priced against the catalogue as it is now.

Meta sends what the customer saw when they filled it; prices and stock may have changed since. Money is in whole minor
units throughout, so no total is ever rounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from domain.catalogue import Money, Product, ProductId, minor_digits
from domain.messages import Order, OrderItem


class Difference(StrEnum):
    """What is not as the customer took it for."""

    PRICE_CHANGED = "price_changed"
    OUT_OF_STOCK = "out_of_stock"
    TOO_FEW = "too_few"
    UNKNOWN = "unknown"
    """No active product of this seller has that id, or the cart asks for none of it."""


@dataclass(frozen=True, slots=True)
class PricedLine:
    product_id: str
    title: str
    """The id, where the product is not known."""
    quantity: int
    """As ordered."""
    to_be_had: int
    """As many of them as there are."""
    price: Money | None = None
    """Of one piece, now."""
    seen_price: Decimal | None = None
    """Of one piece, as the customer saw it, in `seen_currency`."""
    seen_currency: str | None = None
    differences: tuple[Difference, ...] = ()

    @property
    def total(self) -> Money | None:
        return Money(self.price.minor * self.to_be_had, self.price.currency) if self.price else None


@dataclass(frozen=True, slots=True)
class PricedOrder:
    lines: tuple[PricedLine, ...]

    @property
    def as_seen(self) -> bool:
        """Whether the customer gets what they saw, for what they saw."""
        return not any(line.differences for line in self.lines)

    @property
    def total(self) -> Money | None:
        """Of what can be had. None where nothing can, or where it is in several currencies."""
        totals = [line.total for line in self.lines if line.total and line.to_be_had]
        currencies = {total.currency for total in totals}
        return Money(sum(total.minor for total in totals), currencies.pop()) if len(currencies) == 1 else None


def priced_at(order: Order, products: Iterable[Product], now: datetime) -> PricedOrder:
    """`products`: those of the cart that the seller's catalogue has, active or not."""
    current = {product.product_id: product.at(now) for product in products if product.active}
    return priced(order, current.get)


def priced(order: Order, product: Callable[[ProductId], Product | None]) -> PricedOrder:
    """`product`: of the seller whose catalogue it is, as it is now."""
    left: dict[str, int] = {}
    lines = []
    for item in order.product_items:
        found = product(ProductId(item.product_retailer_id))
        line = _line(item, found, left.get(item.product_retailer_id))
        if found is not None and found.stock is not None:
            # A cart may name one product twice; there is not more of it for that.
            left[item.product_retailer_id] = left.get(item.product_retailer_id, found.stock) - line.to_be_had
        lines.append(line)
    return PricedOrder(tuple(lines))


def _line(item: OrderItem, product: Product | None, left: int | None) -> PricedLine:
    if product is None or item.quantity < 1:
        title = product.title if product else item.product_retailer_id
        return PricedLine(
            product_id=item.product_retailer_id,
            title=title,
            quantity=item.quantity,
            to_be_had=0,
            seen_price=item.item_price,
            seen_currency=item.currency,
            differences=(Difference.UNKNOWN,),
        )
    stock = product.stock if left is None else left
    to_be_had = 0 if not product.in_stock else item.quantity if stock is None else min(item.quantity, stock)
    return PricedLine(
        product_id=product.product_id,
        title=product.title,
        quantity=item.quantity,
        to_be_had=to_be_had,
        price=product.price,
        seen_price=item.item_price,
        seen_currency=item.currency,
        differences=tuple(_differences(item, product, to_be_had)),
    )


def _differences(item: OrderItem, product: Product, to_be_had: int) -> list[Difference]:
    found = []
    amount = Decimal(product.price.minor).scaleb(-minor_digits(product.price.currency))
    other_price = item.item_price is not None and item.item_price != amount
    if other_price or (item.currency is not None and item.currency != product.price.currency):
        found.append(Difference.PRICE_CHANGED)
    if to_be_had == 0:
        found.append(Difference.OUT_OF_STOCK)
    elif to_be_had < item.quantity:
        found.append(Difference.TOO_FEW)
    return found
