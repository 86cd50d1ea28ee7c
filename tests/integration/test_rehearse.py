"""`ai-marketplace rehearse`, on real rows: what it reads, what it says, and that it writes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from typer.testing import CliRunner

from adapters import aws_clients
from adapters.bedrock_assistant import BedrockAssistant
from adapters.dynamodb_catalogue import put_products
from adapters.dynamodb_tenants import DynamoTenants
from domain.assistants import CallPerson
from domain.catalogue import Money
from domain.conversations import conversation_id
from domain.replies import ReplyState, SendOutcome
from ops import target
from ops.cli import app
from ops.models import asked
from ops.rehearse.rehearsing import Rehearsing, rehearse
from ops.target import Target
from tests.builders import ACME, ALICE, after, job, message, number, product, recording, reply, tenant
from tests.contracts.world import World
from tests.fakes.assistant import FakeAssistant, FakeCatalogueSearch
from tests.fakes.bedrock import FakeRuntime, refuses, says
from tests.integration.template_resources import TemplateResources

CONVERSATION = conversation_id(ACME, ALICE.first_customer_id(ACME))
READS = {"Query", "GetItem", "BatchGetItem"}


@pytest.fixture
def calls(resources: TemplateResources, world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A conversation of two answers; then the names of all calls to AWS that the command makes."""
    tables = resources.tables
    DynamoTenants(tables["TenantsTable"], 0).put(number())
    put_products(tables["ProductsTable"], ACME, [product(price=Money(1300, "USD"))])
    for at, (question, said) in enumerate(
        [("the blue mug?", "Blue mug — 12.50 USD, in stock (4)"), ("bicycles?", "We have none")]
    ):
        of = recording(message(question, f"wamid.{at}", at=after(minutes=at)))
        world.record(of)
        answer = reply(job(of), text=said)
        assert world.ledger.claim(ACME, job(of), answer, "en")
        world.ledger.settle(
            ACME, job(of), answer, SendOutcome(ReplyState.SENT, message(message_id=f"out.{at}").message_id)
        )
    names = {
        "conversations": tables["ConversationsTable"],
        "tenants": tables["TenantsTable"],
        "products": tables["ProductsTable"],
    }
    monkeypatch.setattr(
        target,
        "find",
        lambda *_: Target("test", True, names, {}, {}, {}, {"index": resources.buckets["ProductIndexBucket"]}),
    )
    made: list[str] = []

    def note(model: Any, **_: Any) -> None:
        made.append(model.name)

    events = aws_clients.client("dynamodb").meta.events
    events.register("before-call", note, unique_id="rehearse")
    monkeypatch.setattr(aws_clients, "_client", _dynamodb_alone(aws_clients._client))
    yield made
    events.unregister("before-call", unique_id="rehearse")


def _dynamodb_alone(make: Any) -> Any:
    def client(service: str, *args: Any, **kwargs: Any) -> Any:
        assert service == "dynamodb", f"{service} is asked for"
        return make(service, *args, **kwargs)

    return client


def test_what_was_said_stands_beside_what_would_be(calls: list[str]) -> None:
    result = CliRunner().invoke(app, ["rehearse", CONVERSATION, "--output", "json"])
    assert result.exit_code == 0, result.output
    first, second = json.loads(result.output)["turns"]
    assert first == {
        "asked": "the blue mug?",
        "then": "Blue mug — 12.50 USD, in stock (4)",
        "now": "Blue mug — 13.00 USD, in stock (4)",
    }
    assert (second["then"], second["now"]) == ("We have none", "-> person (no_answer)")
    assert calls
    assert set(calls) <= READS


@pytest.mark.usefixtures("calls")
def test_the_catalogue_is_read_anew_in_each_turn(world: World) -> None:
    thread, catalogue = world.conversations.thread(ACME, ALICE.first_customer_id(ACME)), FakeCatalogueSearch()
    assert thread is not None
    rehearsal = rehearse(thread, tenant(), ports=Rehearsing(FakeAssistant(CallPerson()), catalogue))
    assert (len(rehearsal.turns), catalogue.turns) == (2, 2)


def test_people_see_what_differs(calls: list[str]) -> None:
    result = CliRunner().invoke(app, ["rehearse", CONVERSATION])
    assert "2 answers, 2 differ; nothing was sent or written" in result.output
    assert set(calls) <= READS


def test_a_conversation_that_is_not_there_is_told(calls: list[str]) -> None:
    result = CliRunner().invoke(app, ["rehearse", f"{ACME}#nobody"])
    assert result.exit_code == 1
    assert "there is no conversation acme#nobody" in str(result.exception)
    assert set(calls) <= READS


MODEL = "amazon.nova-lite-v1:0"


def test_another_model_and_persona_are_asked_and_told(calls: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = FakeRuntime([says("Which one do you mean?")])
    monkeypatch.setattr(asked, "BedrockAssistant", partial(BedrockAssistant, runtime_for=runtime))
    options = ["--model", MODEL, "--persona", "You are Mia.", "--output", "json"]
    result = CliRunner().invoke(app, ["rehearse", CONVERSATION, *options])
    assert result.exit_code == 0, result.output
    rehearsal = json.loads(result.output)
    assert [turn["now"] for turn in rehearsal["turns"]] == ["Which one do you mean?"] * 2
    assert (rehearsal["model"]["model"], rehearsal["model"]["turns"], rehearsal["persona"]) == (
        MODEL,
        2,
        "You are Mia.",
    )
    assert all("You are Mia." in request["system"][0]["text"] for request in runtime.requests)
    assert "the blue mug?" in json.dumps(runtime.requests[-1])  # with the history as it stood then
    assert set(calls) <= READS


def test_people_are_told_what_the_model_took(calls: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = FakeRuntime([says("Which one do you mean?")])
    monkeypatch.setattr(asked, "BedrockAssistant", partial(BedrockAssistant, runtime_for=runtime))
    result = CliRunner().invoke(app, ["rehearse", CONVERSATION, "--model", MODEL])
    assert f"{MODEL}: 2 turns, 2 calls, 1880 tokens" in result.output
    assert set(calls) <= READS


def test_a_model_that_cannot_be_asked_is_told(calls: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = FakeRuntime([refuses("AccessDeniedException", 403)])
    monkeypatch.setattr(asked, "BedrockAssistant", partial(BedrockAssistant, runtime_for=runtime))
    result = CliRunner().invoke(app, ["rehearse", CONVERSATION, "--model", MODEL])
    assert f"the model {MODEL} cannot be asked: refused" in str(result.exception)
    assert set(calls) <= READS


def test_a_persona_without_a_model_is_told(calls: list[str]) -> None:
    result = CliRunner().invoke(app, ["rehearse", CONVERSATION, "--persona", "You are Mia."])
    assert "a persona is a model's" in str(result.exception)
    assert set(calls) <= READS
