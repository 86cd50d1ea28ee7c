"""A person is called: a real subscriber hears of it, and the assistant is silent from then on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ops.outcomes.states import FinalState
from tests.stack.deployed import Deployed, states, wait_until
from tests.stack.phone import chat_with
from tests.stack.subscribers import Hears, subscribed


@pytest.fixture(scope="module")
def orders_desk(stack: Deployed) -> Hears:
    """Hears of Maple Home's orders alone."""
    return subscribed(stack, "escalations", "orders-desk", {"tenantId": ["maple-home"], "reason": ["order"]})


@pytest.fixture(scope="module")
def urgent_desk(stack: Deployed) -> Hears:
    """Hears of whatever is urgent, of every seller."""
    return subscribed(stack, "escalations", "urgent-desk", {"priority": ["high"]})


def _reasons(heard: list[dict[str, Any]], message_id: str) -> list[str]:
    return [told["reason"] for told in heard if told["messageId"] == message_id]


def test_an_order_reaches_the_seller_who_subscribed_to_orders(
    stack: Deployed, orders_desk: Hears, urgent_desk: Hears
) -> None:
    chat, elsewhere = chat_with(stack), chat_with(stack, "flor-de-cafe")
    order = {"product_items": [_one("MH-1004", 24.90, "USD")], "text": "Please wrap it as a gift"}

    ordered = chat.send("order", order=order)
    of_another = elsewhere.send("order", order={"product_items": [_one("FC-2001", 189, "MXN")]})

    assert states(stack.settled([ordered, of_another])) == [FinalState.ESCALATED] * 2
    wait_until(lambda: bool(_reasons(orders_desk(), ordered.update_id)), 10, "the orders desk to hear of the order")
    wait_until(lambda: bool(_reasons(urgent_desk(), of_another.update_id)), 10, "the urgent desk to hear of the other")
    wait_until(lambda: bool(_reasons(urgent_desk(), ordered.update_id)), 10, "the urgent desk to hear of the first")
    assert _reasons(urgent_desk(), ordered.update_id) == ["order"]
    assert _reasons(orders_desk(), of_another.update_id) == []
    chat.next_answer()  # the customer is told


def test_who_asks_for_a_person_is_told_once_and_then_left_to_the_person(
    stack: Deployed, orders_desk: Hears, urgent_desk: Hears
) -> None:
    chat = chat_with(stack)

    asked = chat.say("Can I talk to a real person please?")
    chat.next_answer()
    later = [chat.say("How much is the Bamboo Cutting Board Large?"), chat.say("Hello? I want to talk to a person")]

    assert states(stack.settled([asked, *later])) == [FinalState.ESCALATED] * 3
    stack.wait_until_idle()
    assert len(chat.posts) == 1
    wait_until(lambda: bool(_reasons(urgent_desk(), asked.update_id)), 10, "the urgent desk to hear of it")
    assert _reasons(urgent_desk(), asked.update_id) == ["person_requested"]
    assert [_reasons(urgent_desk(), item.update_id) for item in later] == [[], []]
    assert _reasons(orders_desk(), asked.update_id) == []


def test_what_the_catalogue_does_not_tell_goes_to_a_person(stack: Deployed) -> None:
    chat = chat_with(stack)

    asked = chat.say("Which of your suppliers plant trees?")

    assert states(stack.settled([asked])) == [FinalState.ESCALATED]
    chat.next_answer()


def test_an_escalation_carries_ids_and_no_words(stack: Deployed, urgent_desk: Hears) -> None:
    chat = chat_with(stack)
    asked = chat.say("This is a complaint, the lid arrived broken")

    wait_until(lambda: bool(_reasons(urgent_desk(), asked.update_id)), 20, "the complaint to be heard of")

    told = json.dumps([one for one in urgent_desk() if one["messageId"] == asked.update_id])
    assert chat.customer.wa_id not in told
    assert chat.customer.name not in told
    assert "lid" not in told


def _one(product_id: str, price: float, currency: str) -> dict[str, Any]:
    return {"product_retailer_id": product_id, "quantity": 1, "item_price": price, "currency": currency}
