"""A person answers a customer through the API, with what the function may do and nothing more."""

from __future__ import annotations

from uuid import uuid4

import httpx

from tests.stack.deployed import Deployed, wait_until
from tests.stack.desk import customer_id, told
from tests.stack.phone import chat_with


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


def test_an_admin_finds_a_customer_notes_a_wish_and_hands_out(stack: Deployed, api: httpx.Client) -> None:
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


def _ticks(api: httpx.Client, at: str) -> list[str]:
    items = told(api.get(at))["items"]
    return [item["delivery"] for item in items if item["kind"] == "reply" and item["by"] == "person"]
