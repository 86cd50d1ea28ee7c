"""A customer asks, the model does whatever it likes, and workers die: one reply, and all of it paid."""

from __future__ import annotations

import re
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from adapters.bedrock_assistant import BedrockAssistant
from adapters.catalogue_assistant import CatalogueAssistant
from adapters.fallback_assistant import FallbackAssistant
from domain.answer import Answered
from domain.escalations import EscalationReason
from domain.model_use import MODEL_CALLS
from domain.replies import Reply
from tests.builders import ACME, message
from tests.fakes.bedrock import FakeRuntime, calls, refuses, response, says
from tests.fakes.crashes import Doom, When
from tests.fakes.deployment import Deployment
from tests.fakes.model_usage import FakeModelUsage
from tests.unit.adapters.bedrock.turns import MODEL, Clock, catalogue

QUESTION = "How much is the Blue Stoneware Mug?"
FROM_THE_CATALOGUE = "Blue Stoneware Mug — 12.50 USD, in stock (4)"
TRUE = "The Blue Stoneware Mug costs 12.50 USD."
SEARCH = calls(("search_catalogue", {"query": "blue stoneware mug", "tenant": "globex"}))
THEIRS = calls(("get_product", {"id": "MUG-9", "tenant_id": "globex"}))
FALSE = says("The Blue Stoneware Mug costs 1 USD.")
LINKED = says(f"{TRUE} Pay at https://evil.example/mug")
ASKS_FOR_HELP = calls(("hand_over_to_person", {"reason": "not_known"}))
NOTHING = response([], "end_turn")

ANSWERED: dict[str, tuple[str, tuple[Any, ...]]] = {
    "answers": (TRUE, (SEARCH, says(TRUE))),
    "is throttled": (FROM_THE_CATALOGUE, (refuses("ThrottlingException", 429),)),
    "is throttled in the middle": (FROM_THE_CATALOGUE, (SEARCH, refuses("ThrottlingException", 429))),
    "hangs": (FROM_THE_CATALOGUE, (ReadTimeoutError(endpoint_url="https://bedrock.example"),)),
    "gives up itself": (FROM_THE_CATALOGUE, (refuses("ModelTimeoutException", 408),)),
    "is down": (FROM_THE_CATALOGUE, (refuses("InternalServerException", 500),)),
    "returns no words": (FROM_THE_CATALOGUE, (says(""),)),
    "returns no message": (FROM_THE_CATALOGUE, ({},)),
    "returns nothing after a search": (FROM_THE_CATALOGUE, (SEARCH, NOTHING)),
    "calls no tool that there is": (TRUE, (calls(("search", "everything")), SEARCH, says(TRUE))),
    "calls tools with wrong arguments": (TRUE, (calls(("search_catalogue", {"q": 1})), SEARCH, says(TRUE))),
    "calls tools in no form": (FROM_THE_CATALOGUE, (response([{"toolUse": {}}], "tool_use"),)),
    "calls tools for ever": (FROM_THE_CATALOGUE, (SEARCH,)),
    "invents a price": (FROM_THE_CATALOGUE, (SEARCH, FALSE, SEARCH, FALSE)),
    "invents a price, then looks": (TRUE, (FALSE, SEARCH, says(TRUE))),
    "invents a price, then is throttled": (FROM_THE_CATALOGUE, (FALSE, refuses("ThrottlingException", 429))),
    "invents a link, then leaves it out": (TRUE, (SEARCH, LINKED, SEARCH, says(TRUE))),
}
"""What the customer is told, and what the model does."""
HANDED_OVER: dict[str, tuple[EscalationReason, tuple[Any, ...]]] = {
    "asks for a person": (EscalationReason.NO_ANSWER, (ASKS_FOR_HELP,)),
    "emits a foreign link": (EscalationReason.NOT_GROUNDED, (SEARCH, LINKED, SEARCH, LINKED)),
    "names another seller's product": (
        EscalationReason.NOT_GROUNDED,
        (THEIRS, says("We have the Blue Secret Mug for 0.99 EUR."), THEIRS, says("The Blue Secret Mug is 0.99 EUR.")),
    ),
    "names another seller's page": (EscalationReason.NOT_GROUNDED, (says("Look at https://globex.example/9"),)),
    "invents a product": (EscalationReason.NOT_GROUNDED, (SEARCH, says("We also have the Golden Teapot for 5 USD."))),
    "invents a price, then gives up": (EscalationReason.NO_ANSWER, (FALSE, ASKS_FOR_HELP)),
}
WAYS = {way: answers for way, (_, answers) in (ANSWERED | HANDED_OVER).items()}


class Played:
    def __init__(self, way: tuple[Any, ...], doom: Doom | None = None) -> None:
        self.runtime, self.usage = FakeRuntime(way), FakeModelUsage()
        clock = Clock()
        assistant = FallbackAssistant(
            lambda: BedrockAssistant(catalogue(), None, self.runtime, clock),
            CatalogueAssistant(catalogue()),
            self.usage,
            default_model=MODEL,
            told=lambda _: None,
            now=clock,
        )
        self.deployment = Deployment(doom=doom or Doom())
        self.deployment.cast.assistant.draft = assistant.answer
        self.deployment.cast.catalogue = catalogue()
        self.deployment.deliver(message(QUESTION))
        self.outcomes = self.deployment.drain()

    @property
    def calls_counted(self) -> int:
        return sum(counters[MODEL_CALLS] for (tenant, _), counters in self.usage.counters.items() if tenant == ACME)


@pytest.mark.parametrize("way", ANSWERED)
def test_one_grounded_answer_whatever_the_model_does(way: str) -> None:
    text, answers = ANSWERED[way]
    played = Played(answers)
    assert played.outcomes == [Answered.ANSWERED]
    assert played.deployment.texts == [text]
    assert played.deployment.reasons == []
    assert played.calls_counted == len(played.runtime.requests)


@pytest.mark.parametrize("way", HANDED_OVER)
def test_or_one_person_is_called_and_one_note_sent(way: str) -> None:
    reason, answers = HANDED_OVER[way]
    played = Played(answers)
    assert played.outcomes == [Answered.HANDED_OVER]
    assert played.deployment.reasons == [reason]
    [note] = played.deployment.texts
    assert not re.search(r"\d|http|Secret|Teapot", note)
    assert played.calls_counted == len(played.runtime.requests)


@pytest.mark.parametrize("way", ["invents a price, then looks", "invents a product"])
def test_the_reply_tells_what_both_drafts_took(way: str) -> None:
    played = Played(WAYS[way])
    [reply] = [entry for entry in played.deployment.thread().entries if isinstance(entry, Reply)]
    assert reply.use is not None
    assert reply.use.calls == len(played.runtime.requests)
    assert reply.use.tokens.input == 900 * reply.use.calls


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("when", When)
def test_wherever_a_worker_dies_there_is_no_second_reply_and_every_call_is_counted(way: str, when: When) -> None:
    for n in range(len(Played(WAYS[way]).deployment.doom.calls)):
        played = Played(WAYS[way], Doom(n, when))
        assert len(played.deployment.cast.messenger.posts) <= 1
        assert played.calls_counted == len(played.runtime.requests)
        assert played.deployment.texts or played.deployment.reasons
