"""A seller's usage and statement as pages, over fakes."""

from __future__ import annotations

import re

import pytest

from domain.usage import UsageDelta, month_of
from tests.builders import ACME, NOON
from tests.fakes.api_shop import Shop
from tests.unit.handlers.gui.conftest import Seller

MONTH = month_of(NOON)


@pytest.fixture
def _charged_and_not(shop: Shop) -> None:
    counters = {"billable_service": 7, "free_service": 3, "free_referral_conversion": 2}
    shop.store.count(ACME, UsageDelta(MONTH, counters))


@pytest.mark.usefixtures("_charged_and_not")
def test_what_meta_charges_and_what_not_stands_by_its_category(admin: Seller) -> None:
    _, _, behind = _usage(admin).partition("Messages by Meta")
    rows = re.findall(r'<th scope="row">([^<]+)</th><td class="number">(\d+)</td><td class="number">(\d+)</td>', behind)
    assert rows[:2] == [("Behind an ad or a button", "0", "2"), ("Service", "7", "3")]


def test_where_meta_has_told_nothing_no_category_stands(admin: Seller) -> None:
    assert "Messages by Meta" not in _usage(admin)


@pytest.mark.usefixtures("_charged_and_not")
def test_the_statement_has_both(admin: Seller) -> None:
    page = admin.get("/usage/statement", month=MONTH).html
    assert "Charged by Meta" in page
    assert "Not charged by Meta" in page


def _usage(admin: Seller) -> str:
    page = admin.get("/usage")
    assert page.status == 200
    return page.html
