"""The essentials of the demo, through the deployed functions."""

from __future__ import annotations

from ops.outcomes.states import FinalState
from tests.stack.deployed import Deployed, states, wait_until
from tests.stack.phone import chat_with


def test_a_product_question_is_answered_with_the_price_of_the_catalogue(stack: Deployed) -> None:
    chat = chat_with(stack)

    asked = chat.say("How much is the Bamboo Cutting Board Large?")

    assert "24.90" in chat.next_answer()
    assert states(stack.settled([asked])) == [FinalState.ANSWERED]


def test_the_product_is_shown_and_a_press_on_a_row_is_that_very_product(stack: Deployed) -> None:
    chat = chat_with(stack)
    chat.say("How much is the Bamboo Cutting Board Large?")
    chat.next_answer()
    [shown] = chat.posts
    assert shown["body"]["interactive"]["type"] == "product"

    asked = chat.choose("MH-1012", "This one")

    assert "French Press 34 oz — 39.90 USD" in chat.next_answer(after=1)
    assert states(stack.settled([asked])) == [FinalState.ANSWERED]
    assert chat.posts[1]["body"]["interactive"]["action"]["product_retailer_id"] == "MH-1012"


def test_each_seller_answers_from_its_own_catalogue_in_its_own_money(stack: Deployed) -> None:
    chat = chat_with(stack, "flor-de-cafe")

    chat.say("¿Cuánto cuesta el Café de Chiapas en grano 500 g?")

    answer = chat.next_answer()
    assert "189.00" in answer
    assert "MXN" in answer


def test_three_quick_messages_are_answered_once(stack: Deployed) -> None:
    chat = chat_with(stack)

    asked = [
        chat.say("Hello there"),
        chat.say("I am looking for a board"),
        chat.say("How much is the Bamboo Cutting Board Large?"),
    ]

    assert states(stack.settled(asked)) == [FinalState.ANSWERED] * 3
    stack.wait_until_idle()
    assert len(chat.posts) == 1
    assert "24.90" in chat.next_answer()


def test_a_duplicate_is_counted_once_and_answered_once(stack: Deployed) -> None:
    chat = chat_with(stack)
    stack.wait_until_idle()
    before = stack.usage("maple-home")

    asked = chat.say("Is the Cast Iron Skillet 10 inch in stock?", duplicates=5)

    assert states(stack.settled([asked])) == [FinalState.ANSWERED]
    stack.wait_until_idle()
    counted = stack.usage("maple-home") - before
    assert (counted["messages"], counted["messages_text"], counted["customers"]) == (1, 1, 1)
    assert len(chat.posts) == 1


def test_a_read_receipt_moves_the_answer_to_read(stack: Deployed) -> None:
    chat = chat_with(stack)
    asked = chat.say("Good morning!")
    chat.next_answer()

    chat.read()

    wait_until(lambda: stack.outcomes([asked])[0].detail == "read", 20, "the answer to be read")
    # A status that comes late takes nothing back.
    wait_until(lambda: chat.answers[0]["status"] == "read", 5, "the phone to agree")
    stack.wait_until_idle()
    assert stack.outcomes([asked])[0].detail == "read"


def test_an_unknown_number_is_quarantined_and_counted_for_nobody(stack: Deployed) -> None:
    stack.wait_until_idle()
    before = {tenant.id: stack.usage(tenant.id) for tenant in stack.file.tenants}
    envelope = {
        "object": "whatsapp_business_account",
        "entry": [
            {
                "id": "100000000000001",
                "changes": [
                    {
                        "field": "messages",
                        "value": {
                            "messaging_product": "whatsapp",
                            "metadata": {"display_phone_number": "15550100", "phone_number_id": "999999999999999"},
                            "messages": [
                                {
                                    "from": "13015550199",
                                    "id": "wamid.to-nobody",
                                    "timestamp": "1794819697",
                                    "type": "text",
                                    "text": {"body": "Is anybody there?"},
                                }
                            ],
                        },
                    }
                ],
            }
        ],
    }

    assert stack.post_signed(envelope).status_code == 200

    key = "quarantine#999999999999999#wamid.to-nobody"
    wait_until(
        lambda: any(row["conversationId"] == key for row in stack.rows("conversations")), 20, "the message's quarantine"
    )
    assert {tenant.id: stack.usage(tenant.id) for tenant in stack.file.tenants} == before


def test_a_suspended_seller_is_quarantined(stack: Deployed) -> None:
    chat = chat_with(stack, "old-harbour")

    asked = chat.say("Do you have a brass lantern?")

    assert states(stack.settled([asked])) == [FinalState.QUARANTINED]
    assert chat.answers == []
