"""The form of a reply that is more than text, to and from its row: who sends it again sends the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain import outbound as o


def shown_attributes(content: o.Content | None) -> dict[str, Any]:
    """Its words are the row's own."""
    match content:
        case None:
            return {}
        case o.SingleProduct(catalog_id=catalog_id, product_retailer_id=product):
            shown: dict[str, Any] = {"form": "product", "catalogId": catalog_id, "productIds": [product]}
        case o.ProductList(catalog_id=catalog_id, header=header, sections=(section,)):
            products = list(section.product_retailer_ids)
            shown = {"form": "product_list", "catalogId": catalog_id, "header": header, "productIds": products}
        case o.ReplyButtons(buttons=buttons):
            shown = {"form": "buttons", "options": [{"id": one.id, "title": one.title} for one in buttons]}
        case o.List(button=button, sections=(section,)):
            options = [{"id": row.id, "title": row.title, "description": row.description} for row in section.rows]
            shown = {"form": "list", "button": button, "options": options}
        case _:
            raise TypeError(f"an assistant sends no {type(content).__name__}")
    return {"shown": shown}


def shown_of(row: Mapping[str, Any]) -> o.Content | None:
    words = row["words"]
    match row.get("shown"):
        case {"form": "product", "catalogId": catalog_id, "productIds": [product]}:
            return o.SingleProduct(catalog_id, product, words)
        case {"form": "product_list", "catalogId": catalog_id, "header": header, "productIds": products}:
            return o.ProductList(catalog_id, header, words, (o.ProductSection(tuple(products)),))
        case {"form": "buttons", "options": options}:
            return o.ReplyButtons(words, tuple(o.Button(one["id"], one["title"]) for one in options))
        case {"form": "list", "button": button, "options": options}:
            rows = tuple(o.Row(one["id"], one["title"], one["description"]) for one in options)
            return o.List(words, button, (o.Section(rows),))
        case _:
            return None
