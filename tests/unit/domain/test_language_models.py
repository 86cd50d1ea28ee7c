"""What models cost, to the micro-dollar."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.language_models import Prices, Tokens, cost, estimate_tokens, known_model


@pytest.mark.parametrize(
    ("model_id", "input_price"),
    [
        ("amazon.nova-micro-v1:0", 35_000),
        ("amazon.nova-lite-v1:0", 60_000),
        ("us.amazon.nova-lite-v1:0", 60_000),
        ("apac.amazon.nova-pro-v1:0", 800_000),
        ("us-gov.amazon.nova-pro-v1:0", 800_000),
        ("global.anthropic.claude-haiku-4-5-20251001-v1:0", 1_000_000),
        ("eu.anthropic.claude-haiku-4-5-20251001-v1:0", 1_100_000),
        ("jp.anthropic.claude-sonnet-4-5-20250929-v1:0", 3_300_000),
        ("arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.amazon.nova-micro-v1:0", 35_000),
        ("arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-micro-v1:0", 35_000),
        ("arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abc123", None),
        ("amazon.nova-2-lite-v1:0", None),
        ("meta.llama3-8b-instruct-v1:0", None),
        ("", None),
    ],
)
def test_a_model_is_known_under_each_of_its_names(model_id: str, input_price: int | None) -> None:
    known = known_model(model_id)
    assert (known.prices.input if known else None) == input_price


def test_a_million_messages_cost_what_the_price_list_says() -> None:
    micro, lite = (known_model(f"amazon.nova-{name}-v1:0") for name in ("micro", "lite"))
    assert micro is not None
    assert lite is not None
    assert cost(Tokens(1_000 * 10**6, 100 * 10**6), micro.prices) == 49_000_000
    assert cost(Tokens(1_000 * 10**6, 100 * 10**6), lite.prices) == 84_000_000


def test_every_kind_of_token_has_its_price_and_nothing_is_rounded_away() -> None:
    prices = Prices(1_000_000, 10_000_000, 100_000_000, 1_000_000_000)
    assert cost(Tokens(1, 2, 3, 4), prices) == 1 + 20 + 300 + 4000
    assert cost(Tokens(1), Prices(1, 0, 0, 0)) == 1
    assert cost(Tokens(), prices) == 0


# Texts and how many tokens the models' own tokenizers are known to make of the like: four characters of English to
# a token, three of other European languages, two of Arabic.
@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("How much is the blue mug, and do you have it in stock? " * 10, 140),
        ("¿Cuánto cuesta la taza azul y cuántas quedan disponibles? " * 10, 170),
        ("كم سعر الكوب الأزرق وهل هو متوفر لديكم الآن؟ " * 10, 220),
        ("🫖🍵" * 50, 250),
        ("", 0),
    ],
)
def test_the_estimate_is_rather_too_high(text: str, least: int) -> None:
    assert estimate_tokens(text) >= least


@given(st.text(), st.text())
def test_more_text_is_not_fewer_tokens(text: str, more: str) -> None:
    assert estimate_tokens(text) <= estimate_tokens(text + more) <= estimate_tokens(text) + estimate_tokens(more) + 1
