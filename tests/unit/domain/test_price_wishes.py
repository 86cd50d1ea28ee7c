"""What a question wants of the price."""

from __future__ import annotations

import pytest

from domain.catalogue import SearchFilter
from domain.price_wishes import Extreme, PriceWish, price_wish
from domain.product_search import words_asked_for


def wish(question: str) -> PriceWish:
    found = price_wish(question)
    assert found is not None, question
    return found


BOUNDS = [
    ("mugs under $20", None, 1999),
    ("mugs under 20", None, 1999),
    ("mugs under 20, please", None, 1999),
    ("mugs for less than 20 dollars each", None, 1999),
    ("mugs cheaper than twenty dollars", None, 1999),
    ("mugs under 20usd", None, 1999),
    ("mugs below US$ 19.50", None, 1949),
    ("mugs up to $20", None, 2000),
    ("mugs that don't cost more than $20", None, 2000),
    ("mugs for $20 or less", None, 2000),
    ("mugs for $20 max", None, 2000),
    ("mugs más económicas que 20 dólares", None, 1999),
    ("mugs, max 20 dollars", None, 2000),
    ("mugs under $1,500", None, 149_999),
    ("mugs under 2k dollars", None, 199_999),
    ("mugs over $20", 2001, None),
    ("mugs at least $20", 2000, None),
    ("mugs over $10 and under $20", 1001, 1999),
    ("mugs between 10 and 30 USD", 1000, 3000),
    ("mugs between $10 and 30", 1000, 3000),
    ("mugs from $10 to $30", 1000, 3000),
    ("mugs entre 10 y 30", 1000, 3000),
    ("mugs de 10 a 30 dólares", 1000, 3000),
    ("mugs por menos de 20 dólares", None, 1999),
    ("mugs que no cuesten más de 20 dólares", None, 2000),
    ("mugs hasta 20 dólares", None, 2000),
    ("mugs de 20 dólares o menos", None, 2000),
    ("mugs abaixo de 20 dólares", None, 1999),
    ("mugs à moins de 20 dollars", None, 1999),
    ("mugs unter 20 Dollar", None, 1999),
    ("mugs von 10 bis 20 Dollar", 1000, 2000),
    ("mugs اقل من ٢٠ دولار", None, 1999),
]


@pytest.mark.parametrize(("question", "least", "most"), BOUNDS)
def test_a_bound_is_a_filter_and_no_part_of_what_is_searched_for(
    question: str, least: int | None, most: int | None
) -> None:
    found = wish(question)
    assert found.within("USD") == SearchFilter(least_minor=least, most_minor=most)
    assert words_asked_for(found.rest) == ("mugs",)
    assert found.extreme is None


@pytest.mark.parametrize(
    ("question", "currency", "most"),
    [
        ("menos de 500 pesos", "MXN", 49_999),
        ("menos de $500", "MXN", 49_999),
        ("menos de 500", "MXN", 49_999),
        ("under 1.500 yen", "JPY", 1499),
        ("under 5 dinars", "KWD", 4999),
        ("under 1.500", "KWD", None),
        ("under $20", "EUR", None),
        ("under €20", "USD", None),
        ("under 20 dollars", "MXN", None),
        ("under 20 pesos", "USD", None),
        ("under 99999999999999999999 dollars", "USD", None),
    ],
)
def test_a_bound_is_believed_in_its_own_currency(question: str, currency: str, most: int | None) -> None:
    assert wish(question).within(currency) == (None if most is None else SearchFilter(most_minor=most))


@pytest.mark.parametrize(
    "question",
    [
        "how much is the mug?",
        "mugs under 20 oz",
        "a shelf under 20 cm",
        "the rug under the sink",
        "delivery in less than 2 days",
        "more than 20 mugs",
        "at least 20",
        "under 20-piece sets",
        "under 20 people",
        "nothing under $20",
        "it is not under $20",
        "isn't it less than $20",
        "it does not cost less than $20",
        "no menos de 20",
        "mugs under $20 and kettles under $50",
        "from 4 to 6",
        "café de 20 pesos",
        "de 4 a 6",
        "what is your lowest price?",
        "cheapest price for the mug",
        "¿hay algo más barato?",
        "¿tienen una taza más barata?",
        "la taza más barata que la azul",
        "tem uma caneca mais barata?",
        "une tasse moins chère",
        "ارخص من هذا",
        "no quiero la más barata",
        "the cheapest and the most expensive",
    ],
)
def test_what_may_be_something_else_is_no_wish(question: str) -> None:
    assert price_wish(question) is None


@pytest.mark.parametrize(
    ("question", "extreme"),
    [
        ("what is your cheapest mug?", Extreme.CHEAPEST),
        ("the least expensive mug of all", Extreme.CHEAPEST),
        ("the cheapest mug in your store", Extreme.CHEAPEST),
        ("cuál es la mug más barata que tienen", Extreme.CHEAPEST),
        ("su mug más económico", Extreme.CHEAPEST),
        ("qual é a mug mais barata que vocês têm?", Extreme.CHEAPEST),
        ("quelle est la mug la moins chère ?", Extreme.CHEAPEST),
        ("welche ist die billigste mug", Extreme.CHEAPEST),
        ("ارخص mug", Extreme.CHEAPEST),
        ("the most expensive mug", Extreme.DEAREST),
        ("la mug más cara", Extreme.DEAREST),
        ("die teuerste mug", Extreme.DEAREST),
    ],
)
def test_a_superlative_is_told_from_what_it_is_said_of(question: str, extreme: Extreme) -> None:
    found = wish(question)
    assert (found.extreme, words_asked_for(found.rest)) == (extreme, ("mug",))


def test_a_superlative_may_be_within_a_bound() -> None:
    found = wish("the cheapest mug over $20")
    assert (found.extreme, found.within("USD")) == (Extreme.CHEAPEST, SearchFilter(least_minor=2001))


@pytest.mark.parametrize(
    "question",
    [
        "anything under $20?",
        "what do you have for less than 20 dollars?",
        "something between 10 and 30 USD",
        "what's under $20?",
        "show me everything under $20",
        "the cheapest product",
        "¿tienen algo por menos de 20 dólares?",
        "¿qué tienen por menos de $20?",
        "lo más barato",
        "¿cuánto cuesta lo más caro?",
        "o que vocês têm por menos de 20 dólares?",
        "qu'avez-vous à moins de 20 dollars ?",
        "was haben Sie unter 20 Dollar?",
    ],
)
def test_it_may_be_of_anything(question: str) -> None:
    found = wish(question)
    assert found.of_anything
    assert words_asked_for(found.rest) == ()


@pytest.mark.parametrize(
    "question",
    [
        "is it under $20?",
        "under $20",
        "are these less than $20?",
        "is the item under $20?",
        "the cheapest one",
        "el más barato",
        "¿lo tienen por menos de 20 dólares?",
        "is everything under $20?",
    ],
)
def test_it_may_be_of_what_was_spoken_of_before(question: str) -> None:
    assert not wish(question).of_anything


def test_a_long_text_of_bounds_is_read_in_no_time() -> None:
    assert price_wish("nothing under 1 or less " * 170) is None
