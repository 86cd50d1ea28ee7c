"""Products as the API takes and tells them."""

from __future__ import annotations

from datetime import datetime

from domain.catalogue import Money, Product
from domain.keep_products import version_of
from handlers.api.models import Listed, Told


class ToldMoney(Told):
    amount: str
    """In whole and hundredths (or what the currency has), as text: no price is ever rounded."""
    currency: str


class ToldSale(Told):
    price: ToldMoney
    starts: datetime | None
    ends: datetime | None


class ToldProduct(Told):
    id: str
    title: str
    price: ToldMoney
    sale: ToldSale | None
    description: str
    category: str
    link: str
    image_link: str
    language: str
    available: bool
    stock: int | None
    active: bool
    attributes: dict[str, str]
    version: str


class ProductList(Listed):
    items: list[ToldProduct]


def told_product(product: Product) -> ToldProduct:
    sale = product.sale
    return ToldProduct(
        id=product.product_id,
        title=product.title,
        price=_told_money(product.price),
        sale=ToldSale(price=_told_money(sale.price), starts=sale.starts, ends=sale.ends) if sale else None,
        description=product.description,
        category=product.category,
        link=product.link,
        image_link=product.image_link,
        language=product.language,
        available=product.available,
        stock=product.stock,
        active=product.active,
        attributes=dict(product.attributes),
        version=version_of(product),
    )


def _told_money(money: Money) -> ToldMoney:
    amount, currency = str(money).split(" ")
    return ToldMoney(amount=amount, currency=currency)
