"""A draft, held against the catalogue."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import wording
from domain.catalogue import Money, Product
from domain.findings import FindingKind
from domain.grounding import Evidence, ungrounded
from domain.languages import LANGUAGES
from domain.tenants import TenantId
from ops.local import demo_data
from tests.builders import product

MAPLE, FLOR = TenantId("maple-home"), TenantId("flor-de-cafe")
PRODUCTS = [one for tenant_id in (MAPLE, FLOR) for one in demo_data.catalogue(tenant_id)]

PRESS = product(
    "P", "French Press 34 oz", price=Money(3990, "USD"), stock=17, link="https://maple-home.example/p/french-press"
)
SKILLET = product("S", "Cast Iron Skillet 10 inch", price=Money(3490, "USD"), stock=42)
PIN = product("R", "Marble Rolling Pin", price=Money(3120, "USD"), stock=0)
EVIDENCE = Evidence([PRESS, SKILLET, PIN], links=["https://maple-home.example/help"], own_names=["Maple Home"])


def kinds(text: str, evidence: Evidence = EVIDENCE) -> list[str]:
    return [str(finding.kind) for finding in ungrounded(text, evidence)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("of", PRODUCTS, ids=lambda of: of.product_id)
def test_the_catalogues_own_line_is_grounded(of: Product, language: str) -> None:
    line = wording.product_line(of, language)
    assert ungrounded(line, Evidence([of])) == ()
    assert ungrounded(line, Evidence([one for one in PRODUCTS if one.price.currency == of.price.currency])) == ()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("of", PRODUCTS, ids=lambda of: of.product_id)
def test_another_price_or_stock_is_not(of: Product, language: str) -> None:
    dearer = replace(of, price=replace(of.price, minor=of.price.minor + 100))
    assert kinds(wording.product_line(dearer, language), Evidence([of])) == [FindingKind.PRICE]
    changed = replace(of, stock=0 if of.in_stock else 7, available=not of.in_stock)
    assert set(kinds(wording.product_line(changed, language), Evidence([of]))) == {FindingKind.STOCK}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_house_says_itself_is_grounded(language: str) -> None:
    nothing = Evidence([], own_names=["Shop.com"])
    for texts in (wording.GREETING, wording.HANDOVER_NOTE, wording.WAITING_NOTE, wording.ORDER_NOTE):
        assert ungrounded(texts[language].format(name="Shop.com"), nothing) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Sure! The French Press 34 oz is $39.90 and we have 17 in stock.",
        "The French press costs 39.90 USD.",
        "The French Press is 39.90 and the skillet 34.90.",
        "39.90 USD for the French Press, 34.90 USD for the skillet.",
        "**French Press 34 oz**\n- Price: $39.90\n- Stock: 17",
        "*French Press 34 oz*: 39.90",
        "Great news! It's 39.90 USD.",
        "Thanks for waiting, it costs 39.90 USD.",
        "Do you mean the skillet at $34.90?",
        "The skillet, 10 inch, is 34,90 $ (42 left).",
        "Both are under $50.",
        "The rolling pin is sold out, sorry.",
        "We have a lovely French press for you.",
        "We have great products for every kitchen.",
        "We have received your message.",
        "Here it is: https://maple-home.example/p/french-press",
        "More at https://maple-home.example/help.",
        "A colleague is available from 9 to 18.",
        "I can help you with that. Would you like the 34 oz one?",
        "Sí, la French Press 34 oz cuesta 39,90 dólares y quedan 17.",
        "A French Press 34 oz custa 39,90 USD e está disponível.",
        "La French Press 34 oz coûte 39,90 $ et il en reste 17.",
        "Die French Press 34 oz kostet 39,90 Dollar, 17 auf Lager.",
        "\u200fFrench Press 34 oz سعرها ٣٩٫٩٠ دولار، متوفر (١٧)",
        "For the press it's thirty-nine dollars and ninety cents.",
        "Maple Home is open from 9.00 to 18.00.",
        "",
    ],
)
def test_what_the_catalogue_says_is_grounded(text: str) -> None:
    assert ungrounded(text, EVIDENCE) == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The French press costs 29.90 USD.", "price"),
        ("The French press costs 34.90 USD.", "price"),  # the skillet's
        ("The French Press is 34.90 and the skillet 39.90.", "price"),
        ("34.90 USD for the French Press, 39.90 USD for the skillet.", "price"),
        ("It's €39.90.", "price"),
        ("It is around $40.", "price"),
        ("The French Press is 20% off today.", "price"),
        ("The French Press comes with free shipping.", "price"),
        ("La prensa French Press cuesta treinta dólares.", "price"),
        ("Die French Press kostet dreißig Dollar.", "price"),
        ("\u200fFrench Press سعرها ٢٩٫٩٠ دولار", "price"),
        ("The French Press 34 oz: 29", "price"),
        ("Two French presses would be 79.80 USD.", "price"),
        ("We have 18 French presses in stock.", "stock"),
        ("Only 2 French presses left!", "stock"),
        ("Solo quedan 2 French Press.", "stock"),
        ("Nur noch wenige: French Press 34 oz.", "stock"),
        ("The rolling pin is in stock.", "stock"),
        ("The French Press is sold out.", "stock"),
        ("Purple Kettle — 39.90 USD", "product"),
        ("The purple kettle costs 39.90 USD.", "product"),
        ("Yes, we sell the Purple Kettle.", "product"),
        ("We have French presses and purple kettles.", "product"),
        ("Tenemos teteras moradas.", "product"),
        ("Wir haben lila Wasserkocher.", "product"),
        ("Buy it at https://evil.example/p/french-press", "link"),
        ("Pay here: evil dot com", "link"),
        ("https://maple-home.example/p/rolling-pin", "link"),
        ("Write to wa.me/12025550143", "link"),
    ],
)
def test_what_it_does_not_say_is_a_finding(text: str, kind: str) -> None:
    assert kind in kinds(text)


def test_without_evidence_nothing_can_be_had() -> None:
    nothing = Evidence([])
    assert kinds("Yes, it is in stock.", nothing) == [FindingKind.STOCK]
    assert kinds("It costs 39.90 USD.", nothing) == [FindingKind.PRICE]
    assert kinds("Sorry, that is not in stock.", nothing) == []


def test_a_fact_that_was_looked_up_proves_its_own_price_and_link() -> None:
    looked_up = Evidence([PRESS], facts=['{"total": "81.80 USD", "tracking": "https://post.example/t/1"}'])
    assert ungrounded("The total of your order is 81.80 USD: https://post.example/t/1", looked_up) == ()
    assert kinds("The total of your order is 81.90 USD.", looked_up) == [FindingKind.PRICE]


def test_a_finding_says_what_is_not_grounded() -> None:
    [finding] = ungrounded("The French press costs 29.90 USD.", EVIDENCE)
    assert finding.said == "29.90 usd"


@pytest.mark.parametrize(
    "text",
    ["a" * 4096, "a-" * 2048, "a." * 2048, "1 " * 2048, "$1-" * 1365, "one " * 1000, "عشرين " * 680, "not in " * 580],
)
def test_no_draft_holds_the_worker_up(text: str) -> None:
    """Patterns that go back and forth would take minutes; these take a tenth of a second."""
    started = process_time()
    ungrounded(text, EVIDENCE)
    assert process_time() - started < 5


@given(
    st.sampled_from(PRODUCTS), st.sampled_from(LANGUAGES), st.integers(1, 10**9), st.sampled_from(["", "Hola. ", "- "])
)
def test_no_other_price_passes_for_any_product(of: Product, language: str, off_by: int, before: str) -> None:
    said = replace(of, price=replace(of.price, minor=of.price.minor + off_by))
    assert FindingKind.PRICE in kinds(before + wording.product_line(said, language), Evidence([of]))


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    ungrounded(text, EVIDENCE)
