"""A customer's question through the deployed functions, the template's policies and the local Bedrock, to a model."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.dynamodb_values import from_item
from ops.local.aws import LocalAws
from ops.local.home import Home
from ops.local.places import REPOSITORY
from ops.local.ports import free_port
from ops.local.project import Project
from ops.stack_file import StackFile
from tests.stack.deployed import Deployed, wait_until
from tests.stack.language_model import LanguageModel, serving
from tests.stack.phone import chat_with
from tests.stack.rehearsing import trying_out
from tests.stack.sam import runtime

MODEL_ID = "amazon.nova-lite-v1:0"


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return LanguageModel()


@pytest.fixture(scope="module")
def with_model(model: LanguageModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """A stack of its own, in processes of its own: its AWS is not that of the other tests."""
    folder = tmp_path_factory.mktemp("with-model")
    aws_port = free_port()
    ports = ("--port", str(free_port()), "--aws-port", str(aws_port))
    with serving(model) as url, httpx.Client(timeout=60, trust_env=False) as http:
        try:
            up = local("up", folder, *ports, "--auth", "--model-url", url, "--model-id", MODEL_ID, "--output", "json")
            file = StackFile.model_validate_json(up)
            aws = LocalAws(f"http://127.0.0.1:{aws_port}", Project().region())
            yield Deployed(Home(folder), aws, file, folder, runtime(), http)
        finally:
            local("down", folder)


def local(command: str, home: Path, *options: str) -> str:
    ran = subprocess.run(  # noqa: S603 (our own command)
        [sys.executable, "-m", "ops.cli", "local", command, "--home", str(home), *options],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def rows(stack: Deployed, table: str) -> list[dict[str, Any]]:
    pages = stack.aws.dynamodb().get_paginator("scan").paginate(TableName=stack.file.tables[table])
    return [from_item(item) for page in pages for item in page["Items"]]


def month(stack: Deployed) -> dict[str, Any]:
    return next(row for row in rows(stack, "tenant-usage") if row["tenantId"] == "maple-home")


def test_the_model_looks_the_product_up_and_answers(with_model: Deployed, model: LanguageModel) -> None:
    chat = chat_with(with_model)

    chat.say("How much is the Bamboo Cutting Board Large?")

    assert chat.next_answer(seconds=60) == "Model says: Bamboo Cutting Board Large for 24.90 USD."
    assert {request["model"] for request in model.requests} == {MODEL_ID}
    assert [tool["function"]["name"] for tool in model.requests[0]["tools"]] == [
        "search_catalogue",
        "get_product",
        "hand_over_to_person",
    ]
    assert "Chiapas" not in str(model.requests)  # of the seller that the model named


def test_what_it_took_stands_with_the_reply_and_in_the_month(with_model: Deployed) -> None:
    chat = chat_with(with_model)
    chat.say("Is the Cast Iron Skillet 10 inch in stock?")
    chat.next_answer(seconds=60)

    used = next(
        row["model"]
        for row in rows(with_model, "conversations")
        if "Skillet" in row.get("words", "") and "model" in row
    )
    assert (used["id"], used["calls"], used["tokensIn"], used["tokensOut"]) == (MODEL_ID, 2, 1400, 60)
    assert used["tools"] == ["search_catalogue"]
    assert used["microUsd"] == 99  # 1400 at 0.06 and 60 at 0.24 dollars a million, rounded up
    assert month(with_model)["model_turns"] >= 1
    assert month(with_model)["model_micro_usd"] >= 99


def test_a_seller_tries_the_model_out_and_the_month_pays(with_model: Deployed, model: LanguageModel) -> None:
    """By admin-gui, with rights of its own."""
    before, asked = month(with_model), len(model.requests)

    with trying_out(with_model) as chat:
        first = chat.ask("How much is the Bamboo Cutting Board Large?", persona="You are Nia, and not saved")
        second = chat.ask("How much is the Cast Iron Skillet 10 inch?")

    assert first == "Model says: Bamboo Cutting Board Large for 24.90 USD."
    assert second == "Model says: Cast Iron Skillet 10 inch for 34.90 USD."
    assert f"{MODEL_ID} was asked: 1,460 tokens" in chat.page
    assert "You are Nia" in str(model.requests[asked]["messages"])
    assert first in str(model.requests[-1]["messages"])  # of what was said before, it is told
    after = month(with_model)
    assert [after[name] - before[name] for name in ("model_turns", "model_micro_usd")] == [2, 2 * 99]


@pytest.mark.parametrize("question", ["How much is the {} today?", "How much is the {} currently?"])
def test_a_model_that_misbehaves_leaves_the_answer_to_the_catalogue(with_model: Deployed, question: str) -> None:
    """It calls tools for ever, or in no JSON."""
    chat = chat_with(with_model)

    chat.say(question.format("Cast Iron Skillet 10 inch"))

    assert chat.next_answer(seconds=60).startswith("Cast Iron Skillet 10 inch — 34.90 USD")
    assert len(chat.posts) == 1


def test_the_model_may_call_a_person(with_model: Deployed) -> None:
    chat = chat_with(with_model)

    chat.say("Could somebody nice advise me on wedding gifts")

    assert "colleague" in chat.next_answer(seconds=60)
    wait_until(
        lambda: any(
            row.get("handoverReason") == "person_requested" and row.get("phone") == chat.customer.wa_id
            for row in rows(with_model, "conversations")
        ),
        10,
        "the conversation to wait for a person",
    )


def test_the_questions_are_put_to_a_model_through_a_local_aws_of_their_own(model: LanguageModel) -> None:
    with serving(model) as url:
        options = ("--model", MODEL_ID, "--model-url", url, "--tenant", "maple-home", "--output", "json")
        ran = subprocess.run(  # noqa: S603 (our own command)
            [sys.executable, "-m", "ops.cli", "evaluate", "--assistant", "bedrock", *options],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
    evaluation = json.loads(ran.stdout)
    asked = {one["question"]: one["text"] for one in evaluation["tenants"][0]["asked"]}
    assert asked["do you have a rolling pin"] == "Model says: Marble Rolling Pin for 31.20 USD."
    assert evaluation["model"]["turns"] > 50
    assert ran.returncode == 1  # it knows no language but English
