"""What closes a conversation costs nothing: no answer, no read receipt, no call of the assistant."""

from __future__ import annotations

import pytest

from domain import wording
from domain.answer import Answered
from domain.conversations import RecordedBecause, ThreadMessage
from domain.tenants import ReplyPolicy
from tests.builders import after, message, number, tenant
from tests.fakes.deployment import Deployment
from tests.fakes.tenants import FakeTenants


def answered(deployment: Deployment) -> None:
    deployment.deliver(message())
    assert deployment.drain() == [Answered.ANSWERED]


@pytest.mark.parametrize(
    ("words", "because"), [("thank you!", RecordedBecause.THANKS), ("👍", RecordedBecause.NO_ANSWER_EXPECTED)]
)
def test_a_courtesy_after_an_answer_makes_no_call_to_meta(
    deployment: Deployment, words: str, because: RecordedBecause
) -> None:
    answered(deployment)
    calls = len(deployment.cast.messenger.posts), len(deployment.cast.messenger.read)
    deployment.deliver(message(words, "wamid.2", at=after(minutes=1)))
    assert deployment.drain()[-1] is Answered.NO_REPLY
    assert (len(deployment.cast.messenger.posts), len(deployment.cast.messenger.read)) == calls
    assert len(deployment.cast.assistant.turns) == 1
    entry = deployment.thread().entries[-1]
    assert isinstance(entry, ThreadMessage)
    assert entry.decision.reason is because
    assert deployment.conversation.awaiting is None


def test_a_question_beside_it_is_answered(deployment: Deployment) -> None:
    answered(deployment)
    deployment.deliver(message("thanks", "wamid.2", at=after(minutes=1)))
    deployment.deliver(message("and the red one?", "wamid.3", at=after(minutes=1, seconds=2)))
    assert deployment.drain()[-2:] == [Answered.SUPERSEDED, Answered.ANSWERED]


def test_an_emoji_that_comes_first_is_the_assistants(deployment: Deployment) -> None:
    deployment.deliver(message("👋"))
    deployment.drain()
    assert len(deployment.cast.assistant.turns) == 1


def test_a_seller_may_want_thanks_returned(deployment: Deployment) -> None:
    deployment.cast.tenants = FakeTenants(number(tenant(replies=ReplyPolicy(thanks=True))))
    answered(deployment)
    deployment.deliver(message("thanks", "wamid.2", at=after(minutes=1)))
    assert deployment.drain()[-1] is Answered.ANSWERED
    assert deployment.texts[-1] == wording.WELCOME["en"]
