"""The small search, and money."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalogue import Money, Product, ProductId, minor_digits
from domain.product_search import rank, words_asked_for


def product(title: str, description: str = "", category: str = "") -> Product:
    return Product(ProductId(title), title, Money(1000, "USD"), description, category)


SHOP = [
    product("Cast Iron Skillet 10 inch", "Pre-seasoned", "Kitchen"),
    product("French Press 34 oz", "Keeps coffee hot", "Kitchen > Coffee"),
    product("Stoneware Mug Forest Green", "Glazed by hand", "Kitchen > Coffee"),
    product("Stoneware Mug Sky Blue", "Glazed by hand", "Kitchen > Coffee"),
    product("Jute Area Rug", "Braided", "Living"),
    product("Beeswax Candle", "Burns 60 hours", "Lighting"),
    product("Café de Chiapas", "Tueste medio", "Café"),
    product("كوب سيراميك أزرق", "مصنوع يدويا", "اكواب"),
]


def titles(question: str, limit: int = 3) -> list[str]:
    return [hit.product.title for hit in rank(SHOP, question, limit)]


@pytest.mark.parametrize(
    ("question", "best"),
    [
        pytest.param("French Press 34 oz", "French Press 34 oz", id="exact"),
        pytest.param("how much is the FRENCH PRESS?", "French Press 34 oz", id="case and asking words"),
        pytest.param("frnch press", "French Press 34 oz", id="typing error"),
        pytest.param("skilet", "Cast Iron Skillet 10 inch", id="missing letter"),
        pytest.param("candles", "Beeswax Candle", id="plural"),
        pytest.param("rugs", "Jute Area Rug", id="plural of a short word"),
        pytest.param("blue mug", "Stoneware Mug Sky Blue", id="the rarer word decides"),
        pytest.param("green mugs please", "Stoneware Mug Forest Green", id="both words"),
        pytest.param("cuánto cuesta el cafe de chiapas", "Café de Chiapas", id="no accent"),
        pytest.param("كم سعر الكوب سيراميك", "كوب سيراميك أزرق", id="Arabic"),
        pytest.param("braided", "Jute Area Rug", id="description"),
    ],
)
def test_the_best_hit_comes_first(question: str, best: str) -> None:
    assert titles(question)[0] == best


@pytest.mark.parametrize("question", ["", "?", "how much is it", "do you have", "hola buenos dias", "هل عندكم", "🙂"])
def test_who_names_nothing_finds_nothing(question: str) -> None:
    assert words_asked_for(question) == ()
    assert rank(SHOP, question, 3) == []


@pytest.mark.parametrize("question", ["bicycle", "human hair", "where is my parcel 991", "ru", "xyzzy plugh"])
def test_unknown_words_score_low_or_find_nothing(question: str) -> None:
    assert all(hit.score < 0.5 for hit in rank(SHOP, question, 3))


SURE = 0.55

SIZES = [
    product("Café de Chiapas en grano 500 g", "Tueste medio", "Café"),
    product("Espresso Noche Larga 1 kg", "Tueste oscuro, crema espesa", "Café"),
    product("Cafetera italiana 6 tazas", "Para estufa de gas", "Accesorios"),
    product("Taza de Talavera azul 300 ml", "Pintada a mano", "Accesorios"),
    product("Cajeta envinada 370 g", "Leche de cabra", "Dulces"),
    product("Chef's Knife 8 inch", "Walnut handle, sheath included", "Tools"),
    product("Enamelled Dutch Oven 5 quart", "Cranberry red", "Cookware"),
    product("Woven Storage Basket", "Leather handles", "Living"),
    product("Marble Rolling Pin", "Beech cradle", "Baking"),
    product("Linen Table Runner Oat", "European linen", "Dining"),
    product("Glass Mixing Bowls Set of 3", "With lids", "Baking"),
    product("Stovetop Kettle Matte Black", "Whistles", "Coffee"),
]


def sure_of(question: str) -> set[str]:
    return {hit.product.title for hit in rank(SIZES, question, 3) if hit.score >= SURE}


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("dutch oven", "Enamelled Dutch Oven 5 quart"),
        ("oven", "Enamelled Dutch Oven 5 quart"),
        ("cranberry dutch oven", "Enamelled Dutch Oven 5 quart"),
        ("knives", "Chef's Knife 8 inch"),
        ("knife 8 inches", "Chef's Knife 8 inch"),
        ("how much is the 8inch knife", "Chef's Knife 8 inch"),
        ("2 kettles please", "Stovetop Kettle Matte Black"),
        ("stove top kettle", "Stovetop Kettle Matte Black"),
        ("rollingpin", "Marble Rolling Pin"),
        ("marble rolling pn", "Marble Rolling Pin"),
        ("bowls for mixing", "Glass Mixing Bowls Set of 3"),
        ("¿tienen tazas?", "Taza de Talavera azul 300 ml"),
        ("cafetera", "Cafetera italiana 6 tazas"),
        ("café chiapas 500g", "Café de Chiapas en grano 500 g"),
        ("cuanto vale el cafe de chiapas", "Café de Chiapas en grano 500 g"),
        ("whats the prise of the stovtop ketle", "Stovetop Kettle Matte Black"),
        ("presio de la cafetera porfa", "Cafetera italiana 6 tazas"),
        ("is the dutch oven back in stock", "Enamelled Dutch Oven 5 quart"),
        ("whats the prcie", None),
    ],
)
def test_what_is_named_is_found_alone(question: str, found: str | None) -> None:
    assert sure_of(question) == ({found} if found else set())


def test_a_word_that_asks_when_mistyped_may_be_a_products_name() -> None:
    shop = [product("Prize Rosette", "Satin"), product("Rosette", "Paper")]
    assert [hit.product.title for hit in rank(shop, "prize price", 2)] == ["Prize Rosette"]


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("cuanto vale el cafe chiapas 1 kg", id="another size"),
        pytest.param("knife 12 inch", id="another size in English"),
        pytest.param("1 kg", id="a size alone"),
        pytest.param("cast iron kettle", id="a material that this one has not"),
        pytest.param("knife block", id="a thing for the thing"),
        pytest.param("marble table", id="a material and another thing"),
        pytest.param("do you have lids for the glass mixing bowls?", id="a part of the thing"),
        pytest.param("¿tienen leche?", id="an ingredient"),
        pytest.param("do you have it in red", id="a colour in a description"),
        pytest.param("walnut handle", id="words of a description alone"),
        pytest.param("cable", id="another word that differs in its first letter"),
        pytest.param("taza roja", id="a colour that this one has not"),
    ],
)
def test_what_only_looks_alike_is_a_guess(question: str) -> None:
    assert sure_of(question) == set()


def test_scores_say_how_much_of_the_question_is_met() -> None:
    [exact, *_] = rank(SHOP, "french press", 1)
    [partly, *_] = rank(SHOP, "french bicycle", 1)
    [elsewhere, *_] = rank(SHOP, "braided", 1)
    assert exact.score == 1
    assert partly.score < 0.5
    assert 0 < elsewhere.score < 1


def test_a_title_counts_more_than_a_description() -> None:
    shop = [product("Stand", "for coffee"), product("Coffee", "a bag")]
    assert rank(shop, "coffee", 2)[0].product.title == "Coffee"


def test_the_limit_holds_and_an_empty_shop_has_nothing() -> None:
    assert len(titles("mug", 1)) == 1
    assert len(titles("mug", 5)) == 2
    assert rank([], "mug", 3) == []


@given(st.text(st.characters()), st.integers(1, 5))
def test_any_question_is_ranked(question: str, limit: int) -> None:
    hits = rank(SHOP, question, limit)
    assert len(hits) <= limit
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 < hit.score <= 1 for hit in hits)


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [
        (3490, "USD", "34.90 USD"),
        (5, "USD", "0.05 USD"),
        (0, "EUR", "0.00 EUR"),
        (100, "MXN", "1.00 MXN"),
        (1500, "JPY", "1500 JPY"),
        (0, "CLP", "0 CLP"),
        (1234, "KWD", "1.234 KWD"),
        (7, "BHD", "0.007 BHD"),
        (9_007_199_254_740_993, "USD", "90071992547409.93 USD"),
        (10**20, "JPY", f"{10**20} JPY"),
    ],
)
def test_money_is_written_with_its_currencys_digits_and_never_rounded(minor: int, currency: str, written: str) -> None:
    assert str(Money(minor, currency)) == written


@pytest.mark.parametrize(("currency", "digits"), [("USD", 2), ("JPY", 0), ("TND", 3), ("XOF", 0), ("???", 2)])
def test_digits_of_a_currency(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


@pytest.mark.parametrize(
    ("available", "stock", "in_stock"), [(True, None, True), (True, 3, True), (True, 0, False), (False, 3, False)]
)
def test_in_stock(*, available: bool, stock: int | None, in_stock: bool) -> None:
    assert Product(ProductId("1"), "Mug", Money(1, "USD"), available=available, stock=stock).in_stock is in_stock
