"""Who answers: the model, or whoever answers without one. One draft in every case, and every cent counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from adapters.bedrock_assistant import BedrockAssistant
from adapters.catalogue_assistant import CatalogueAssistant
from adapters.fallback_assistant import FallbackAssistant
from domain.assistant_settings import AssistantKind, AssistantSettings, BeyondBudget
from domain.assistants import Answer, CallPerson, Draft, NoReply, Turn
from domain.language_models import Tokens
from domain.model_use import FallbackReason, ModelUse
from tests.builders import ACME, GLOBEX, MONTH
from tests.fakes.bedrock import FakeRuntime, calls, refuses, response, says
from tests.fakes.model_usage import FakeModelUsage
from tests.unit.adapters.bedrock.turns import MODEL, Clock, catalogue, said, turn

QUESTION = "How much is the Blue Stoneware Mug?"
FROM_THE_CATALOGUE = "Blue Stoneware Mug — 12.50 USD, in stock (4)"


@dataclass
class Given:
    runtime: FakeRuntime
    default_model: str = MODEL
    usage: FakeModelUsage = field(default_factory=FakeModelUsage)
    told: list[ModelUse] = field(default_factory=list)

    def answer(self, of: Turn | str = QUESTION, **settings: Any) -> Draft:
        clock = Clock()
        assistant = FallbackAssistant(
            lambda: BedrockAssistant(catalogue(), None, self.runtime, clock),
            CatalogueAssistant(catalogue()),
            self.usage,
            default_model=self.default_model,
            told=self.told.append,
            now=clock,
        )
        return assistant.answer(turn(of, settings=AssistantSettings(**settings)) if isinstance(of, str) else of)

    def spend(self, tokens: int, micro_usd: int, tenant: Any = ACME) -> None:
        self.usage.keep(tenant, MONTH, ModelUse(MODEL, Tokens(tokens), micro_usd))


def given(*answers: Any, **changes: Any) -> Given:
    return Given(FakeRuntime(answers), **changes)


def text_of(draft: Draft) -> str:
    assert isinstance(draft, Answer), draft
    return draft.text


def fallback_of(draft: Draft) -> FallbackReason | None:
    assert isinstance(draft, Answer | CallPerson)
    assert draft.use is not None
    return draft.use.fallback


def test_the_model_answers_where_there_is_one() -> None:
    world = given(says("It costs 12.50 USD."))
    draft = world.answer()
    assert text_of(draft) == "It costs 12.50 USD."
    assert fallback_of(draft) is None
    assert world.usage.counters[ACME, MONTH] == {
        "model_turns": 1,
        "model_calls": 1,
        "model_tokens_in": 900,
        "model_tokens_out": 40,
        "model_micro_usd": 64,
    }
    assert [use.fallback for use in world.told] == [None]


@pytest.mark.parametrize(
    ("default_model", "settings", "asked"),
    [
        (MODEL, {}, MODEL),
        ("", {}, None),
        ("", {"kind": AssistantKind.BEDROCK}, None),
        ("", {"model_id": "amazon.nova-micro-v1:0"}, "amazon.nova-micro-v1:0"),
        (MODEL, {"model_id": "amazon.nova-micro-v1:0"}, "amazon.nova-micro-v1:0"),
        (MODEL, {"kind": AssistantKind.CATALOGUE}, None),
        (MODEL, {"kind": AssistantKind.CATALOGUE, "model_id": MODEL}, None),
    ],
)
def test_each_seller_has_their_own(default_model: str, settings: dict[str, Any], asked: str | None) -> None:
    world = given(says("Yes."), default_model=default_model)
    draft = world.answer(**settings)
    assert [request["modelId"] for request in world.runtime.requests] == ([asked] if asked else [])
    if asked is None:
        assert text_of(draft) == FROM_THE_CATALOGUE
        assert world.told == []


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (refuses("ThrottlingException", 429), FallbackReason.THROTTLED),
        (refuses("ModelTimeoutException", 408), FallbackReason.TIMED_OUT),
        (refuses("InternalServerException", 500), FallbackReason.UNAVAILABLE),
        (refuses("AccessDeniedException", 403), FallbackReason.REFUSED),
        (says(""), FallbackReason.EMPTY),
        ({}, FallbackReason.EMPTY),
        (says("Half", "max_tokens"), FallbackReason.CUT_OFF),
        (says("No.", "guardrail_intervened"), FallbackReason.GUARDRAIL),
        (response([{"toolUse": {}}], "tool_use"), FallbackReason.MALFORMED),
        (calls(("search_catalogue", {"query": "mug"})), FallbackReason.TOO_MANY_ROUNDS),
    ],
    ids=lambda value: str(value)[:40],
)
def test_whatever_becomes_of_the_model_the_catalogue_answers(answer: Any, reason: FallbackReason) -> None:
    world = given(answer)
    draft = world.answer()
    assert text_of(draft) == FROM_THE_CATALOGUE
    assert fallback_of(draft) is reason
    assert [use.fallback for use in world.told] == [reason]
    assert world.usage.counters[ACME, MONTH]["model_fallbacks"] == 1


def test_and_calls_a_person_where_the_catalogue_has_none_either() -> None:
    draft = given(refuses("ThrottlingException", 429)).answer("Can you ship a piano to Mars?")
    assert isinstance(draft, CallPerson)
    assert fallback_of(draft) is FallbackReason.THROTTLED


def test_what_the_model_cost_before_it_failed_is_counted() -> None:
    world = given(calls(("search_catalogue", {"query": "mug"})), refuses("ThrottlingException", 429))
    world.answer()
    counted = world.usage.counters[ACME, MONTH]
    assert (counted["model_calls"], counted["model_tokens_in"], counted["model_micro_usd"]) == (2, 900, 64)


def thanks() -> Turn:
    return turn("Thanks!")


def a_picture() -> Turn:
    return turn(said("", type="image"))


@pytest.mark.parametrize(("of", "kind"), [(thanks, NoReply), (a_picture, CallPerson)])
def test_what_needs_no_model_is_not_paid_for(of: Callable[[], Turn], kind: type[Draft]) -> None:
    world = given(says("You are welcome!"))
    assert isinstance(world.answer(of()), kind)
    assert world.runtime.requests == []
    assert world.told == []


# ---- the budget ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("budget", "tokens", "micro_usd", "reason"),
    [
        ({"monthly_tokens": 1000}, 999, 0, None),
        ({"monthly_tokens": 1000}, 1000, 0, FallbackReason.OVER_BUDGET),
        ({"monthly_tokens": 0}, 0, 0, FallbackReason.OVER_BUDGET),
        ({"monthly_tokens": None}, 10**12, 10**12, None),
        ({}, 20_000_000, 0, FallbackReason.OVER_BUDGET),
        ({"monthly_micro_usd": 500}, 0, 499, None),
        ({"monthly_micro_usd": 500}, 0, 500, FallbackReason.OVER_BUDGET),
        ({"monthly_micro_usd": 500, "monthly_tokens": None}, 0, 501, FallbackReason.OVER_BUDGET),
    ],
    ids=repr,
)
def test_the_month_ends_with_its_budget(
    budget: dict[str, Any], tokens: int, micro_usd: int, reason: FallbackReason | None
) -> None:
    world = given(says("It costs 12.50 USD."))
    world.spend(tokens, micro_usd)
    draft = world.answer(**budget)
    assert fallback_of(draft) is reason
    assert text_of(draft) == (FROM_THE_CATALOGUE if reason else "It costs 12.50 USD.")
    assert len(world.runtime.requests) == (0 if reason else 1)


def test_beyond_it_a_person_answers_where_the_seller_wants_that() -> None:
    world = given(says("Yes."))
    world.spend(10, 10)
    draft = world.answer(monthly_tokens=10, beyond_budget=BeyondBudget.PERSON)
    assert isinstance(draft, CallPerson)
    assert fallback_of(draft) is FallbackReason.OVER_BUDGET
    assert [use.calls for use in world.told] == [0]


def test_a_budget_in_money_that_nobody_can_keep_counts_as_spent() -> None:
    world = given(says("Yes."), default_model="example.new-model-v1:0")
    draft = world.answer(monthly_micro_usd=10**9)
    assert fallback_of(draft) is FallbackReason.UNPRICED
    assert world.runtime.requests == []


def test_what_one_seller_spends_is_not_anothers() -> None:
    world = given(says("Yes."))
    world.spend(10**9, 10**9, GLOBEX)
    assert text_of(world.answer(monthly_tokens=1000)) == "Yes."


def test_it_is_spent_while_it_lasts_and_no_further() -> None:
    world = given(says("Yes."))
    reasons = [fallback_of(world.answer(monthly_tokens=2000)) for _ in range(5)]
    assert reasons == [None, None, None, FallbackReason.OVER_BUDGET, FallbackReason.OVER_BUDGET]
