"""kill -9 of workers while they work: stored once, counted once, at most one reply, and never silence."""

from __future__ import annotations

import random
import secrets
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from ops.outcomes.items import Item
from ops.outcomes.states import FinalState
from tests.stack.deployed import Deployed, message_item, wait_until
from tests.stack.envelopes import of_messages, text_message
from tests.stack.phone import Chat, Customer, chat_with, control, new_customer, sends, told_by
from tests.stack.workers import at_work, deaths_at_work, kill, workers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers are found in /proc")

QUESTION = "How much is the Bamboo Cutting Board Large?"
CUSTOMERS = 24
# A message is dead-lettered after five tries: so few deaths leave one that succeeds, whomever they hit.
DEATHS, MOST_KILLS = 3, 6
KILLING_SECONDS, BEGINNING_SECONDS = 15, 90
"""How long workers are killed, and how long one is waited for that can be: on a busy machine they start slowly."""
FUNCTION_SECONDS = 3
VISIBLE_AGAIN_SECONDS = 4


@pytest.fixture
def quick_redelivery(stack: Deployed) -> Iterator[None]:
    """A dead worker's message comes back in seconds, and only when its claim on the message has run out."""
    stack.wait_until_idle()
    with (
        _time_out(stack, "message-handler", FUNCTION_SECONDS),
        stack.visibility("inbox", VISIBLE_AGAIN_SECONDS),
        stack.visibility("replies", VISIBLE_AGAIN_SECONDS),
    ):
        yield


@contextmanager
def _time_out(stack: Deployed, function: str, seconds: int) -> Iterator[None]:
    functions, name = stack.aws.functions(), stack.file.functions[function]
    before = functions.get_function_configuration(FunctionName=name)["Timeout"]
    functions.update_function_configuration(FunctionName=name, Timeout=seconds)
    try:
        yield
    finally:
        functions.update_function_configuration(FunctionName=name, Timeout=before)


@pytest.mark.usefixtures("quick_redelivery")
def test_workers_that_die_while_they_record(stack: Deployed) -> None:
    customers, dice = [new_customer() for _ in range(CUSTOMERS)], random.Random(20261122)  # noqa: S311 (a seed, to play it again)
    before = stack.usage("maple-home")

    items = _write_at_once(stack, customers)
    dead = deaths_at_work(stack, "message-handler")
    _kill_at_work(stack, "message-handler", dice, (0.0, 0.15))

    _assert_all_end_well(stack, items, customers, before)
    assert deaths_at_work(stack, "message-handler") > dead


@pytest.mark.usefixtures("quick_redelivery")
def test_workers_that_die_while_they_answer(stack: Deployed) -> None:
    customers, dice = [new_customer() for _ in range(CUSTOMERS)], random.Random(11222026)  # noqa: S311 (a seed, to play it again)
    for customer in customers:
        fault = {"kind": "slow", "seconds": 0.2, "match": {"to": customer.wa_id}}
        control(stack, "POST", "faults", {"faults": [fault]})
    before = stack.usage("maple-home")

    items = _write_at_once(stack, customers)
    wait_until(lambda: _posts_to(stack, customers) > 0, 20, "the first reply")
    dead = deaths_at_work(stack, "reply-handler")
    _kill_at_work(stack, "reply-handler", dice, (0.0, 0.4))

    _assert_all_end_well(stack, items, customers, before)
    assert deaths_at_work(stack, "reply-handler") > dead


@pytest.mark.usefixtures("quick_redelivery")
def test_a_worker_that_dies_between_metas_yes_and_its_own_note(stack: Deployed) -> None:
    chat = chat_with(stack)
    chat.order_fault("slow", seconds=5)

    asked = chat.say(QUESTION)
    wait_until(lambda: bool(chat.posts), 20, "the reply to be on its way")
    for pid in workers(stack, "reply-handler"):
        kill(pid)

    # Meta's statuses tell that it was sent.
    assert stack.settled([asked])[0].state is FinalState.ANSWERED
    _wait_for_the_next_try(stack, chat)
    assert [send["outcome"] for send in chat.posts] == ["accepted"]
    assert stack.outcomes([asked])[0].state is FinalState.ANSWERED


