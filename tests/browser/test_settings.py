"""What connects a seller to WhatsApp and to their own systems, by page: numbers and their webhook."""

from __future__ import annotations

from playwright.sync_api import expect

from ops.local import demo_data
from tests.browser.browsing import DESK, HAND, Watched
from tests.browser.conftest import TENANT
from tests.browser.test_accessible import IS_WIDE, findings
from tests.stack.deployed import Deployed
from tests.stack.test_webhooks import genuine, heard

URL = f"https://{TENANT}.localhost/of-the-page"


def test_a_token_is_replaced_where_meta_takes_it_and_never_shown(seller: Watched) -> None:
    token = next(one.access_token for one in demo_data.tenants() if one.id == TENANT)
    page = seller.visit("/settings/numbers")
    for typed, told in ((f"{token}x", "WhatsApp does not take this access token"), (token, "Replaced.")):
        form = page.locator("details", has_text="Replace the access token")
        if form.get_attribute("open") is None:
            form.locator("summary").click()
        form.get_by_label("Access token").fill(typed)
        form.get_by_role("button", name="Replace").click()
        expect(page.get_by_text(told)).to_be_visible()
        assert token not in page.content()
        assert findings(seller) == []
        seller.complaints.clear()  # the browser itself notes that the first was refused
    expect(page.get_by_text("High")).to_be_visible()  # the quality, as Meta told it just now
    page.set_viewport_size(HAND)
    assert not page.evaluate(IS_WIDE)
    page.set_viewport_size(DESK)


def test_a_webhook_is_set_tried_and_removed(seller: Watched, stack: Deployed) -> None:
    page = seller.visit("/settings/webhook")
    page.get_by_label("Address").fill(URL)
    page.get_by_role("button", name="Set, and show the secret").click()
    secret = page.get_by_label("Secret", exact=True).input_value()
    assert findings(seller) == []
    page.get_by_role("button", name="Send a test event").click()
    expect(page.get_by_text("The test event arrived")).to_be_visible()
    assert secret not in page.content()
    (event,) = heard(stack, URL)
    assert genuine(event["headers"], event["body"].encode(), secret)
    assert findings(seller) == []
    page.set_viewport_size(HAND)
    assert not page.evaluate(IS_WIDE)
    page.set_viewport_size(DESK)
    page.get_by_label("Yes, remove this webhook").check()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("button", name="Set, and show the secret")).to_be_visible()
