"""Bedrock's runtime, in memory: a script of answers; each request is held against botocore's own model of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any

import botocore.session
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator

Answer = Mapping[str, Any] | Exception | Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""A response, what is raised, or what makes a response of the request."""


@cache
def _converse_input() -> Any:
    model = botocore.session.get_session().get_service_model("bedrock-runtime")
    return model.operation_model("Converse").input_shape


def check(request: Mapping[str, Any]) -> None:
    """As the real client does before it sends anything."""
    report = ParamValidator().validate(request, _converse_input())
    assert not report.has_errors(), report.generate_report()
    roles = [message["role"] for message in request["messages"]]
    assert roles[0] == "user"
    assert roles[-1] == "user"
    assert all(one != other for one, other in pairwise(roles)), roles
    assert all(block.get("text", "x").strip() for message in request["messages"] for block in message["content"])


@dataclass
class FakeRuntime:
    """Gives its answers one after the other, and the last one again and again."""

    answers: Sequence[Answer]
    requests: list[Mapping[str, Any]] = field(default_factory=list)
    read_seconds: list[int] = field(default_factory=list)

    def __call__(self, read_seconds: int) -> FakeRuntime:
        self.read_seconds.append(read_seconds)
        return self

    def converse(self, **request: Any) -> Mapping[str, Any]:
        check(request)
        self.requests.append(deepcopy(request))
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer


def says(text: str, stop_reason: str = "end_turn", *, tokens: tuple[int, int] = (900, 40)) -> dict[str, Any]:
    return response([{"text": text}], stop_reason, tokens=tokens)


def calls(*uses: tuple[str, Any], tokens: tuple[int, int] = (900, 40)) -> dict[str, Any]:
    """Tools, by name and arguments."""
    blocks = [
        {"toolUse": {"toolUseId": f"tooluse_{index}", "name": name, "input": arguments}}
        for index, (name, arguments) in enumerate(uses)
    ]
    return response(blocks, "tool_use", tokens=tokens)


def response(blocks: Sequence[Any], stop_reason: str, *, tokens: tuple[int, int] = (900, 40)) -> dict[str, Any]:
    read, written = tokens
    return {
        "output": {"message": {"role": "assistant", "content": list(blocks)}},
        "stopReason": stop_reason,
        "usage": {"inputTokens": read, "outputTokens": written, "totalTokens": read + written},
        "metrics": {"latencyMs": 400},
    }


def refuses(code: str, status: int) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": "words"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "Converse")


def results(request: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the tools answered to the last call."""
    return [block["toolResult"] for block in request["messages"][-1]["content"] if "toolResult" in block]
