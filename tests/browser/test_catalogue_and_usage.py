"""A catalogue is imported from a page; what is shown as used is what the table holds; the assistant is tried out."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from playwright.sync_api import FilePayload, expect

from adapters.dynamodb_usage import read_usage
from domain.tenants import TenantId
from domain.usage import ANSWERS, ESCALATIONS, MESSAGES, SENDS, month_of
from tests.browser.browsing import Watched
from tests.browser.conftest import TENANT
from tests.stack.deployed import Deployed
from tests.stack.phone import sends

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
    month = month_of(datetime.now(UTC))  # what came an hour ago may be last month's
    held = Counter(read_usage(stack.file.tables["tenant-usage"], TenantId(TENANT), month))
    assert shown == {
        "Messages from customers": f"{held[MESSAGES]:,}",
        "Answers of the assistant": f"{held[ANSWERS]:,}",
        "Sent by people": f"{held[SENDS]:,}",
        "Calls for a person": f"{held[ESCALATIONS]:,}",
    }
    assert held[MESSAGES] > 0


def test_the_assistant_is_tried_out_and_nothing_is_sent(seller: Watched, stack: Deployed) -> None:
    stack.wait_until_idle()
    before = (len(sends(stack)), stack.usage(TENANT), len(stack.rows("conversations")))
    page = seller.visit("/settings/assistant")
    page.get_by_label("How it speaks").fill("warm, and not saved")
    page.get_by_label("A customer's message").fill("How much is the Cast Iron Skillet 10 inch?")
    page.get_by_role("button", name="Ask").click()
    said = page.locator("#rehearsed")
    expect(said.locator(".bubble", has_text="34.90")).to_be_visible()
    expect(said.get_by_role("link", name="Cast Iron Skillet 10 inch")).to_be_visible()
    expect(page.get_by_label("A customer's message")).to_have_value("")
    page.get_by_label("A customer's message").fill("I want to talk to a person")
    page.get_by_role("button", name="Ask").click()
    expect(said.get_by_text("A person would be called")).to_be_visible()
    expect(page.get_by_label("How it speaks")).to_have_value("warm, and not saved")
    assert (len(sends(stack)), stack.usage(TENANT), len(stack.rows("conversations"))) == before
    said.get_by_role("button", name="Begin anew").click()
    expect(said.locator(".bubble")).to_have_count(0)
