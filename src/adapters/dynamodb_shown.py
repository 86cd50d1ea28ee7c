"""The form of a reply that is more than text, to and from its row: who sends it again sends the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.outbound import (
    Button,
    Content,
    List,
    ProductList,
    ProductSection,
    ReplyButtons,
    Row,
    Section,
    SingleProduct,
)


def shown_attributes(content: Content | None) -> dict[str, Any]:
    """Its words are the row's own."""
    match content:
        case None:
            return {}
        case SingleProduct(catalog_id=catalog_id, product_retailer_id=product):
            shown: dict[str, Any] = {"form": "product", "catalogId": catalog_id, "productIds": [product]}
        case ProductList(catalog_id=catalog_id, header=header, sections=(section,)):
            products = list(section.product_retailer_ids)
            shown = {"form": "product_list", "catalogId": catalog_id, "header": header, "productIds": products}
        case ReplyButtons(buttons=buttons):
            shown = {"form": "buttons", "options": [{"id": one.id, "title": one.title} for one in buttons]}
        case List(button=button, sections=(section,)):
            options = [{"id": row.id, "title": row.title, "description": row.description} for row in section.rows]
            shown = {"form": "list", "button": button, "options": options}
        case _:
            raise TypeError(f"an assistant sends no {type(content).__name__}")
    return {"shown": shown}


def shown_of(row: Mapping[str, Any]) -> Content | None:
    words = row["words"]
    match row.get("shown"):
        case {"form": "product", "catalogId": catalog_id, "productIds": [product]}:
            return SingleProduct(catalog_id, product, words)
        case {"form": "product_list", "catalogId": catalog_id, "header": header, "productIds": products}:
            return ProductList(catalog_id, header, words, (ProductSection(tuple(products)),))
        case {"form": "buttons", "options": options}:
            return ReplyButtons(words, tuple(Button(one["id"], one["title"]) for one in options))
        case {"form": "list", "button": button, "options": options}:
            rows = tuple(Row(one["id"], one["title"], one["description"]) for one in options)
            return List(words, button, (Section(rows),))
        case _:
            return None
