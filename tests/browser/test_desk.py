"""What is sold: a customer writes, a person takes over, answers, and hands back."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, FilePayload, Page, expect

from domain.own_files import MOST_BYTES
from tests.browser.browsing import Watched, log_in, watched, write_on_the_phone
from tests.browser.conftest import TENANT
from tests.stack.deployed import Deployed
from tests.stack.phone import Chat, Customer

_PRICE = "How much is the Cast Iron Skillet 10 inch?"
_PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
_PDF = ("application/pdf", b"%PDF-1.7\n" + bytes(range(256)))


def test_a_person_takes_over_answers_and_hands_back(
    seller: Watched, phone: Page, stack: Deployed, customer: Customer
) -> None:
    page, chat = seller.visit("/inbox?tab=all"), Chat(stack, stack.tenant(TENANT), customer)
    write_on_the_phone(phone, stack, TENANT, customer, _PRICE)
    page.get_by_role("link", name=re.compile(customer.name)).click()  # it came without a reload
    log = page.get_by_role("log")
    expect(log.get_by_text(_PRICE)).to_be_visible()
    expect(log.get_by_text("34.90")).to_be_visible()
    expect(phone.locator("#screen .words").get_by_text("34.90")).to_be_visible()

    page.get_by_role("button", name="Take over").click()
    expect(page.get_by_text("You have it", exact=True)).to_be_visible()
    write_on_the_phone(phone, stack, TENANT, customer, "And the Brass Desk Lamp?")
    expect(log.get_by_text("And the Brass Desk Lamp?")).to_be_visible()
    expect(page.locator("#heard")).to_contain_text("And the Brass Desk Lamp?")

    page.get_by_label(f"Your message to {customer.name}").fill("The lamp is $94.50. Shall I put one aside?")
    page.keyboard.press("Control+Enter")
    expect(phone.locator("#screen").get_by_text("Shall I put one aside?")).to_be_visible()
    expect(log.get_by_text("Shall I put one aside?")).to_be_visible()
    assert len(chat.answers) == 2  # the assistant was silent

    file = page.get_by_label("File to send")
    file.set_input_files(FilePayload(name="all.png", mimeType="image/png", buffer=bytes(MOST_BYTES + 1)))
    assert file.evaluate("input => input.validationMessage") == "A file has at most 4 MB here."
    file.set_input_files(FilePayload(name="lamp.png", mimeType="image/png", buffer=_PNG))
    page.get_by_label(f"Your message to {customer.name}").fill("This one?")
    page.keyboard.press("Control+Enter")
    expect(log.locator(".is-out", has_text="This one?").get_by_text("Picture")).to_be_visible()
    assert (chat.answers[-1]["type"], chat.answers[-1]["content"]["caption"]) == ("image", "This one?")

    page.get_by_role("button", name="Hand back").click()
    expect(page.get_by_text("The assistant answers", exact=True)).to_be_visible()
    write_on_the_phone(phone, stack, TENANT, customer, "How much is the Marble Rolling Pin?")
    expect(phone.locator("#screen .words").get_by_text("31.20")).to_be_visible()
    expect(log.get_by_text("31.20")).to_be_visible()


def test_a_note_is_for_the_team_alone(seller: Watched, stack: Deployed, customer: Customer) -> None:
    chat = Chat(stack, stack.tenant(TENANT), customer)
    chat.say("I want to talk to a person")
    page = seller.visit("/inbox")
    page.get_by_role("link", name=re.compile(customer.name)).click()
    page.get_by_text("Private note", exact=True).click()
    page.get_by_label(f"Your message to {customer.name}").fill("Regular customer, be generous")
    page.get_by_role("button", name="Save note").click()
    expect(page.get_by_role("log").get_by_text("Regular customer, be generous")).to_be_visible()
    assert all("generous" not in str(answer["content"]) for answer in chat.answers)


def test_whatever_a_customer_calls_themselves_and_writes_is_text(seller: Watched, stack: Deployed) -> None:
    hostile = Customer("13995550188", '<img src=x onerror=alert(1)>"><b id="owned" hx-get="/logout" hx-trigger="load">')
    words = "<script>alert(2)</script><a href='javascript:alert(3)'>x</a> {{ 7*7 }} ${7*7} <div hx-get='/logout'>"
    Chat(stack, stack.tenant(TENANT), hostile).say(words)
    page = seller.visit("/inbox?tab=all")
    page.get_by_role("link", name=re.compile("owned")).click()
    expect(page.get_by_role("log").get_by_text("{{ 7*7 }}").first).to_be_visible()
    assert page.locator("#owned, img[src='x'], a[href^='javascript'], [hx-get='/logout']").count() == 0
    assert page.evaluate("document.querySelectorAll('script:not([src])').length") == 0
    # `Watched` fails where a dialog was opened.


def test_it_is_read_and_answered_without_scripts(browser: Browser, stack: Deployed, customer: Customer) -> None:
    chat = Chat(stack, stack.tenant(TENANT), customer)
    chat.say("I want to talk to a person, please")
    chat.next_answer(seconds=45)  # without scripts a list shows what there was when it was asked for
    with watched(browser, stack, scripts=False) as seen:
        log_in(seen, stack, TENANT, role="tenant_agent")
        page = seen.page
        page.get_by_role("link", name=re.compile(customer.name)).click()
        expect(page.get_by_text("I want to talk to a person, please")).to_be_visible()
        line = seen.visit("/inbox").get_by_role("link", name=re.compile(customer.name))
        expect(line).not_to_contain_text("Unread:")
        line.click()
        before = len(chat.answers)
        page.get_by_label(f"Your message to {customer.name}").fill("I am a person. How can I help?")
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_role("log").get_by_text("I am a person. How can I help?")).to_be_visible()
        assert chat.next_answer(after=before).startswith("I am a person") or len(chat.answers) > before
        page.get_by_label("File to send").set_input_files(
            FilePayload(name="bill 7.pdf", mimeType=_PDF[0], buffer=_PDF[1])
        )
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_role("log").get_by_text("bill 7.pdf")).to_be_visible()


def test_it_is_done_with_keys_alone(seller: Watched, stack: Deployed, customer: Customer) -> None:
    Chat(stack, stack.tenant(TENANT), customer).say("Somebody there? I want to talk to a person")
    page = seller.visit("/inbox")
    expect(page.get_by_role("link", name=re.compile(customer.name))).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.get_by_role("log").wait_for()
    page.keyboard.press("r")
    expect(page.locator("#words")).to_be_focused()
