"""What is said of stock, in six languages, and what is not."""

from __future__ import annotations

import pytest

from domain.plain_text import plain
from domain.said_stock import said_stock
from tests.builders import product


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("only 3 left", 3),
        ("three left", 3),
        ("we have 17 in stock", 17),
        ("17 of them are in stock", 17),
        ("in stock (17)", 17),
        ("Stock: 17", 17),
        ("the last one", 1),
        ("quedan 5", 5),
        ("solo nos quedan 5", 5),
        ("quedan cinco", 5),
        ("5 disponibles", 5),
        ("disponible (60)", 60),
        ("5 piezas en existencia", 5),
        ("la última pieza", 1),
        ("restam 4", 4),
        ("4 em estoque", 4),
        ("disponível (4)", 4),
        ("il reste 2", 2),
        ("il n'en reste plus que 2", 2),
        ("2 en stock", 2),
        ("noch 3", 3),
        ("nur noch drei", 3),
        ("3 Stück auf Lager", 3),
        ("auf Lager (3)", 3),
        ("بقي 5", 5),
        ("متوفر (٦٠)", 60),
        ("٥ متوفرة", 5),
    ],
)
def test_a_figure_holds_of_that_stock_alone(text: str, count: int) -> None:
    said = said_stock(plain(text))
    assert said
    assert all(one.holds_of(product(stock=count)) for one in said)
    assert not all(one.holds_of(product(stock=count + 1)) for one in said)
    assert not all(one.holds_of(product(stock=None)) for one in said)


@pytest.mark.parametrize(
    "text",
    [
        "in stock",
        "it is available",
        "back in stock",
        "en existencia",
        "está disponible",
        "em estoque",
        "está disponível",
        "en stock",
        "il est disponible",
        "auf Lager",
        "ist verfügbar",
        "متوفر",
        "متاح",
    ],
)
def test_to_be_had_is_what_is_in_stock(text: str) -> None:
    [said] = said_stock(plain(text))
    assert said.holds_of(product(stock=2))
    assert said.holds_of(product(stock=None))
    assert not said.holds_of(product(stock=0))
    assert not said.holds_of(product(available=False))


@pytest.mark.parametrize(
    "text",
    [
        "out of stock",
        "sold out",
        "not in stock",
        "not available right now",
        "no longer available",
        "unavailable",
        "none left",
        "isn't available",
        "0 left",
        "agotado",
        "agotadas",
        "sin existencias",
        "no disponible",
        "no está disponible",
        "no quedan",
        "esgotado",
        "sem estoque",
        "indisponível",
        "não está disponível",
        "épuisé",
        "en rupture de stock",
        "n'est plus disponible",
        "pas en stock",
        "ausverkauft",
        "nicht auf Lager",
        "nicht mehr verfügbar",
        "غير متوفر",
        "نفد",
    ],
)
def test_gone_is_what_is_not(text: str) -> None:
    [said] = said_stock(plain(text))
    assert said.holds_of(product(stock=0))
    assert not said.holds_of(product(stock=2))


@pytest.mark.parametrize(
    "text",
    [
        "only a few left",
        "almost sold out",
        "limited stock",
        "quedan pocas",
        "poucas unidades",
        "nur noch wenige",
        "stock limité",
    ],
)
def test_few_is_few(text: str) -> None:
    [said] = said_stock(plain(text))
    assert said.holds_of(product(stock=2))
    assert not said.holds_of(product(stock=40))
    assert not said.holds_of(product(stock=None))


def test_more_than_so_many_are_more() -> None:
    said = said_stock("more than 10 in stock")
    assert all(one.holds_of(product(stock=11)) for one in said)
    assert not all(one.holds_of(product(stock=9)) for one in said)


@pytest.mark.parametrize(
    "text",
    [
        "is it available?",
        "¿está disponible?",
        "we tell you when it is back in stock",
        "te avisamos cuando esté disponible",
        "a colleague is available from nine",
        "I am available to help",
        "one of our team is available",
        "noch 3 Tage",
        "noch 10 Minuten",
        "comes in 3 sizes",
        "a set of 6",
        "34 oz",
        "turn left",
        "los últimos años",
        "the last one you bought",
    ],
)
def test_what_is_asked_or_said_of_something_else_is_no_stock(text: str) -> None:
    assert said_stock(plain(text)) == []
