"""A catalogue is imported from a page; what is shown as used is what the table holds."""

from __future__ import annotations

from playwright.sync_api import FilePayload, expect

from domain.usage import ANSWERS, ESCALATIONS, MESSAGES, SENDS
from tests.browser.browsing import Watched
from tests.browser.conftest import TENANT
from tests.stack.deployed import Deployed

_FAULTY = {
    7: "B-0007,,9.90 USD,in stock",
    400: "B-0400,Priced in words,ten dollars,in stock",
    900: "B-0900,Perhaps there,9.90 USD,perhaps",
}


def _feed() -> bytes:
    rows = [_FAULTY.get(number, f"B-{number:04d},Browser product {number},9.90 USD,in stock") for number in range(1000)]
    return "\n".join(["id,title,price,availability", *rows]).encode()


def test_a_file_with_three_faulty_rows_of_a_thousand(seller: Watched) -> None:
    page = seller.visit("/catalogue/imports")
    file = FilePayload(name="spring.csv", mimeType="text/csv", buffer=_feed())
    page.get_by_label("File with products").set_input_files(file)
    page.get_by_role("button", name="Import").click()
    progress = page.locator("#progress")
    expect(progress.get_by_text("Done")).to_be_visible()
    expect(progress.locator(".figure", has_text="Rows read").locator("dd")).to_have_text("1,000")
    expect(progress.locator(".figure", has_text="Products stored").locator("dd")).to_have_text("997")
    expect(progress.locator(".figure", has_text="Faulty rows").locator("dd")).to_have_text("3")
    lines = progress.locator("tbody td.number").all_text_contents()
    assert lines == [str(number + 2) for number in _FAULTY]

    seller.visit("/catalogue?q=browser product 999")
    expect(page.get_by_role("rowheader", name="Browser product 999")).to_be_visible()


def test_the_usage_page_is_what_the_table_holds(seller: Watched, stack: Deployed) -> None:
    stack.wait_until_idle()
    page = seller.visit("/usage")
    shown = dict(
        zip(page.locator(".figure dt").all_text_contents(), page.locator(".figure dd").all_text_contents(), strict=True)
    )
    held = stack.usage(TENANT)
    assert shown == {
        "Messages from customers": f"{held[MESSAGES]:,}",
        "Answers of the assistant": f"{held[ANSWERS]:,}",
        "Sent by people": f"{held[SENDS]:,}",
        "Calls for a person": f"{held[ESCALATIONS]:,}",
    }
    assert held[MESSAGES] > 0
