"""Products as the API takes and tells them."""

from __future__ import annotations

import base64
import re
from datetime import datetime
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import Field

from domain.catalogue import Money, Product, ProductId
from domain.errors import InvalidInputError
from domain.keep_products import described_product, with_sale
from domain.product_feed import ATTRIBUTE_NAMES
from domain.versions import version_of
from handlers.api.asking import PREFIX
from handlers.api.models import FromPath, Listed, Sent, Told

_LONGEST_ID = 100
_PLAIN = re.compile(r"(?!\.+$)[A-Za-z0-9._-]+")  # and no dots alone, which clients take for folders
_MARK = "~"

ProductKey = Annotated[
    str,
    Path(
        min_length=1,
        max_length=4 * _LONGEST_ID,
        description="The product's id; or `~` and the id in base64url, where it holds what an address cannot. "
        "`href` of a product has it right.",
    ),
    FromPath,
]

Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Amount = Annotated[str, Field(pattern=r"^[0-9]{1,13}(\.[0-9]{1,3})?$", examples=["34.90"])]
Title = Annotated[str, Field(min_length=1, max_length=200)]
AttributeName = Annotated[str, Field(pattern=f"^({'|'.join(sorted(ATTRIBUTE_NAMES))})$")]


class ToldMoney(Told):
    amount: str
    """As text, with as many decimal places as the currency has: no price is ever rounded."""
    currency: str


class SentMoney(Sent):
    amount: Amount
    currency: Currency


class ToldSale(Told):
    price: ToldMoney
    starts: datetime | None
    ends: datetime | None


class SentSale(Sent):
    amount: Amount
    """In the currency of the price."""
    starts: Annotated[datetime | None, Field(strict=False)] = None
    ends: Annotated[datetime | None, Field(strict=False)] = None
    """With a time zone. Null: until it is changed."""


class ToldProduct(Told):
    id: str
    href: str
    """Path of this product, whatever is in its id."""
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
    """Pieces at hand; null where nobody counts them."""
    active: bool
    attributes: dict[str, str]
    version: str
    """What `If-Match` takes; also the `ETag`."""


class ProductList(Listed):
    items: list[ToldProduct]


class _ProductFields(Sent):
    sale: SentSale | None = None
    description: Annotated[str, Field(max_length=9999)] = ""
    category: Annotated[str, Field(max_length=750)] = ""
    link: Annotated[str, Field(max_length=2000)] = ""
    image_link: Annotated[str, Field(max_length=2000)] = ""
    language: Annotated[str, Field(pattern="^([a-z]{2})?$")] = ""
    available: bool = True
    stock: Annotated[int | None, Field(ge=0, le=10**12)] = None
    """Null: nobody counts them."""
    active: bool = True
    attributes: dict[AttributeName, Annotated[str, Field(min_length=1, max_length=200)]] = Field(default_factory=dict)


class SentProduct(_ProductFields):
    """All of a product: what is left out is as by default."""

    title: Title
    price: SentMoney


class ProductChange(_ProductFields):
    """What is to change; what is left out stays, `attributes` are replaced as a whole."""

    title: Title = "x"
    price: SentMoney = SentMoney(amount="0", currency="USD")

    def applied_to(self, product: Product) -> SentProduct:
        changes = self.model_dump(include=self.model_fields_set, by_alias=True)
        return SentProduct.model_validate({**_as_sent(product), **changes})


def product_of(product_id: ProductId, sent: SentProduct) -> Product:
    """By the very rules of an import. Raises `InvalidInputError`."""
    told = {
        **sent.attributes,
        "id": product_id,
        "title": sent.title,
        "price": f"{sent.price.amount} {sent.price.currency}",
        "description": sent.description,
        "product_type": sent.category,
        "link": sent.link,
        "image_link": sent.image_link,
        "language": sent.language,
        "availability": "in stock" if sent.available else "out of stock",
        "inventory": "" if sent.stock is None else str(sent.stock),
        "status": "active" if sent.active else "archived",
    }
    product = described_product({name: value for name, value in told.items() if value})
    return product if sent.sale is None else with_sale(product, sent.sale.amount, sent.sale.starts, sent.sale.ends)


def _as_sent(product: Product) -> dict[str, Any]:
    told = told_product(product).model_dump(by_alias=True, exclude={"id", "href", "version", "sale"})
    sale = product.sale
    if sale is not None:
        told["sale"] = {"amount": told_money(sale.price).amount, "starts": sale.starts, "ends": sale.ends}
    return told


def product_id_of(key: str) -> ProductId:
    """Raises `InvalidInputError`."""
    if not key.startswith(_MARK):
        found = key
    else:
        try:
            encoded = key.removeprefix(_MARK)
            found = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True).decode()
        except ValueError as error:  # UnicodeError and binascii.Error are two
            raise InvalidInputError("", "behind ~ stands an id in base64url") from error
    if not 0 < len(found) <= _LONGEST_ID:
        raise InvalidInputError("", f"an id has 1 to {_LONGEST_ID} characters")
    return ProductId(found)


def href_of(product_id: ProductId) -> str:
    if product_id.startswith(_MARK) or not _PLAIN.fullmatch(product_id):
        encoded = base64.urlsafe_b64encode(product_id.encode("utf-8", "surrogatepass")).decode().rstrip("=")
        return f"{PREFIX}/products/{_MARK}{encoded}"
    return f"{PREFIX}/products/{product_id}"


def told_product(product: Product) -> ToldProduct:
    sale = product.sale
    return ToldProduct(
        id=product.product_id,
        href=href_of(product.product_id),
        title=product.title,
        price=told_money(product.price),
        sale=ToldSale(price=told_money(sale.price), starts=sale.starts, ends=sale.ends) if sale else None,
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


def told_money(money: Money) -> ToldMoney:
    amount, currency = str(money).split(" ")
    return ToldMoney(amount=amount, currency=currency)
