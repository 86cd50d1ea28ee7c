"""axe on every page of the seller's; contrast in light and in dark is computed in tests/unit/pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from domain.usage import month_of
from tests.browser.browsing import DESK, HAND, Watched, watched
from tests.browser.conftest import TENANT
from tests.stack.deployed import Deployed
from tests.stack.phone import Chat, new_customer

_PAGES = (
    "/inbox",
    "/inbox?tab=all",
    "/customers",
    "/catalogue?q=skillet",
    "/catalogue/new",
    "/catalogue/imports",
    "/usage",
    f"/usage/statement?month={month_of(datetime.now(UTC))}",
    "/settings/general",
    "/settings/assistant",
    "/settings/escalation",
    "/settings/hours",
    "/settings/canned",
    "/settings/members",
    "/settings/numbers",
    "/settings/webhook",
    "/preferences",
    "/account/totp",
    "/nowhere",
)

IS_WIDE = "document.documentElement.scrollWidth > innerWidth"


def findings(seen: Watched) -> list[dict[str, Any]]:
    found = Axe().run(seen.page).response["violations"]
    return [
        {"rule": one["id"], "impact": one["impact"], "where": [node["html"][:120] for node in one["nodes"]]}
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("path", _PAGES)
def test_no_page_shuts_anybody_out(seller: Watched, path: str) -> None:
    seller.visit(path)
    if path == "/nowhere":
        seller.complaints.clear()  # the browser itself notes that the page is not there
    assert findings(seller) == []
    seller.page.set_viewport_size(HAND)
    assert not seller.page.evaluate(IS_WIDE)
    seller.page.set_viewport_size(DESK)


def test_no_conversation_shuts_anybody_out(seller: Watched, stack: Deployed) -> None:
    customer = new_customer()
    Chat(stack, stack.tenant(TENANT), customer).say("I want to talk to a person")
    page = seller.visit("/inbox")
    page.get_by_text(customer.name).click()
    page.get_by_role("log").wait_for()
    assert findings(seller) == []
    page.set_viewport_size(HAND)
    assert findings(seller) == []
    assert not page.evaluate(IS_WIDE)
    page.set_viewport_size(DESK)


def test_no_rehearsal_shuts_anybody_out(seller: Watched) -> None:
    page = seller.visit("/settings/assistant")
    page.get_by_label("A customer's message").fill("Do you have a skillet? Thanks!")
    page.get_by_role("button", name="Ask").click()
    page.locator("#rehearsed .bubble").first.wait_for()
    assert findings(seller) == []
    page.set_viewport_size(HAND)
    assert not page.evaluate(IS_WIDE)
    page.set_viewport_size(DESK)


def test_who_is_not_logged_in_is_not_shut_out(browser: Browser, stack: Deployed) -> None:
    with watched(browser, stack, hand=True) as seen:
        seen.visit("/login")
        assert findings(seen) == []
