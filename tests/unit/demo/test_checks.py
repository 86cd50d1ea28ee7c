"""Each check holds on a good day, and fails on the day on which the very thing that it names goes wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from adapters.dynamodb_values import time_text
from adapters.sqs_depths import Depth
from domain.catalogue import Money
from domain.conversations import Owner
from domain.replies import ReplyPurpose, ReplyState
from ops.demo import view
from ops.demo.accounting import account_of
from ops.demo.checks import run_checks
from ops.demo.evidence import Evidence
from ops.demo.phones import Written
from ops.demo.script import Step
from ops.demo.subscribers import Received, Subscriber
from ops.outcomes.conversations import StoredConversation, stored_conversation
from ops.outcomes.log_search import Searched
from ops.outcomes.states import FinalState, ItemOutcome
from tests.builders import NOON
from tests.unit.outcomes import rows as made

PRICE = "12.50"


def written(
    message_id: str, final: str, *, tenant: str | None = "acme", burst: str | None = None, **more: Any
) -> Written:
    expected = {key: more.pop(key) for key in ("price", "reason", "answers", "confirmations") if key in more}
    step = Step.model_validate(
        {
            "at": "09:00",
            "note": "A step.",
            "customer": {"wa_id": "12025550143", "name": "Nora Whitfield"},
            "tenant": tenant,
            "send": {"type": "text", "text": {"body": "How much is the mug?"}},
            "duplicates": more.pop("duplicates", 1),
            "pause": 0,
            "burst": burst,
            "expect": {"final": final, **expected},
        }
    )
    return Written(step, message_id, "481", "372", 0, 200)


STORED = {"mediaState": "stored", "mediaKey": "acme/c1/1", "mediaType": "image/png", "mediaBytes": 9}


def answered_burst(file: Mapping[str, Any] = MappingProxyType(STORED)) -> StoredConversation:
    answer = made.reply("wamid.2", ReplyState.SENT, "wamid.1", productIds=["MUG"], messageId="wamid.r", delivery="read")
    picture = {**made.message("wamid.1", "answer"), "type": "image", **file}
    rows = [picture, made.message("wamid.2", "answer"), answer, made.state(Owner.ASSISTANT)]
    return stored_conversation(rows)


def waiting(message_id: str, reason: str) -> StoredConversation:
    called = {**made.escalation(message_id, published=True), "reason": reason}
    note = made.reply(message_id, ReplyState.SENT, purpose=ReplyPurpose.HANDOVER_NOTE, answers=[], messageId="wamid.n")
    later = made.message("wamid.later", "answer")
    rows = [made.message(message_id, "escalate", reason), note, called, later, made.handed_over(reason)]
    return stored_conversation(rows)


def opted_out() -> StoredConversation:
    note = made.reply("wamid.6", ReplyState.SENT, purpose=ReplyPurpose.OPT_OUT_NOTE, answers=[], messageId="wamid.o")
    return stored_conversation([made.message("wamid.6", "record", "opted_out"), note, made.state(Owner.ASSISTANT)])


def good_day() -> Evidence:
    person, order, burst = waiting("wamid.3", "person_requested"), waiting("wamid.4", "order"), answered_burst()
    calls = [
        Received("acme", "wamid.3", "person_requested", "high"),
        Received("acme", "wamid.4", "order", "high"),
    ]
    day = [
        written("wamid.1", "answered", burst="mugs"),
        written("wamid.2", "answered", burst="mugs", price=PRICE, duplicates=3),
        written("wamid.3", "escalated", reason="person_requested"),
        written("wamid.later", "escalated", reason="person_requested", answers=0),
        written("wamid.4", "escalated", reason="order"),
        written("wamid.5", "quarantined", tenant=None),
        written("wamid.6", "recorded", answers=0, confirmations=1),
    ]
    outcomes = {one.message_id: ItemOutcome(one.step.expect.final, one.step.expect.reason or "") for one in day}
    outcomes["wamid.6"] = ItemOutcome(FinalState.RECORDED, "opted_out")
    customer = {"tenantId": "acme", "phone": "12025550143", "messageCount": 6, "lastInteraction": time_text(NOON)}
    conversations = {"wamid.1": burst, "wamid.2": burst, "wamid.3": person, "wamid.later": person, "wamid.4": order}
    conversations["wamid.6"] = opted_out()
    return Evidence(
        written=day,
        outcomes=outcomes,
        conversations=conversations,
        customers=[customer | {"customerId": made.CUSTOMER, "optedOut": True}],
        quarantine={"wamid.5": {"reason": "unknown_number"}},
        prices={("acme", "MUG"): Money(1250, "USD")},
        usage_before={"acme": {"messages": 10}},
        usage_after={"acme": {"messages": 16}},
        tables_before={"customers": 0},
        tables_after={"customers": 1},
        received=[
            (Subscriber("everything", "", "", {}), calls),
            (Subscriber("orders", "", "", {"reason": ["order"]}), calls[1:]),
        ],
        queues=[Depth("inbox", 0, 0, 0), Depth("inbox-dlq", 0, 0, 0)],
        deliveries={"wamid.2": 3},
        read=["wamid.r"],
        logs=Searched(100, []),
    )


def failed(evidence: Evidence) -> set[str]:
    return {check.check for check in run_checks(evidence) if not check.ok}


def test_a_good_day() -> None:
    assert failed(good_day()) == set()


GOOD = good_day()


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("The webhook", {"written": [replace(GOOD.written[0], http_status=500), *GOOD.written[1:]]}),
        ("Every message", {"outcomes": {**GOOD.outcomes, "wamid.5": ItemOutcome(FinalState.LOST)}}),
        ("Every step", {"outcomes": {**GOOD.outcomes, "wamid.4": ItemOutcome(FinalState.ESCALATED, "complaint")}}),
        ("Product questions", {"prices": {("acme", "MUG"): Money(1251, "USD")}}),
        ("A duplicate", {"deliveries": {"wamid.2": 1}}),
        ("Customers' rows", {"customers": [{**GOOD.customers[0], "messageCount": 7}]}),
        ("An order", {"received": [(GOOD.received[0][0], GOOD.received[0][1][:1])]}),
        ("A request for a person", {"received": [(GOOD.received[0][0], GOOD.received[0][1][1:])]}),
        ("A word on offers", {"customers": [{**GOOD.customers[0], "optedOut": False}]}),
        ("Unknown numbers", {"quarantine": {}}),
        ("A status", {"read": ["wamid.r", "wamid.n"]}),
        ("Usage", {"usage_after": {"acme": {"messages": 17}}}),
        ("Subscribers", {"received": [GOOD.received[0], (GOOD.received[1][0], GOOD.received[0][1])]}),
        ("The dead-letter", {"queues": [Depth("inbox-dlq", 1, 0, 0)]}),
        ("No log line", {"logs": Searched(100, ["a text in emulator.log (1 ×)"])}),
    ],
)
def test_a_bad_day(name: str, changes: dict[str, Any]) -> None:
    assert any(check.startswith(name) for check in failed(replace(GOOD, **changes)))


def test_a_burst_answered_twice() -> None:
    again = made.reply("wamid.1", ReplyState.SENT, productIds=["MUG"])
    conversation = answered_burst()
    conversation.entries += stored_conversation([again]).entries
    conversations = {**GOOD.conversations, "wamid.1": conversation, "wamid.2": conversation}
    assert "Quick messages in a row are answered once" in failed(replace(GOOD, conversations=conversations))


@pytest.mark.parametrize(
    "file", [{}, {**STORED, "mediaState": "awaited"}, {**STORED, "mediaState": "refused", "mediaReason": "gone"}]
)
def test_a_picture_that_is_not_in_the_library(file: Mapping[str, Any]) -> None:
    conversation = answered_burst(file)
    conversations = {**GOOD.conversations, "wamid.1": conversation, "wamid.2": conversation}
    assert failed(replace(GOOD, conversations=conversations)) == {"Every picture and voice note is in the library"}


@pytest.mark.parametrize("confirmations", [0, 2])
def test_a_word_on_offers_that_is_confirmed_twice_or_never(confirmations: int) -> None:
    conversation = opted_out()
    conversation.entries = conversation.messages + conversation.replies * confirmations
    conversations = {**GOOD.conversations, "wamid.6": conversation}
    assert failed(replace(GOOD, conversations=conversations)) == {"A word on offers holds and is confirmed"}


def test_an_assistant_that_speaks_while_a_person_is_waited_for() -> None:
    conversation = waiting("wamid.3", "person_requested")
    conversation.entries += stored_conversation([made.reply("wamid.later", ReplyState.SENT)]).entries
    conversations = {**GOOD.conversations, "wamid.later": conversation}
    assert "The assistant is silent while a person is waited for" in failed(replace(GOOD, conversations=conversations))


def test_the_account_fits_a_hundred_columns(capsys: pytest.CaptureFixture[str]) -> None:
    account = account_of(GOOD, run_checks(GOOD), "run", 12.34)
    assert account.ok
    text = view.show(account)
    assert "Nora Whitfield" in text
    assert "✓✓ read" in text
    assert "[image, stored] How much is the mug?" in text
    assert max(map(len, text.splitlines())) <= 100
    assert capsys.readouterr().out
