"""How an answer looks in the chat: in one message, since each is charged.

    products   with a catalogue of Meta's        without one
    one        product                           text
    several    product list                      text
    a choice   quick-reply buttons where names fit on them, else the product list, or a list to choose from

The words are the assistant's, and have been checked; everything beside them is the catalogue's own.
"""

from __future__ import annotations

from collections.abc import Sequence

from domain import wording
from domain.assistants import Answer
from domain.catalogue import Product
from domain.choices import choice_of
from domain.errors import ContentRefusedError
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

_MOST_ON_BUTTONS = 3
_MOST_IN_A_LIST = 10
_MOST_PRODUCTS = 30
_LONGEST_LABEL = 20
_LONGEST_ROW = 24
_LONGEST_DESCRIPTION = 72
_LONGEST_HEADER = 60


def presented(answer: Answer, catalog_id: str | None, shop: str, language: str) -> Content | None:
    """None: as the bare text. `catalog_id`: of the number's catalogue at Meta, if it has one."""
    try:
        return _presented(answer, catalog_id, shop, language)
    except ContentRefusedError:  # too many words for that form: a text takes four times as many
        return None


def _presented(answer: Answer, catalog_id: str | None, shop: str, language: str) -> Content | None:
    products, words = answer.cited, answer.text
    several = len(products) > 1
    if answer.choice and several and _fit_on_buttons(products):
        return ReplyButtons(words, tuple(Button(choice_of(one.product_id), one.title) for one in products))
    if catalog_id and several:
        shown = tuple(one.product_id for one in products[:_MOST_PRODUCTS])
        return ProductList(catalog_id, _cut(shop, _LONGEST_HEADER), words, (ProductSection(shown),))
    if catalog_id and products:
        return SingleProduct(catalog_id, products[0].product_id, words)
    if answer.choice and several and len(products) <= _MOST_IN_A_LIST:
        rows = tuple(_row(one) for one in products)
        return List(words, wording.say(wording.CHOOSE, language), (Section(rows),))
    return None


def _fit_on_buttons(products: Sequence[Product]) -> bool:
    titles = {one.title for one in products}
    return len(titles) == len(products) <= _MOST_ON_BUTTONS and all(len(title) <= _LONGEST_LABEL for title in titles)


def _row(product: Product) -> Row:
    """Title and price; a title that is too long stands before the price once more, as far as there is room."""
    title, price = _cut(product.title, _LONGEST_ROW), str(product.price)
    if title != product.title:
        price = f"{_cut(product.title, _LONGEST_DESCRIPTION - len(price) - 3)} — {price}"
    return Row(choice_of(product.product_id), title, price)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
