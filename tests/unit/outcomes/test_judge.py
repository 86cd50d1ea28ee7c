"""Rows in, final states out."""

from __future__ import annotations

import pytest

from adapters import dynamodb_keys as keys
from domain.conversations import Owner
from domain.replies import ReplyState
from ops.outcomes.items import Address, Item
from ops.outcomes.judge import Judge
from ops.outcomes.rows import Row
from ops.outcomes.states import FinalState, ItemOutcome
from tests.builders import ACME, ACME_NUMBER, number
from tests.fakes.tenants import FakeTenants
from tests.unit.outcomes import rows as made
from tests.unit.outcomes.rows import TABLES, FakeRows

HERE = Address(ACME_NUMBER, "waba-acme")
NOBODY = Address("999", "nobody's")


def judged(item: Item, *conversations: Row, tenants: tuple[Row, ...] = ()) -> ItemOutcome:
    [outcome] = Judge(FakeRows(*conversations, tenants=tenants), FakeTenants(number()), TABLES).outcomes([item])
    return outcome


def message(*conversations: Row, address: Address = HERE) -> ItemOutcome:
    return judged(Item("message", "wamid.1", (address,)), *conversations)


def test_in_no_table() -> None:
    assert message().state is FinalState.LOST


def test_counted_but_not_stored() -> None:
    assert message(made.pointer("wamid.1"), made.state(Owner.ASSISTANT)).state is FinalState.LOST


def test_answered_with_how_far_the_answer_came() -> None:
    stored = (made.pointer("wamid.1"), made.message("wamid.1", "answer"), made.state(Owner.ASSISTANT))
    answer = made.reply("wamid.1", ReplyState.SENT, delivery="read")
    assert message(*stored, answer) == ItemOutcome(FinalState.ANSWERED, "read")


def test_answered_together_with_a_later_message() -> None:
    stored = (made.pointer("wamid.1"), made.message("wamid.1", "answer"), made.message("wamid.2", "answer"))
    answer = made.reply("wamid.2", ReplyState.SENT, "wamid.1")
    assert message(*stored, answer, made.state(Owner.ASSISTANT)).state is FinalState.ANSWERED


@pytest.mark.parametrize("reply_state", [ReplyState.READY, ReplyState.SENDING, ReplyState.UNCERTAIN, ReplyState.FAILED])
def test_an_answer_that_is_not_sent_is_none(reply_state: ReplyState) -> None:
    stored = (made.pointer("wamid.1"), made.message("wamid.1", "answer"), made.state(Owner.ASSISTANT))
    assert message(*stored, made.reply("wamid.1", reply_state)).state is FinalState.PENDING


def test_answered_in_the_conversation_into_which_it_was_merged() -> None:
    """The message stands where it was written; the answer, and who speaks, in the survivor's conversation."""
    survivor = {"conversationId": f"{ACME}#c0", "customerId": "c0"}
    went = {name: value for name, value in made.state(Owner.ASSISTANT).items() if name not in {"owner", "phone"}}
    stored = (made.pointer("wamid.1"), made.message("wamid.1", "answer"), {**went, "mergedInto": "c0"})
    state = {**made.state(Owner.ASSISTANT, formerCustomerIds={made.CUSTOMER}), **survivor}
    assert message(*stored, state).state is FinalState.PENDING
    answer = {**made.reply("wamid.1", ReplyState.SENT), **survivor}
    assert message(*stored, state, answer).state is FinalState.ANSWERED
    waiting = {**made.handed_over("no_answer"), **survivor, "formerCustomerIds": {made.CUSTOMER}}
    assert message(*stored, waiting).state is FinalState.ESCALATED


def test_answered_though_another_was_merged_into_its_conversation() -> None:
    former = {"conversationId": f"{ACME}#c0", "customerId": "c0"}
    went = {name: value for name, value in made.state(Owner.ASSISTANT).items() if name not in {"owner", "phone"}}
    theirs = ({**went, **former, "mergedInto": made.CUSTOMER}, {**made.message("wamid.0", "answer"), **former})
    state = made.state(Owner.ASSISTANT, formerCustomerIds={"c0"})
    stored = (made.pointer("wamid.1"), made.message("wamid.1", "answer"), state)
    answer = {**made.reply("wamid.0", ReplyState.SENT, "wamid.1"), **former}
    assert message(*stored, *theirs, answer).state is FinalState.ANSWERED


def test_no_answer_yet() -> None:
    stored = (made.pointer("wamid.1"), made.message("wamid.1", "answer"), made.state(Owner.ASSISTANT))
    assert message(*stored) == ItemOutcome(FinalState.PENDING, "no answer yet")


