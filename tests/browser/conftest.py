from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.browsing import ON_THE_WAY_MS, Watched, chromium, log_in, watched
from tests.stack.deployed import Deployed
from tests.stack.phone import Customer, new_customer

TENANT = "maple-home"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = chromium(playwright)
        yield started
        started.close()


@pytest.fixture(scope="module")
def seller(browser: Browser, stack: Deployed) -> Iterator[Watched]:
    with watched(browser, stack) as seen:
        log_in(seen, stack, TENANT)
        yield seen


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    context.set_default_timeout(ON_THE_WAY_MS)
    yield context.new_page()
    context.close()


@pytest.fixture
def customer() -> Customer:
    return new_customer()
