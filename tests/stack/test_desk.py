"""A person answers a customer through the API, with what the function may do and nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from domain.access import Role
from domain.customers import CustomerIdentity
from tests.stack.deployed import Deployed, wait_until
from tests.stack.phone import Chat, chat_with
from tests.stack.rescue import SELLER
from tests.stack.test_log_in import bearer, tokens


@pytest.fixture
def api(stack: Deployed) -> Iterator[httpx.Client]:
    headers = bearer(tokens(stack, Role.TENANT_ADMIN)["AccessToken"])
    base_url = f"{stack.file.front_url}/api/v1"
    with httpx.Client(base_url=base_url, headers=headers, trust_env=False, timeout=60) as client:
        yield client


def told(answer: httpx.Response) -> Any:
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


def customer_id(chat: Chat) -> str:
    return CustomerIdentity(phone=chat.customer.wa_id).first_customer_id(SELLER)


def test_a_person_takes_over_answers_notes_and_gives_it_back(stack: Deployed, api: httpx.Client) -> None:
    chat = chat_with(stack)
    chat.say("I want to talk to a human please")
    assert chat.next_answer()  # that somebody will come
    at = f"/conversations/{customer_id(chat)}"
    waiting = told(api.get("/conversations", params={"state": "waiting_for_person", "words": chat.customer.wa_id}))
    [line] = waiting["items"]
    assert (line["name"], line["unread"]) == (chat.customer.name, 1)

    seen = {"version": line["version"], "inbound": line["inbound"]}
    mine = told(api.post(f"{at}/take-over", json=seen))
    assert api.post(f"{at}/hand-back", json=seen).status_code == 409
    key = {"Idempotency-Key": uuid4().hex}
    for _ in range(2):
        sent = told(api.post(f"{at}/messages", json={"content": {"type": "text", "body": "Ana here"}}, headers=key))
        assert sent["state"] == "sent"
    told(api.post(f"{at}/notes", json={"words": "a regular"}))
    told(api.put(f"{at}/read", json={"inbound": line["inbound"]}))
    wait_until(lambda: _ticks(api, at) == ["delivered"], 20, "the status of what was sent")
    assert [one["content"]["body"] for one in chat.answers][1:] == ["Ana here"]

    chat.say("Thank you, do you have the Cast Iron Skillet 10 inch?")
    wait_until(lambda: told(api.get(at))["conversation"]["unread"] == 1, 20, "the customer's next message")
    assert api.post(f"{at}/hand-back", json={"version": mine["version"], "inbound": 1}).status_code == 409
    back = told(api.post(f"{at}/hand-back", json={"version": mine["version"], "inbound": 2}))
    assert back["state"] == "assistant"
    assert told(api.post(f"{at}/resolve", json={}))["state"] == "resolved"


def test_an_admin_finds_a_customer_notes_a_wish_hands_out_and_erases(stack: Deployed, api: httpx.Client) -> None:
    chat = chat_with(stack)
    chat.say("How much is the Cast Iron Skillet 10 inch?")
    assert chat.next_answer()
    at = f"/customers/{customer_id(chat)}"
    [found] = told(api.get("/customers/search", params={"words": chat.customer.wa_id}))["items"]
    assert found["name"] == chat.customer.name
    assert told(api.put(f"{at}/opt-out", json={"optedOut": True}))["optOut"]["source"] == "person"
    made = told(api.post("/canned-replies", json={"shortcut": uuid4().hex[:20], "title": "Hi", "text": "Hello"}))
    assert made in told(api.get("/canned-replies"))["items"]
    told(api.delete(f"/canned-replies/{made['id']}"))
    assert told(api.get(f"{at}/export"))["places"]["conversations"]["messages"] == 2
    assert told(api.post(f"{at}/erase"))["places"]
    assert api.get(at).status_code == 404


def _ticks(api: httpx.Client, at: str) -> list[str]:
    items = told(api.get(at))["items"]
    return [item["delivery"] for item in items if item["kind"] == "reply" and item["by"] == "person"]
