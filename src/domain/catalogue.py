"""A tenant's products."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import NewType

ProductId = NewType("ProductId", str)
"""Meta's `product_retailer_id`: the seller's own number of the article."""

# ISO 4217: currencies whose minor unit is not a hundredth.
_MINOR_DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV"), 0),
    **dict.fromkeys(("XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


@dataclass(frozen=True, slots=True)
class Money:
    minor: int
    """Whole minor units (cents), so that no price is ever rounded."""
    currency: str
    """ISO 4217."""

    def __str__(self) -> str:
        return f"{Decimal(self.minor).scaleb(-minor_digits(self.currency)):f} {self.currency}"


def minor_digits(currency: str) -> int:
    return _MINOR_DIGITS.get(currency, 2)


@dataclass(frozen=True, slots=True)
class Sale:
    """A lower price, for a while."""

    price: Money
    starts: datetime | None = None
    ends: datetime | None = None
    """None: it goes on until the seller says otherwise."""

    def on_at(self, now: datetime) -> bool:
        return (self.starts is None or self.starts <= now) and (self.ends is None or now < self.ends)


@dataclass(frozen=True, slots=True)
class Product:
    product_id: ProductId
    title: str
    price: Money
    """What it costs when it is not on sale."""
    description: str = ""
    category: str = ""
    link: str = ""
    language: str = ""
    available: bool = True
    stock: int | None = None
    """Pieces at hand; None where the seller does not count them."""
    active: bool = True
    image_link: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Brand, color, size and the like, under Meta's names of them."""
    sale: Sale | None = None

    @property
    def in_stock(self) -> bool:
        return self.available and self.stock != 0

    def at(self, now: datetime) -> Product:
        """With the price that a customer pays then."""
        if self.sale is None:
            return self
        return replace(self, price=self.sale.price if self.sale.on_at(now) else self.price, sale=None)


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """Of what is searched for; None and empty leave everything in."""

    category: str = ""
    least_minor: int | None = None
    most_minor: int | None = None
    """Prices in minor units of the catalogue's currency."""
    in_stock: bool = False

    def admits(self, product: Product) -> bool:
        return (
            (not self.category or self.category.casefold() == product.category.casefold())
            and (self.least_minor is None or self.least_minor <= product.price.minor)
            and (self.most_minor is None or product.price.minor <= self.most_minor)
            and (not self.in_stock or product.in_stock)
        )


EVERYTHING = SearchFilter()


@dataclass(frozen=True, slots=True)
class Hit:
    product: Product
    score: float
    """Share of what was asked for that this product meets, by weight: 0 to 1."""
