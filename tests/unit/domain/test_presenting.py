"""One answer is one message, in the form that shows most of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.assistants import Answer
from domain.catalogue import Product
from domain.choices import choice_of
from domain.outbound import Button, Content, List, ProductList, ProductSection, ReplyButtons, SingleProduct
from domain.presenting import presented
from tests.builders import product

MUG, JUG, CUP = product(), product("JUG-1", "Blue jug"), product("CUP-1", "Blue cup")
LONG = product("LONG-1", "Cast iron skillet, 10 inch, with a lid of glass and two wooden handles to hold it by")
WORDS = "Blue mug — 12.50 USD, in stock (4)"


def shown(
    *products: Product, choice: bool = False, catalog_id: str | None = None, words: str = WORDS
) -> Content | None:
    answer = Answer(words, choice=choice, cited=products)
    return presented(answer, catalog_id, "Acme", "en")


def test_one_product_is_shown_from_the_catalogue_at_meta() -> None:
    assert shown(MUG, catalog_id="905") == SingleProduct("905", "MUG-1", WORDS)


def test_several_are_shown_in_a_list_under_the_shops_name() -> None:
    assert shown(MUG, LONG, catalog_id="905") == ProductList(
        "905", "Acme", WORDS, (ProductSection(("MUG-1", "LONG-1")),)
    )


@pytest.mark.parametrize("products", [(), (MUG,), (MUG, JUG)])
def test_without_such_a_catalogue_words_are_all(products: tuple[Product, ...]) -> None:
    assert shown(*products) is None
    assert shown(catalog_id="905") is None


@pytest.mark.parametrize("catalog_id", [None, "905"])
def test_a_choice_is_made_by_buttons(catalog_id: str | None) -> None:
    assert shown(MUG, JUG, CUP, choice=True, catalog_id=catalog_id) == ReplyButtons(
        WORDS, tuple(Button(choice_of(one.product_id), one.title) for one in (MUG, JUG, CUP))
    )


@pytest.mark.parametrize(
    "products",
    [
        (MUG, LONG),
        (MUG, JUG, CUP, product("TEA-1", "Tea")),
        (MUG, replace(JUG, title=MUG.title)),
    ],
    ids=["a name is too long", "too many", "two of one name"],
)
def test_what_does_not_fit_on_buttons_is_chosen_from_a_list(products: tuple[Product, ...]) -> None:
    listed = shown(*products, choice=True)
    assert isinstance(listed, List)
    [section] = listed.sections
    assert [row.id for row in section.rows] == [choice_of(one.product_id) for one in products]
    assert isinstance(shown(*products, choice=True, catalog_id="905"), ProductList)


def test_a_row_tells_the_price_whatever_the_title() -> None:
    listed = shown(MUG, LONG, choice=True)
    assert isinstance(listed, List)
    short, long = listed.sections[0].rows
    assert (short.title, short.description) == ("Blue mug", "12.50 USD")
    assert long.title == "Cast iron skillet, 10 i…"
    assert long.description.startswith("Cast iron skillet, 10 inch, with a lid")
    assert long.description.endswith("… — 12.50 USD")


def test_one_product_is_no_choice() -> None:
    assert shown(MUG, choice=True) is None


def test_more_words_than_a_form_takes_are_a_text() -> None:
    assert shown(MUG, catalog_id="905", words="x" * 1025) is None
    assert shown(MUG, JUG, choice=True, words="x" * 1025) is None


def test_more_products_than_a_list_takes_are_not_shown_in_one() -> None:
    many = [product(f"P-{n}", f"Product {n}") for n in range(40)]
    listed = shown(*many, catalog_id="905")
    assert isinstance(listed, ProductList)
    assert len(listed.sections[0].product_retailer_ids) == 30
    assert shown(*many, choice=True) is None


def test_a_long_name_of_a_shop_is_cut() -> None:
    listed = presented(Answer(WORDS, cited=(MUG, JUG)), "905", "S" * 90, "en")
    assert isinstance(listed, ProductList)
    assert listed.header == "S" * 59 + "…"
