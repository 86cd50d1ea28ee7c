"""Meta took the reply, and the connection broke before it said so: nothing is ever sent a second time."""

from __future__ import annotations

from ops.outcomes.states import FinalState
from tests.stack.conftest import UnclearSends
from tests.stack.deployed import Deployed, states, wait_until
from tests.stack.phone import words_of

# The reply handler looks again after a minute (_STATUS_WAIT_SECONDS).
JOB_IS_BACK = 60 + 15


def test_the_status_settles_it(stack: Deployed, unclear_sends: UnclearSends) -> None:
    chat = unclear_sends.with_status

    assert states(stack.settled([unclear_sends.asked_with])) == [FinalState.ANSWERED]
    assert [send["outcome"] for send in chat.posts] == ["accepted"]

    asked_again = chat.say("And is the Bamboo Cutting Board Large in stock?")

    assert states(stack.settled([asked_again], seconds=JOB_IS_BACK)) == [FinalState.ANSWERED]


def test_without_a_status_a_person_gets_the_conversation(stack: Deployed, unclear_sends: UnclearSends) -> None:
    asked = unclear_sends.asked_without

    outcome = stack.settled([asked], seconds=JOB_IS_BACK)[0]

    assert (outcome.state, outcome.detail) == (FinalState.ESCALATED, "reply_uncertain")


def test_neither_was_sent_again_when_its_job_came_back(stack: Deployed, unclear_sends: UnclearSends) -> None:
    replies = next(depth for depth in stack.queues.depths() if depth.queue == "replies")
    wait_until(lambda: _in_flight(stack) == 0, JOB_IS_BACK, f"the jobs to come back ({replies})")

    texts = [words_of(send["body"][send["body"]["type"]]) for send in unclear_sends.with_status.posts]
    assert len(texts) == len(set(texts))
    assert len(unclear_sends.without_status.posts) == 1


def _in_flight(stack: Deployed) -> int:
    return sum(depth.total for depth in stack.queues.depths() if depth.queue == "replies")
