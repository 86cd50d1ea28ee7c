"""A seller's browser and a customer's phone, both real ones, on the deployed stack."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Playwright, ViewportSize, expect

from tests.stack.deployed import Deployed
from tests.stack.phone import Customer, control

DESK = ViewportSize(width=1440, height=900)
HAND = ViewportSize(width=390, height=844)

ON_THE_WAY_MS = 180_000
"""From a phone through the functions to a page, the first time, on a busy machine: each of them is cold then."""


def chromium(playwright: Playwright) -> Browser:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "these tests need Chromium (Debian: apt-get install chromium)"
    return playwright.chromium.launch(executable_path=path, args=["--no-sandbox"], timeout=ON_THE_WAY_MS)


@dataclass
class Watched:
    """A page, and whatever it complained of."""

    page: Page
    front: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(ON_THE_WAY_MS)
        expect.set_options(timeout=ON_THE_WAY_MS)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", self._asked)

    def _heard(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.complaints.append(said.text)

    def _asked(self, dialog: Dialog) -> None:
        self.complaints.append(dialog.message)
        dialog.dismiss()

    def visit(self, path: str) -> Page:
        self.page.goto(f"{self.front}{path}")
        return self.page


@contextmanager
def watched(browser: Browser, stack: Deployed, *, scripts: bool = True, hand: bool = False) -> Iterator[Watched]:
    context = browser.new_context(
        viewport=HAND if hand else DESK, java_script_enabled=scripts, locale="en-US", reduced_motion="reduce"
    )
    seen = Watched(context.new_page(), stack.file.front_url)
    try:
        yield seen
        assert seen.complaints == []
    finally:
        context.close()


def log_in(seen: Watched, stack: Deployed, tenant_id: str, role: str = "tenant_admin") -> None:
    user = next(one for one in stack.file.users if (one.tenant_id, one.role) == (tenant_id, role))
    page = seen.visit("/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password", exact=True).fill(user.password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/inbox")


def write_on_the_phone(page: Page, stack: Deployed, tenant_id: str, customer: Customer, words: str) -> None:
    """As the customer does, on the page that plays their phone."""
    composer = page.locator(".compose-field")
    if not composer.count():
        control(stack, "POST", "customers", {"wa_id": customer.wa_id, "profile_name": customer.name})
        page.goto(f"{stack.file.front_url}/phone/#chat/{stack.tenant(tenant_id).phone_number_id}")
        page.locator(".person", has_text=customer.name).click()
    composer.fill(words)
    page.get_by_role("button", name="Send", exact=True).click()
