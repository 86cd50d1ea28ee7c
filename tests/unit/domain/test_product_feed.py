from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.catalogue import Money, Product, ProductId, Sale
from domain.feed_rows import FeedRow
from domain.product_feed import FaultyRowError, FeedDefaults, column_of, parse_price, parse_product, product_id_of

DEFAULTS = FeedDefaults(currency="MXN", language="es")
LEAST = {"id": "MUG-1", "title": "Mug", "price": "12.50 USD"}


def row(**fields: str) -> FeedRow:
    return FeedRow(2, {**LEAST, **fields}, tuple(fields))


def parsed(**fields: str) -> Product:
    return parse_product(row(**fields), DEFAULTS)


def reasons(**fields: str) -> tuple[str, ...]:
    with pytest.raises(FaultyRowError) as refused:
        parse_product(FeedRow(2, {name: value for name, value in {**LEAST, **fields}.items() if value}), DEFAULTS)
    return refused.value.reasons


def test_the_least_that_makes_a_product() -> None:
    assert parsed() == Product(ProductId("MUG-1"), "Mug", Money(1250, "USD"), language="es")


def test_metas_columns() -> None:
    product = parsed(
        description="Stoneware",
        availability="out of stock",
        quantity_to_sell_on_facebook="0",
        link="https://shop.example/mug",
        image_link="https://shop.example/mug.jpg",
        brand="Maple",
        google_product_category="Kitchen > Mugs",
        color="blue",
        status="archived",
        sale_price="9.99 USD",
        sale_price_effective_date="2026-11-20T00:00-05:00/2026-11-30T23:59-05:00",
    )
    assert product == Product(
        ProductId("MUG-1"),
        "Mug",
        Money(1250, "USD"),
        description="Stoneware",
        category="Kitchen > Mugs",
        link="https://shop.example/mug",
        language="es",
        available=False,
        stock=0,
        active=False,
        image_link="https://shop.example/mug.jpg",
        attributes={"brand": "Maple", "color": "blue"},
        sale=Sale(
            Money(999, "USD"),
            datetime(2026, 11, 20, 5, tzinfo=UTC),
            datetime(2026, 12, 1, 4, 59, tzinfo=UTC),
        ),
    )


def test_googles_columns() -> None:
    fields = {
        "g:id": "9",
        "g:title": "Mug",
        "g:price": "USD 7",
        "g:availability": "in_stock",
        "g:product_type": "Mugs",
        "content language": "pt-BR",
        "sell_on_google_quantity": "12.0",
    }
    product = parse_product(FeedRow(2, fields), DEFAULTS)
    assert (product.product_id, product.price, product.available) == ("9", Money(700, "USD"), True)
    assert (product.category, product.language, product.stock) == ("Mugs", "pt", 12)


def test_the_plain_names_of_a_spreadsheet() -> None:
    fields = {"SKU": "9", "Name": "Mug", "Price": "7", "Quantity": "3", "Image URL": "https://x.example/i.png"}
    product = parse_product(FeedRow(2, fields), DEFAULTS)
    assert product == Product(
        ProductId("9"), "Mug", Money(700, "MXN"), stock=3, image_link="https://x.example/i.png", language="es"
    )


def test_a_column_that_nobody_knows_is_nobodys() -> None:
    assert column_of("shelf") is None
    assert column_of(" G:Sale Price ") == "sale_price"


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("34.90 USD", Money(3490, "USD")),
        ("34.9 USD", Money(3490, "USD")),
        ("34 usd", Money(3400, "USD")),
        ("USD34.90", Money(3490, "USD")),
        ("1,299.00 USD", Money(129900, "USD")),
        ("1,299,000 COP", Money(129900000, "COP")),
        ("34.9000 USD", Money(3490, "USD")),
        ("1200 JPY", Money(1200, "JPY")),
        ("1200.00 JPY", Money(1200, "JPY")),
        ("1.234 KWD", Money(1234, "KWD")),
        ("0 USD", Money(0, "USD")),
        ("5", Money(500, "MXN")),
        ("٣.٥ USD", Money(350, "USD")),
    ],
)
def test_prices_are_read_exactly(text: str, money: Money) -> None:
    assert parse_price(text, "MXN") == money


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("12,50 EUR", "two ways"),
        ("1,299 USD", "two ways"),
        ("1.299 EUR", "two ways"),
        ("12.500 USD", "two ways"),
        ("1,29,000 INR", "two ways"),
        ("12.50 JPY", "JPY has 0"),
        ("12.3456 USD", "USD has 2"),
        ("-3 USD", "no price"),
        ("$12.50", "no price"),
        ("twelve", "no price"),
        ("1e3 USD", "no price"),
        ("9" * 14 + " USD", "too much"),
    ],
)
def test_a_price_that_is_not_plain_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_price(text, "MXN")


def test_a_price_without_any_currency_is_refused() -> None:
    with pytest.raises(ValueError, match="no currency"):
        parse_price("12.50")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"id": ""}, "no id"),
        ({"title": ""}, "no title"),
        ({"price": ""}, "no price"),
        ({"id": "x" * 101}, "id has 101 characters, at most 100 are allowed"),
        ({"title": "x" * 201}, "title has 201"),
        ({"color": "x" * 201}, "color has 201"),
        ({"availability": "maybe"}, "availability: “maybe”"),
        ({"stock": "-1"}, "stock: “-1”"),
        ({"stock": "some"}, "stock: “some”"),
        ({"link": "javascript:alert(1)"}, "link: “javascript"),
        ({"link": "https://a b"}, "link: "),
        ({"image_link": "//x.example/i.png"}, "image_link: "),
        ({"language": "Spanish!"}, "language: "),
        ({"status": "perhaps"}, "active: “perhaps”"),
        ({"sale_price": "9 EUR"}, "sale_price: in EUR"),
        ({"sale_price": "9", "sale_price_effective_date": "soon"}, "sale_price_effective_date"),
        ({"sale_price": "9", "sale_price_effective_date": "2026-12-02/2026-12-01"}, "ends before"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_is_not_in_order_is_told(fields: dict[str, str], reason: str) -> None:
    [told] = reasons(**fields)
    assert reason in told


def test_every_reason_of_a_row_is_told_at_once() -> None:
    assert len(reasons(title="", price="12,50", stock="x")) == 3


def test_a_row_that_could_not_be_read_is_faulty_whatever_it_holds() -> None:
    with pytest.raises(FaultyRowError, match="broken"):
        parse_product(FeedRow(2, LEAST, fault="broken"), DEFAULTS)
    assert product_id_of(FeedRow(2, LEAST, fault="broken")) == "MUG-1"


def test_a_date_alone_is_the_whole_day() -> None:
    sale = parsed(sale_price="9 USD", sale_price_effective_date="2026-11-20/2026-11-30").sale
    assert sale is not None
    assert sale.on_at(datetime(2026, 11, 30, 23, 59, tzinfo=UTC))
    assert not sale.on_at(datetime(2026, 12, 1, tzinfo=UTC))
    assert not sale.on_at(datetime(2026, 11, 19, 23, tzinfo=UTC))


@pytest.mark.parametrize(("day", "minor"), [(19, 1250), (20, 900), (30, 900)])
def test_a_product_costs_what_it_costs_on_that_day(day: int, minor: int) -> None:
    product = parsed(sale_price="9 USD", sale_price_effective_date="2026-11-20/2026-11-30")
    then = product.at(datetime(2026, 11, day, 12, tzinfo=UTC))
    assert (then.price, then.sale) == (Money(minor, "USD"), None)
