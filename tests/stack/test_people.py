"""Assistant and person change places: by an echo of the phone app, and by the sweeper when all else has failed."""

from __future__ import annotations

import json
import time
from typing import Any
from uuid import uuid4

import pytest

from domain.conversations import Conversation, Owner
from domain.customers import CustomerIdentity
from domain.replies import Reply, ReplyPurpose
from ops.outcomes.states import FinalState
from tests.stack.deployed import Deployed, states, wait_until
from tests.stack.phone import Chat, assert_taken, chat_with, control
from tests.stack.rescue import SELLER, Rescued, conversations
from tests.stack.subscribers import Hears, subscribed


@pytest.fixture(scope="module")
def desk(stack: Deployed) -> Hears:
    """Hears of each change of who speaks for Maple Home."""
    return subscribed(stack, "handoff-notifications", "hand-over-desk", {"tenantId": [SELLER]})


def _conversation(chat: Chat) -> Conversation:
    customer_id = CustomerIdentity(phone=chat.customer.wa_id).first_customer_id(SELLER)
    thread = conversations(chat.stack).thread(SELLER, customer_id)
    assert thread is not None
    return thread.conversation


def _changes(heard: list[dict[str, Any]], chat: Chat) -> list[str]:
    return [told["change"] for told in heard if told["conversationId"] == _conversation(chat).conversation_id]


def _echo(chat: Chat, words: str) -> str:
    echo_id = f"wamid.echo.{uuid4().hex}"
    echo = {
        "from": chat.tenant.display_phone_number,
        "to": chat.customer.wa_id,
        "id": echo_id,
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": words},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"phone_number_id": chat.tenant.phone_number_id},
        "message_echoes": [echo],
    }
    wanted = {
        "phone_number_id": chat.tenant.phone_number_id,
        "field": "smb_message_echoes",
        "value": value,
        "wait": True,
    }
    told = control(chat.stack, "POST", "changes", wanted)
    assert_taken(told)
    return echo_id


def test_who_writes_from_the_phone_app_silences_the_assistant(stack: Deployed, desk: Hears) -> None:
    chat = chat_with(stack)
    chat.say("How much is the Cast Iron Skillet 10 inch?")
    chat.next_answer()

    echo_id = _echo(chat, "Hello, this is Ben from the shop")
    wait_until(lambda: _conversation(chat).owner is Owner.PERSON, 20, "the echo to be heard")
    later = chat.say("How much is the Bamboo Cutting Board Large?")

    assert states(stack.settled([later])) == [FinalState.ESCALATED]
    stack.wait_until_idle()
    assert len(chat.posts) == 1
    thread = conversations(stack).thread(SELLER, _conversation(chat).customer_id)
    assert thread is not None
    said = [entry for entry in thread.entries if isinstance(entry, Reply) and entry.purpose is ReplyPurpose.PERSON]
    assert [entry.message_id for entry in said] == [echo_id]
    wait_until(lambda: _changes(desk(), chat) == ["taken_over"], 10, "the desk to hear of it")


def test_whoever_subscribed_hears_of_each_change_in_ids_alone(stack: Deployed, desk: Hears) -> None:
    chat = chat_with(stack)
    chat.say("Can I talk to a real person please?")
    chat.next_answer()
    wait_until(lambda: _changes(desk(), chat) == ["handed_over"], 10, "the desk to hear that a person is wanted")

    _echo(chat, "Ben here, how can I help?")
    wait_until(lambda: _changes(desk(), chat) == ["handed_over", "taken_over"], 20, "and that one is there")

    told = [one for one in desk() if one["conversationId"] == _conversation(chat).conversation_id]
    assert [(one["owner"], one["person"], one["by"]) for one in told] == [
        ("waiting_for_person", None, "customer"),
        ("person", "phone_app", "phone_app"),
    ]
    assert chat.customer.wa_id not in json.dumps(told)
    assert "Ben" not in json.dumps(told)


def test_the_sweeper_calls_a_person_for_whom_every_queue_has_forgotten(stack: Deployed, rescued: Rescued) -> None:
    chat, job = rescued.chat, rescued.job

    assert "failed" not in rescued.outcomes
    wait_until(lambda: _conversation(chat).owner is Owner.WAITING, 20, "the sweeper, or its own schedule")
    wait_until(lambda: _reasons(rescued) == ["unanswered"], 10, "the urgent desk to hear of it")
    wait_until(lambda: _changes(rescued.desk(), chat) == ["handed_over"], 10, "the other desk, too")
    rows = [row for row in stack.rows("conversations") if row["conversationId"] == _conversation(chat).conversation_id]
    due = [row["sk"] for row in rows if "due" in row and not row["sk"].startswith("w#")]  # who waits stays due
    assert [key for key in due if key != f"m#{job.position}#handover_note"] == []


def test_and_the_customer_is_told_once(rescued: Rescued) -> None:
    assert "colleague" in rescued.chat.next_answer(after=1, seconds=90)
    assert len(rescued.chat.posts) == 2


def _reasons(rescued: Rescued) -> list[str]:
    return [one["reason"] for one in rescued.urgent() if one["messageId"] == rescued.job.message_id]
