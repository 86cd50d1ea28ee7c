"""What is a price, in six languages and all notations, and what only looks like one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalogue import Money
from domain.number_words import value_of
from domain.plain_text import plain
from domain.said_prices import said_prices

PRICES = [
    ("$12", 1200, "USD"),
    ("US$ 12.50", 1250, "USD"),
    ("MX$189", 18900, "MXN"),
    ("12,50 €", 1250, "EUR"),
    ("€12.50", 1250, "EUR"),
    ("£86.50", 8650, "GBP"),
    ("USD 12.50", 1250, "USD"),
    ("usd12.50", 1250, "USD"),
    ("12.50USD", 1250, "USD"),
    ("39 PEN", 3900, "PEN"),
    ("1.299,00", 129900, "EUR"),
    ("1,299.00", 129900, "USD"),
    ("1 299,00 €", 129900, "EUR"),
    ("CHF 1'299.00", 129900, "CHF"),
    ("R$ 1.299,90", 129990, "BRL"),
    ("$1.299", 129900, "MXN"),
    ("12.990 CLP", 12990, "CLP"),
    ("4.500 KWD", 4500, "KWD"),
    ("¥1,200", 1200, "JPY"),
    ("$1.2k", 120000, "USD"),
    ("2 mil pesos", 200000, "MXN"),
    ("12 dollars", 1200, "USD"),
    ("12 dólares", 1200, "USD"),
    ("12€50", 1250, "EUR"),
    ("12 euros 50", 1250, "EUR"),
    ("50 cents", 50, "USD"),
    ("80 centavos", 80, "MXN"),
    ("39,– €", 3900, "EUR"),
    ("１２.５０ USD", 1250, "USD"),
    ("١٢٫٥٠ دولار", 1250, "USD"),
    ("١٬٢٩٩ ريال", 129900, "SAR"),
    ("۳۹٫۹۰ دولار", 3990, "USD"),
    ("1\u200b2.50 USD", 1250, "USD"),
    ("twelve dollars", 1200, "USD"),
    ("twelve dollars and fifty cents", 1250, "USD"),
    ("one hundred and forty-nine dollars", 14900, "USD"),
    ("doce pesos", 1200, "MXN"),
    ("ciento ochenta y nueve pesos", 18900, "MXN"),
    ("trinta e nove reais", 3900, "BRL"),
    ("quatre-vingt-dix euros", 9000, "EUR"),
    ("fünfundzwanzig Euro", 2500, "EUR"),
    ("zweihundert Euro", 20000, "EUR"),
    ("خمسة وعشرين دولار", 2500, "USD"),
    ("It costs 39", 3900, "USD"),
    ("the price is 39.90", 3990, "USD"),
    ("it's yours for only 39", 3900, "USD"),
    ("cuesta 189", 18900, "MXN"),
    ("el precio es de 189", 18900, "MXN"),
    ("custa só 39,90", 3990, "BRL"),
    ("o preço é 39", 3900, "BRL"),
    ("ça coûte 39", 3900, "EUR"),
    ("le prix est de 39", 3900, "EUR"),
    ("kostet nur 40", 4000, "EUR"),
    ("der Preis beträgt 40", 4000, "EUR"),
    ("السعر 40", 4000, "SAR"),
    ("just 39.90 today", 3990, "USD"),
]


@pytest.mark.parametrize(("text", "minor", "currency"), PRICES)
def test_a_price_is_found_and_means_what_it_says(text: str, minor: int, currency: str) -> None:
    [price] = said_prices(plain(text))
    assert price.may_mean(Money(minor, currency))
    assert not price.may_mean(Money(minor + 1, currency))


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("$20-$30", {"20", "30"}),
        ("20–30 USD", {"20", "30"}),
        ("between 20 and 30 dollars", {"20", "30"}),
        ("de 20 a 30 pesos", {"20", "30"}),
        ("39.90 USD, in stock (17)", {"39.90"}),
        ("39.90 and 34.90", {"39.90", "34.90"}),
    ],
)
def test_each_price_of_several_is_found(text: str, amounts: set[str]) -> None:
    found = {amount for price in said_prices(plain(text)) for amount in price.amounts}
    assert found == {Decimal(amount) for amount in amounts}


@pytest.mark.parametrize(
    "text",
    [
        "20% off",
        "20 % de descuento",
        "20% de desconto",
        "-20 %",
        "20 % Rabatt",
        "20 % de réduction",
        "خصم 20%",
        "save 15%",
        "half price",
        "2 for 1",
        "free shipping",
        "envío gratis",
        "frete grátis",
        "livraison gratuite",
        "kostenloser Versand",
        "توصيل مجاني",
    ],
)
def test_a_reduction_is_a_price_that_nothing_proves(text: str) -> None:
    [price] = said_prices(plain(text))
    assert not price.amounts


@pytest.mark.parametrize(
    "text",
    [
        "2 l",
        "It holds 4.75 l",
        "0,75 Liter",
        "40x60 cm",
        "40 x 60 cm",
        "5 by 8",
        "10 inch",
        '10"',
        "34 oz",
        "500 g",
        "2.50 m",
        "3 piezas",
        "6 peças",
        "12 Stück",
        "8 قطع",
        "١٢ سم",
        "a set of 6",
        "2 people",
        "costs 2 hours",
        "open 9.00 to 18.30",
        "abierto de 9.00 a 18.30",
        "geöffnet 9.30 Uhr",
        "ouvert de 9.00",
        "at 9:30",
        "9:30 h",
        "12.05.2026",
        "12/05/2026",
        "2026-11-22",
        "on 3 May 2026",
        "order 1234",
        "order #1234",
        "pedido 4711",
        "no. 39",
        "MH-1001",
        "v2.10",
        "+52 55 1234 5678",
        "+1 202 555 0117",
        "call 12025550117",
        "100% cotton",
        "feel free to ask",
        "gluten free",
        "4.5 stars",
        "the 2nd one",
        "we answer within 24 hours",
        "5 pounds of coffee",
        "3 libras de café",
        "30 Tage",
        "30 días",
        "48 heures",
        "quedan 5",
        "in stock (17)",
        "the price for 2 people",
        "one moment please",
        "un momento",
        "eine Frage",
        "my top 39",
    ],
)
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert said_prices(plain(text)) == []


@pytest.mark.parametrize(
    ("text", "minor", "true"),
    [
        ("under $50", 3990, True),
        ("under $30", 3990, False),
        ("por menos de 50 pesos", 3990, True),
        ("unter 50 Euro", 3990, True),
        ("over $30", 3990, True),
        ("more than $50", 3990, False),
    ],
)
def test_a_bound_is_held_against_the_price(text: str, minor: int, true: bool) -> None:
    [price] = said_prices(plain(text))
    assert any(price.may_mean(Money(minor, currency)) for currency in ("USD", "MXN", "EUR")) is true


@pytest.mark.parametrize("text", ["39.90 EUR", "€39.90", "39.90 pesos", "39.90 MXN"])
def test_another_currency_is_another_price(text: str) -> None:
    [price] = said_prices(plain(text))
    assert not price.may_mean(Money(3990, "USD"))


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("twenty-one", 21),
        ("one thousand two hundred", 1200),
        ("mil doscientos cincuenta", 1250),
        ("dois mil e quinhentos", 2500),
        ("quatre vingt dix neuf", 99),
        ("soixante-dix", 70),
        ("deux cents", 200),
        ("achtundachtzig", 88),
        ("zweitausend", 2000),
        ("مئة", 100),
        ("ثلاثة وثلاثين", 33),
        ("teapot", None),
    ],
)
def test_numbers_in_words(words: str, value: int | None) -> None:
    assert value_of(words) == value


NOTATIONS = [
    "{whole}.{cents} USD",
    "USD {whole}.{cents}",
    "${whole}.{cents}",
    "{whole},{cents} $",
    "{whole},{cents} dólares",
    "{grouped}.{cents} USD",
    "it costs {whole}.{cents}",
    "{whole} dollars and {cents} cents",
    "{whole}.{cents} دولار",
]


@given(st.integers(100, 999_999_99), st.sampled_from(NOTATIONS), st.sampled_from(["", "Only ", "Hello, "]))
def test_whatever_the_price_and_the_notation_it_is_found(minor: int, notation: str, before: str) -> None:
    whole, cents = divmod(minor, 100)
    text = before + notation.format(whole=whole, cents=f"{cents:02}", grouped=f"{whole:,}")
    assert any(price.may_mean(Money(minor, "USD")) for price in said_prices(plain(text))), text
    assert not any(price.may_mean(Money(minor + 100, "USD")) for price in said_prices(plain(text))), text


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    for price in said_prices(plain(text)):
        assert price.start < price.end
