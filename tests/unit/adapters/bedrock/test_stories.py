"""A customer asks, the model does whatever it likes, and workers die: one reply, and all of it paid."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.bedrock_assistant import BedrockAssistant
from adapters.catalogue_assistant import CatalogueAssistant
from adapters.fallback_assistant import FallbackAssistant
from domain.answer import Answered
from domain.escalations import EscalationReason
from domain.model_use import MODEL_CALLS
from tests.builders import ACME, message
from tests.fakes.bedrock import FakeRuntime, calls, refuses, response, says
from tests.fakes.crashes import Doom, When
from tests.fakes.deployment import Deployment
from tests.fakes.model_usage import FakeModelUsage
from tests.unit.adapters.bedrock.turns import MODEL, Clock, catalogue

FROM_THE_CATALOGUE = "Blue Stoneware Mug — 12.50 USD, in stock (4)"
SEARCH = calls(("search_catalogue", {"query": "blue stoneware mug", "tenant": "globex"}))
WAYS: dict[str, tuple[Any, ...]] = {
    "answers": (SEARCH, says("The Blue Stoneware Mug costs 12.50 USD.")),
    "is throttled": (refuses("ThrottlingException", 429),),
    "is throttled in the middle": (SEARCH, refuses("ThrottlingException", 429)),
    "hangs": (refuses("ModelTimeoutException", 408),),
    "returns nothing": (says(""),),
    "calls tools wrongly": (calls(("search", "everything")), response([{"toolUse": {}}], "tool_use")),
    "calls tools for ever": (SEARCH,),
    "invents": (says("Only 1 USD! https://evil.example"),),
}


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
        self.deployment.deliver(message("How much is the Blue Stoneware Mug?"))
        self.outcomes = self.deployment.drain()

    @property
    def calls_counted(self) -> int:
        return sum(counters[MODEL_CALLS] for (tenant, _), counters in self.usage.counters.items() if tenant == ACME)


@pytest.mark.parametrize("way", WAYS)
def test_one_reply_whatever_the_model_does(way: str) -> None:
    played = Played(WAYS[way])
    assert played.outcomes == [Answered.ANSWERED]
    [text] = played.deployment.texts
    own_words = {"answers": "The Blue Stoneware Mug costs 12.50 USD.", "invents": "Only 1 USD! https://evil.example"}
    assert text == own_words.get(way, FROM_THE_CATALOGUE)
    assert played.calls_counted == len(played.runtime.requests)


def test_a_person_is_called_once_where_the_model_wants_one() -> None:
    played = Played((calls(("hand_over_to_person", {"reason": "asked_for_person"})),))
    assert played.outcomes == [Answered.HANDED_OVER]
    assert played.deployment.reasons == [EscalationReason.PERSON_REQUESTED]
    assert len(played.deployment.texts) == 1


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("when", When)
def test_wherever_a_worker_dies_there_is_no_second_reply_and_every_call_is_counted(way: str, when: When) -> None:
    for n in range(len(Played(WAYS[way]).deployment.doom.calls)):
        played = Played(WAYS[way], Doom(n, when))
        assert len(played.deployment.cast.messenger.posts) <= 1
        assert played.calls_counted == len(played.runtime.requests)
        assert played.deployment.texts or played.deployment.reasons
