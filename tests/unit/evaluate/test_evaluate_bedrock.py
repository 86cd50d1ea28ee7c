"""The same questions to a language model: in memory, in Bedrock's own words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest
from typer.testing import CliRunner

from adapters.bedrock_assistant import BedrockAssistant
from ops.cli import app
from ops.errors import OpsError
from ops.evaluate import run
from ops.evaluate.names import AssistantName
from ops.evaluate.questions import Category
from ops.evaluate.run import Candidate
from ops.models import asked
from tests.fakes.bedrock import FakeRuntime, calls, refuses, results, says

MODEL = "amazon.nova-lite-v1:0"
COMMAND = ["evaluate", "--tenant", "maple-home", "--assistant", "bedrock"]


def looks_up(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Searches for the customer's words, and says what it finds in the catalogue's own, in English."""
    if not any("toolResult" in block for block in request["messages"][-1]["content"]):
        return calls(("search_catalogue", {"query": request["messages"][-1]["content"][0]["text"][:400]}))
    found = results(request)[0]["content"][0]["json"]["products"]
    if not found:
        return calls(("hand_over_to_person", {"reason": "not_known"}))
    stock = "in stock" if found[0]["in_stock"] else "out of stock"
    return says(f"{found[0]['title']} — {found[0]['price']}, {stock}")


def model(monkeypatch: pytest.MonkeyPatch, *answers: Any) -> FakeRuntime:
    runtime = FakeRuntime(answers)
    monkeypatch.setattr(asked, "BedrockAssistant", partial(BedrockAssistant, runtime_for=runtime))
    return runtime


def test_a_model_is_scored_by_the_same_questions_and_what_it_took_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = model(monkeypatch, looks_up)
    evaluation = run.evaluate(Candidate(AssistantName.BEDROCK, MODEL), "maple-home")
    [report] = evaluation.tenants
    assert report.assistant == "bedrock"
    assert report.scores[Category.ASKS_FOR_PERSON].ok  # the rules hear that before any model
    assert report.scores[Category.RIGHT_PRICE].right > 0
    english = [one for one in report.asked if one.category is Category.RIGHT_PRICE and one.language == "en"]
    assert [one.id for one in english if one.faults] == []
    assert evaluation.model is not None
    assert evaluation.model.ok
    asked_first = 2  # whether it can be asked at all
    assert evaluation.model.calls == len(runtime.requests) - asked_first
    assert evaluation.model.micro_usd


def test_a_model_that_invents_says_nothing_and_scores_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    model(monkeypatch, says("It is 1.00 USD!"))
    [report] = run.evaluate(Candidate(AssistantName.BEDROCK, MODEL), "maple-home").tenants
    assert report.scores[Category.RIGHT_PRICE].right == 0
    assert not any("1.00" in one.text for one in report.asked)


def test_the_catalogue_assistants_answers_are_not_taken_for_the_models(monkeypatch: pytest.MonkeyPatch) -> None:
    model(monkeypatch, says("Hello"), says(""))
    evaluation = run.evaluate(Candidate(AssistantName.BEDROCK, MODEL), "maple-home")
    assert evaluation.model is not None
    assert evaluation.model.fallbacks == {"empty": evaluation.model.turns}
    assert not evaluation.ok


def test_the_persona_stands_in_the_instructions(monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = model(monkeypatch, looks_up)
    result = CliRunner().invoke(app, [*COMMAND, "--model", MODEL, "--persona", "You are Mia.", "--output", "json"])
    assert json.loads(result.output)["model"]["model"] == MODEL
    assert all("You are Mia." in request["system"][0]["text"] for request in runtime.requests)


@pytest.mark.parametrize(
    "error",
    [refuses("AccessDeniedException", 403), refuses("ThrottlingException", 429), refuses("ServiceUnavailable", 503)],
    ids=lambda error: error.response["Error"]["Code"],
)
def test_a_model_that_cannot_be_asked_is_an_error(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    runtime = model(monkeypatch, error)
    with pytest.raises(OpsError, match=f"the model {MODEL} cannot be asked"):
        run.evaluate(Candidate(AssistantName.BEDROCK, MODEL), None)
    assert len(runtime.requests) == 1


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "--assistant bedrock and --model go together"),
        (["--model", MODEL, "--persona", "two\nlines"], "persona: plain text on one line"),
        (["--model", MODEL, "--model-url", "http://127.0.0.1:9"], "nobody answers at http://127.0.0.1:9"),
    ],
)
def test_what_cannot_be_is_told(options: list[str], told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model(monkeypatch, looks_up)
    result = CliRunner().invoke(app, [*COMMAND, *options])
    assert result.exit_code == 1
    assert told in str(result.exception)


@pytest.mark.parametrize("options", [["--persona", "You are Mia."], ["--model-url", "http://127.0.0.1:9"]])
def test_what_is_a_models_needs_one(options: list[str]) -> None:
    result = CliRunner().invoke(app, ["evaluate", *options])
    assert "name it with --model" in str(result.exception)
