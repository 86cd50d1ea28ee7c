"""A product as a form: what it shows, and what is told of it under the names of a feed's columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from domain.catalogue import Product, ProductId
from domain.keep_products import described_product
from domain.versions import version_of

_COLUMNS = {
    "product_id": "id",
    "title": "title",
    "price": "price",
    "description": "description",
    "category": "product_type",
    "link": "link",
    "image_link": "image_link",
    "stock": "inventory",
}


@dataclass(frozen=True, slots=True)
class ProductForm:
    values: Mapping[str, str]
    version: str
    """Of the product as it was shown; empty of a new one."""
    error: str = ""

    @property
    def new(self) -> bool:
        return not self.version


def blank(currency: str) -> ProductForm:
    return ProductForm({"currency": currency, "available": "on", "active": "on"}, "")


def form_of(product: Product) -> ProductForm:
    amount, _, currency = str(product.price).partition(" ")
    values = {
        "product_id": product.product_id,
        "title": product.title,
        "price": amount,
        "currency": currency,
        "description": product.description,
        "category": product.category,
        "link": product.link,
        "image_link": product.image_link,
        "stock": "" if product.stock is None else str(product.stock),
        "available": "on" if product.available else "",
        "active": "on" if product.active else "",
    }
    return ProductForm(values, version_of(product))


def sent_again(form: Mapping[str, str], error: str) -> ProductForm:
    """What was typed is not typed twice."""
    return ProductForm(form, form.get("version", ""), error)


def product_of(form: Mapping[str, str]) -> Product:
    """By the rules of an import. Raises `InvalidInputError`."""
    told = {column: form.get(name, "").strip() for name, column in _COLUMNS.items()}
    told["price"] = f"{told['price']} {form.get('currency', '').strip().upper()}"
    told["availability"] = "in stock" if form.get("available") else "out of stock"
    told["status"] = "active" if form.get("active") else "archived"
    return described_product({column: text for column, text in told.items() if text})


def amended(seen: Product, form: Mapping[str, str]) -> Product:
    """What the form does not show stays as it is; a sale, as long as it is in the price's currency."""
    told = product_of({**form, "product_id": seen.product_id})
    same = seen.sale is not None and seen.sale.price.currency == told.price.currency
    return replace(
        told,
        product_id=ProductId(seen.product_id),
        language=seen.language,
        attributes=seen.attributes,
        sale=seen.sale if same else None,
    )