def test_recorded_with_the_reason_on_the_message_not_on_its_claim() -> None:
    stored = (made.pointer("wamid.1", disposition="answer"), made.message("wamid.1", "record", "thanks"))
    assert message(*stored, made.state(Owner.ASSISTANT)) == ItemOutcome(FinalState.RECORDED, "thanks")


def test_recorded_where_it_was_revoked_before_it_was_answered() -> None:
    stored = (made.pointer("wamid.1", disposition="answer"), made.message("wamid.1", "record", "revoked"))
    assert message(*stored, made.state(Owner.ASSISTANT)) == ItemOutcome(FinalState.RECORDED, "revoked")


@pytest.mark.parametrize(("published", "state"), [(True, FinalState.ESCALATED), (False, FinalState.PENDING)])
def test_escalated_once_it_is_published(*, published: bool, state: FinalState) -> None:
    stored = (made.pointer("wamid.1"), made.message("wamid.1", "escalate", "order"), made.handed_over("order"))
    assert message(*stored, made.escalation("wamid.1", published=published)).state is state


def test_whoever_waits_for_a_person_is_with_one() -> None:
    stored = (made.pointer("wamid.1"), made.message("wamid.1", "answer"), made.handed_over("complaint"))
    assert message(*stored) == ItemOutcome(FinalState.ESCALATED, "complaint")


@pytest.mark.parametrize(
    ("settled_through", "state"),
    [("2026-11-22T12:05:00.000000Z", FinalState.ESCALATED), ("2026-11-22T11:00:00.000000Z", FinalState.PENDING)],
)
def test_what_a_person_has_seen_to_is_no_longer_open(settled_through: str, state: FinalState) -> None:
    stored = (made.pointer("wamid.1"), made.message("wamid.1", "answer"))
    assert message(*stored, made.state(Owner.ASSISTANT, settledThrough=settled_through)).state is state


def test_quarantined_message() -> None:
    row = {**keys.quarantined("999#wamid.1"), "reason": "unknown_number"}
    assert message(row, address=NOBODY) == ItemOutcome(FinalState.QUARANTINED, "unknown_number")


def test_another_tenants_message_is_not_ours() -> None:
    stored = (made.pointer("wamid.1"), made.message("wamid.1", "record", "late"), made.state(Owner.ASSISTANT))
    assert message(*stored, address=NOBODY).state is FinalState.LOST


@pytest.mark.parametrize(
    ("came", "stored", "state"),
    [
        ("sent", "sent", FinalState.RECORDED),
        ("delivered", "read", FinalState.RECORDED),
        ("failed", "delivered", FinalState.RECORDED),
        ("read", "delivered", FinalState.PENDING),
    ],
)
def test_status(came: str, stored: str, state: FinalState) -> None:
    item = Item("status", f"wamid.out:{came}", (HERE,))
    assert judged(item, made.delivery("wamid.out", stored)).state is state


@pytest.mark.parametrize(
    ("came", "sent_as", "state"),
    [
        ("sent", "wamid.out", FinalState.RECORDED),
        ("read", "wamid.out", FinalState.RECORDED),
        ("read", "wamid.another", FinalState.PENDING),
    ],
)
def test_a_status_that_the_reply_alone_shows(came: str, sent_as: str, state: FinalState) -> None:
    """Its message's own row still says that it was sent."""
    pointer, reply = made.told_on_reply("wamid.out", sent_as, "read")
    item = Item("status", f"wamid.out:{came}", (HERE,))
    assert judged(item, pointer, reply).state is state


def test_a_status_without_a_row() -> None:
    assert judged(Item("status", "wamid.out:read", (HERE,))).state is FinalState.LOST


def test_a_status_of_a_kind_that_nobody_knows_is_an_event() -> None:
    event = {**keys.account_event(ACME, "wamid.out:teleported")}
    assert judged(Item("status", "wamid.out:teleported", (HERE,)), tenants=(event,)).state is FinalState.RECORDED


def test_a_status_of_an_unknown_number() -> None:
    row = {**keys.quarantined("999#wamid.out#read"), "reason": "unknown_number"}
    assert judged(Item("status", "wamid.out:read", (NOBODY,)), row).state is FinalState.QUARANTINED


@pytest.mark.parametrize("address", [HERE, Address("", "waba-acme")], ids=["by number", "by account"])
def test_an_event_of_a_tenant(address: Address) -> None:
    event = {**keys.account_event(ACME, "0c1f")}
    assert judged(Item("account_update", "0c1f", (address,)), tenants=(event,)).state is FinalState.RECORDED


def test_an_event_of_nobody() -> None:
    row = {**keys.quarantined("0c1f"), "reason": "unknown_account"}
    assert judged(Item("account_update", "0c1f", (NOBODY,)), row).state is FinalState.QUARANTINED
