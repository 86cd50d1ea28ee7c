"""What becomes of a draft that nothing proves, with the conversation around it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from domain.answer import Answered
from domain.assistants import Answer, CallPerson, Draft, NoReply, Turn
from domain.catalogue import Money
from domain.conversations import Owner, RecordedBecause
from domain.escalations import EscalationReason
from domain.ground import Remedy
from domain.replies import ReplyState
from tests.builders import ACME, GLOBEX, message, product
from tests.fakes.assistant import FakeAssistant, FakeCatalogueSearch
from tests.fakes.deployment import Deployment

GROUNDED = Answer("The blue mug is 12.50 USD.", ("MUG-1",))
INVENTED = Answer("The blue mug is 9.99 USD.", ("MUG-1",))
READ_BACK = "Blue mug — 12.50 USD, in stock (4)"


def drafting(deployment: Deployment, *drafts: Draft) -> FakeAssistant:
    """One draft for each time that the assistant is asked."""
    following: Iterator[Draft] = iter(drafts)
    deployment.cast.assistant.draft = lambda _: next(following)
    return deployment.cast.assistant


def play(deployment: Deployment) -> list[Answered]:
    deployment.deliver(message())
    return deployment.drain()


def test_a_grounded_draft_is_sent_as_it_is(deployment: Deployment) -> None:
    drafting(deployment, GROUNDED)
    assert play(deployment) == [Answered.ANSWERED]
    assert deployment.texts == [GROUNDED.text]
    assert deployment.cast.grounding.noted == []


def test_an_invented_price_is_repaired_and_one_answer_sent(deployment: Deployment) -> None:
    assistant = drafting(deployment, INVENTED, GROUNDED)
    assert play(deployment) == [Answered.ANSWERED]
    assert deployment.texts == [GROUNDED.text]
    assert deployment.cast.grounding.noted == [(["price"], Remedy.REPAIRED)]
    first, second = assistant.turns
    assert first.rejected is None
    assert second.rejected is not None
    assert second.rejected.text == INVENTED.text
    assert [finding.said for finding in second.rejected.findings] == ["9.99 usd"]


def test_who_invents_twice_has_the_catalogue_speak(deployment: Deployment) -> None:
    drafting(deployment, INVENTED, INVENTED)
    assert play(deployment) == [Answered.ANSWERED]
    assert deployment.texts == [READ_BACK]
    assert deployment.cast.grounding.noted == [(["price"], Remedy.READ_BACK)]
    [reply] = deployment.replies()
    assert (reply.state, reply.text, reply.product_ids) == (ReplyState.SENT, READ_BACK, ("MUG-1",))


@pytest.mark.parametrize(
    "draft",
    [
        Answer("Buy it at https://evil.example/mug", ("MUG-1",)),
        Answer("The blue mug is 9.99 USD."),
        Answer("We also sell purple kettles."),
        Answer("The blue mug is 12.50 USD.", ("MUG-1", "KETTLE-9")),
    ],
    ids=["foreign link", "nothing cited", "no such product", "no such id"],
)
def test_what_the_catalogue_cannot_mend_a_person_gets(deployment: Deployment, draft: Answer) -> None:
    drafting(deployment, draft, draft)
    assert play(deployment) == [Answered.HANDED_OVER]
    assert deployment.reasons == [EscalationReason.NOT_GROUNDED]
    assert deployment.conversation.owner is Owner.WAITING
    assert len(deployment.texts) == 1  # the note that a colleague will answer
    assert draft.text not in deployment.texts
    assert deployment.replies() == []


@pytest.mark.parametrize(
    ("second", "reason", "remedy"),
    [
        (CallPerson(), EscalationReason.NO_ANSWER, Remedy.REPAIRED),
        (NoReply(RecordedBecause.THANKS), EscalationReason.NOT_GROUNDED, Remedy.WITHHELD),
    ],
)
def test_an_assistant_that_gives_up_calls_a_person(
    deployment: Deployment, second: Draft, reason: EscalationReason, remedy: Remedy
) -> None:
    drafting(deployment, INVENTED, second)
    assert play(deployment) == [Answered.HANDED_OVER]
    assert deployment.reasons == [reason]
    assert deployment.cast.grounding.noted == [(["price"], remedy)]


def test_prices_are_those_of_now_whatever_was_looked_up(deployment: Deployment) -> None:
    stale = product(price=Money(999, "USD"))
    drafting(deployment, *[Answer("The blue mug is 9.99 USD.", ("MUG-1",), evidence=(stale,))] * 2)
    assert play(deployment) == [Answered.ANSWERED]
    assert deployment.texts == [READ_BACK]


def test_another_tenants_product_proves_nothing(deployment: Deployment) -> None:
    theirs = product("KETTLE-9", "Purple kettle", price=Money(2000, "USD"))
    deployment.cast.catalogue = FakeCatalogueSearch({ACME: [product()], GLOBEX: [theirs]})
    drafting(deployment, *[Answer("Purple kettle: 20.00 USD", ("KETTLE-9",), evidence=(theirs,))] * 2)
    assert play(deployment) == [Answered.HANDED_OVER]
    assert deployment.reasons == [EscalationReason.NOT_GROUNDED]


def test_the_assistant_is_asked_twice_at_most(deployment: Deployment) -> None:
    def invent(turn: Turn) -> Answer:
        return Answer(f"https://evil.example/{1 if turn.rejected else 0}")

    deployment.cast.assistant.draft = invent
    play(deployment)
    assert len(deployment.cast.assistant.turns) == 2