@pytest.mark.usefixtures("quick_redelivery")
def test_a_worker_that_dies_before_meta_took_anything(stack: Deployed) -> None:
    chat = chat_with(stack)
    chat.order_fault("timeout", seconds=5)

    asked = chat.say(QUESTION)
    wait_until(lambda: bool(chat.posts), 20, "the reply to be on its way")
    for pid in workers(stack, "reply-handler"):
        kill(pid)

    # Nobody can know that it was not sent, so it is not sent again: a person looks.
    outcome = stack.settled([asked])[0]
    assert (outcome.state, outcome.detail) == (FinalState.ESCALATED, "reply_uncertain")
    assert len(chat.posts) == 1


def _write_at_once(stack: Deployed, customers: Sequence[Customer]) -> list[Item]:
    """In one body, so that the workers are busy from now on."""
    tenant = stack.tenant("maple-home")
    run = secrets.token_hex(6)
    messages = [text_message(customer, f"wamid.crash-{run}-{n}", QUESTION) for n, customer in enumerate(customers)]
    stack.told.update(private for customer in customers for private in told_by(customer, QUESTION))
    assert stack.post_signed(of_messages(tenant, messages)).status_code == 200
    return [message_item(tenant, message["id"]) for message in messages]


def _kill_at_work(stack: Deployed, function: str, dice: random.Random, within: tuple[float, float]) -> None:
    """At random moments of their work. The emulator tells of a death in the middle of an invocation a little later."""
    began, before, kills, died = time.monotonic(), deaths_at_work(stack, function), 0, 0
    while died < DEATHS and kills < MOST_KILLS:
        if time.monotonic() - began > (KILLING_SECONDS if kills else BEGINNING_SECONDS):
            break
        for pid in at_work(stack, function):
            time.sleep(dice.uniform(*within))
            kill(pid)
            kills += 1
        time.sleep(0.01)
        died = deaths_at_work(stack, function) - before


def _assert_all_end_well(
    stack: Deployed, items: Sequence[Item], customers: Sequence[Customer], before: Counter[str]
) -> None:
    outcomes = stack.settled(items, seconds=60)
    assert {outcome.state for outcome in outcomes} <= {FinalState.ANSWERED, FinalState.ESCALATED}, outcomes
    stack.wait_until_idle()
    _assert_stored_and_counted_once(stack, items, stack.usage("maple-home") - before)
    _assert_no_second_post(stack, customers)


def _assert_stored_and_counted_once(stack: Deployed, items: Sequence[Item], counted: Counter[str]) -> None:
    wanted = Counter({item.update_id: 1 for item in items})
    rows = [row for row in stack.rows("conversations") if row.get("direction") == "in"]
    assert Counter(row["messageId"] for row in rows if row["messageId"] in wanted) == wanted
    assert (counted["messages"], counted["customers"]) == (len(items), len(items))


def _assert_no_second_post(stack: Deployed, customers: Sequence[Customer]) -> None:
    numbers = {customer.wa_id for customer in customers}
    posts = [send["body"] for send in sends(stack) if send["body"].get("to") in numbers]
    again = [reply for reply, times in Counter(body["biz_opaque_callback_data"] for body in posts).items() if times > 1]
    assert again == []
    told = Counter(body["to"] for body in posts if body["biz_opaque_callback_data"].endswith("|answer"))
    assert max(told.values(), default=0) <= 1


def _posts_to(stack: Deployed, customers: Sequence[Customer]) -> int:
    numbers = {customer.wa_id for customer in customers}
    return sum(send["body"].get("to") in numbers for send in sends(stack))


def _wait_for_the_next_try(stack: Deployed, chat: Chat) -> None:
    """The job of the killed worker becomes visible, and its message's group is free again."""
    time.sleep(VISIBLE_AGAIN_SECONDS)
    stack.wait_until_idle()
    later = chat.say("Thank you very much!")
    assert stack.settled([later])[0].settled
