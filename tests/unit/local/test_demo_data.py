from __future__ import annotations

import json

import pytest

from domain.catalogue import Money
from domain.waiting import USUAL_TIMES, WaitingTimes
from ops.local import demo_data


def test_every_seller_has_a_catalogue_in_its_currency() -> None:
    sellers = demo_data.tenants()
    assert len(sellers) >= 2
    for seller in sellers:
        products = demo_data.catalogue(seller.id)
        assert products
        assert {product.price.currency for product in products} == {seller.currency}
        assert len({product.product_id for product in products}) == len(products)


def test_templates_are_of_sellers_that_are_there_and_say_something() -> None:
    held = {seller.id: demo_data.templates(seller.id) for seller in demo_data.tenants()}
    written = json.loads((demo_data.DEMO / "templates.json").read_text(encoding="utf-8"))
    assert set(written) <= set(held)
    templates = [template for of_seller in held.values() for template in of_seller]
    assert all(template.component("BODY").get("text") for template in templates)
    assert {template.status for template in templates} == {"APPROVED", "PAUSED", "REJECTED"}
    assert {template.parameter_format for template in templates} == {"POSITIONAL", "NAMED"}
    assert demo_data.templates("nobody") == []


def test_numbers_belong_to_one_seller_each() -> None:
    sellers = demo_data.tenants()
    assert len({seller.number.phone_number_id for seller in sellers}) == len(sellers)


def test_the_secret_of_a_token_is_named_by_seller_and_number() -> None:
    seller = demo_data.tenants()[0]
    secret = seller.whatsapp_number("shop/tenants/").access_token_secret
    assert secret == f"shop/tenants/{seller.id}/{seller.number.phone_number_id}"


def test_one_seller_says_how_long_customers_may_wait_and_another_leaves_it_as_is_usual() -> None:
    times = {seller.whatsapp_number("shop/tenants/").tenant.waiting for seller in demo_data.tenants()}
    assert USUAL_TIMES in times
    assert WaitingTimes(20, 40, 90) in times


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("34.90 USD", Money(3490, "USD")),
        ("34.9 USD", Money(3490, "USD")),
        ("34 USD", Money(3400, "USD")),
        ("1200 JPY", Money(1200, "JPY")),
        ("1.234 KWD", Money(1234, "KWD")),
    ],
)
def test_prices_are_read_exactly(text: str, money: Money) -> None:
    assert demo_data.parse_price(text) == money


def test_a_price_finer_than_its_currency_is_refused() -> None:
    with pytest.raises(ValueError, match="JPY"):
        demo_data.parse_price("12.50 JPY")
