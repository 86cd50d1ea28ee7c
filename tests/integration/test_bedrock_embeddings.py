"""Requests as botocore's own model of Bedrock takes them; answers as the models give them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.response import StreamingBody
from botocore.stub import ANY, Stubber

from adapters import bedrock_embeddings
from adapters.aws_clients import client
from adapters.bedrock_embeddings import BedrockEmbeddings
from adapters.vectors import array_of
from domain.errors import PermanentError, ServiceUnavailableError

TITAN, COHERE = "amazon.titan-embed-text-v2:0", "cohere.embed-multilingual-v3"


@pytest.fixture
def bedrock() -> Iterator[Stubber]:
    with Stubber(client("bedrock-runtime")) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def answers(bedrock: Stubber, model_id: str, request: dict[str, Any], answer: dict[str, Any]) -> None:
    raw = json.dumps(answer).encode()
    bedrock.add_response(
        "invoke_model",
        {"body": StreamingBody(io.BytesIO(raw), len(raw)), "contentType": "application/json"},
        {"modelId": model_id, "contentType": "application/json", "accept": "application/json", "body": _Json(request)},
    )


class _Json:
    """Equal to any text that says the same."""

    def __init__(self, expected: dict[str, Any]) -> None:
        self.expected = expected

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and json.loads(other) == self.expected

    def __hash__(self) -> int:
        return 0


def test_titan_takes_one_text_a_call(bedrock: Stubber, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bedrock_embeddings, "_CALLS_AT_ONCE", 1)  # the stub expects an order
    for text, first in (("a mug", 1.0), ("a hat", -1.0)):
        asked = {"inputText": text, "dimensions": 512, "normalize": True}
        answers(bedrock, TITAN, asked, {"embedding": [first] + [0.0] * 511, "inputTextTokenCount": 2})
    mug, hat = BedrockEmbeddings(TITAN).of_products(["a mug", "a hat"])
    assert array_of(mug) @ array_of(hat) == pytest.approx(-1)
    assert mug.dimension == 512


@pytest.mark.parametrize("kind", ["search_document", "search_query"])
def test_cohere_takes_many_and_is_told_what_they_are(bedrock: Stubber, kind: str) -> None:
    model = BedrockEmbeddings(COHERE)
    asked = {"texts": ["a mug"], "input_type": kind, "truncate": "END"}
    answers(bedrock, COHERE, asked, {"embeddings": [[3.0, 4.0] * 512], "response_type": "embeddings_floats"})
    vector = model.of_question("a mug") if kind == "search_query" else model.of_products(["a mug"])[0]
    assert vector.dimension == 1024
    assert float((array_of(vector) ** 2).sum()) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("code", ["ThrottlingException", "ModelTimeoutException", "AccessDeniedException"])
def test_what_it_refuses_may_be_asked_for_again(bedrock: Stubber, code: str) -> None:
    bedrock.add_client_error("invoke_model", code, expected_params=dict.fromkeys(_PARAMETERS, ANY))
    with pytest.raises(ServiceUnavailableError, match=code):
        BedrockEmbeddings(COHERE).of_question("a mug")


_PARAMETERS = ("modelId", "contentType", "accept", "body")


def test_fewer_vectors_than_texts_are_none(bedrock: Stubber) -> None:
    asked = {"texts": ["a mug", "a hat"], "input_type": "search_document", "truncate": "END"}
    answers(bedrock, COHERE, asked, {"embeddings": [[1.0] * 64]})
    with pytest.raises(ServiceUnavailableError, match="1 vectors for 2 texts"):
        BedrockEmbeddings(COHERE).of_products(["a mug", "a hat"])


def test_vectors_of_different_lengths_have_different_names() -> None:
    assert BedrockEmbeddings(TITAN).name == f"{TITAN}/512"
    assert BedrockEmbeddings(COHERE).name == COHERE


def test_a_model_of_another_family_is_refused() -> None:
    with pytest.raises(PermanentError, match="Titan V2, or Cohere"):
        BedrockEmbeddings("amazon.nova-micro-v1:0")
