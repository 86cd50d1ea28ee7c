"""A cart against the catalogue as it is now."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import wording
from domain.catalogue import Money, Product
from domain.languages import LANGUAGES
from domain.messages import Order, OrderItem
from domain.orders import Difference, PricedOrder, priced
from domain.outbound import Text
from tests.builders import order, product

YEN = product("FAN-1", "Fan", price=Money(1200, "JPY"), stock=None)
DINAR = product("RUG-1", "Rug", price=Money(4500, "KWD"), stock=3)


def now(*items: OrderItem, of: tuple[Product, ...] = (product(),)) -> PricedOrder:
    catalogue = {one.product_id: one for one in of}
    return priced(Order("catalog-1", items), catalogue.get)


def mug(quantity: int = 2, price: str | None = "12.50", currency: str | None = "USD") -> OrderItem:
    return OrderItem("MUG-1", quantity, None if price is None else Decimal(price), currency)


def test_what_is_as_it_was_seen_is_added_up() -> None:
    found = priced(order(), lambda _: product())
    assert found.as_seen
    assert found.total == Money(2500, "USD")
    [line] = found.lines
    assert (line.title, line.quantity, line.to_be_had, line.total) == ("Blue mug", 2, 2, Money(2500, "USD"))


@pytest.mark.parametrize("item", [mug(), mug(price="12.5"), mug(price=None, currency=None), mug(price="12.500")])
def test_the_same_price_in_another_notation_is_the_same(item: OrderItem) -> None:
    assert now(item).as_seen


@pytest.mark.parametrize("item", [mug(price="11.00"), mug(price="12.51"), mug(currency="EUR"), mug(price="1250")])
def test_a_price_that_has_changed_is_told_and_the_new_one_counts(item: OrderItem) -> None:
    found = now(item)
    assert found.lines[0].differences == (Difference.PRICE_CHANGED,)
    assert found.total == Money(2500, "USD")


@pytest.mark.parametrize(
    ("of", "item"),
    [(YEN, OrderItem("FAN-1", 2, Decimal(1200), "JPY")), (DINAR, OrderItem("RUG-1", 2, Decimal("4.5"), "KWD"))],
)
def test_currencies_without_hundredths(of: Product, item: OrderItem) -> None:
    found = now(item, of=(of,))
    assert found.as_seen
    assert found.total == Money(of.price.minor * 2, of.price.currency)


def test_of_too_few_as_many_as_there_are() -> None:
    found = now(mug(6))
    assert found.lines[0].differences == (Difference.TOO_FEW,)
    assert found.total == Money(5000, "USD")


@pytest.mark.parametrize("changes", [{"stock": 0}, {"available": False}])
def test_what_is_gone_costs_nothing(changes: dict[str, Any]) -> None:
    found = now(mug(), of=(product(**changes),))
    assert found.lines[0].differences == (Difference.OUT_OF_STOCK,)
    assert found.total is None


@pytest.mark.parametrize("item", [OrderItem("KETTLE-9", 1, Decimal(1), "USD"), mug(0), mug(-3)])
def test_what_is_not_known_or_not_asked_for_costs_nothing(item: OrderItem) -> None:
    found = now(item)
    assert found.lines[0].differences == (Difference.UNKNOWN,)
    assert found.lines[0].price is None
    assert found.total is None


def test_a_product_named_twice_is_there_once() -> None:
    found = now(mug(3), mug(3))
    assert [line.to_be_had for line in found.lines] == [3, 1]
    assert found.lines[1].differences == (Difference.TOO_FEW,)


def test_several_currencies_have_no_total() -> None:
    assert now(mug(), OrderItem("FAN-1", 1), of=(product(), YEN)).total is None


@given(st.lists(st.tuples(st.integers(1, 1000), st.integers(0, 10**7)), min_size=1, max_size=20))
def test_no_total_is_ever_rounded(items: list[tuple[int, int]]) -> None:
    products = tuple(
        product(f"P-{n}", f"Thing {n}", price=Money(minor, "USD"), stock=None) for n, (_, minor) in enumerate(items)
    )
    found = now(*(OrderItem(f"P-{n}", quantity) for n, (quantity, _) in enumerate(items)), of=products)
    assert found.total == Money(sum(quantity * minor for quantity, minor in items), "USD")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_note_tells_lines_differences_and_total_in_every_language(language: str) -> None:
    gone = product("GONE-1", "Red mug", stock=0)
    found = now(
        mug(6, "11.00"), OrderItem("GONE-1", 1), OrderItem("KETTLE-9", 1), OrderItem("FAN-1", 0), of=(product(), gone)
    )
    note = wording.order_note(found, language)
    assert "{" not in note
    first, second, third = note.splitlines()[1:4]
    assert first.startswith("6 × Blue mug (")
    assert "50.00 USD" in first
    assert "12.50 USD" in first
    assert wording.stock_words(language)[1] in second
    assert "KETTLE-9" in third
    assert "50.00 USD" in note.splitlines()[-2]


def test_the_longest_order_fits_into_one_message() -> None:
    products = tuple(product(f"P-{n}", "W" * 300, price=Money(10**15, "USD"), stock=10**15 - 1) for n in range(60))
    found = now(*(OrderItem(f"P-{n}", 10**15, Decimal(1), "USD") for n in range(60)), of=products)
    for language in LANGUAGES:
        note = wording.order_note(found, language)
        assert Text(note + " " * 300).body  # room for when the shop opens again
        assert "(+45)" in note
