"""boto3's own client against a stand-in that speaks Bedrock's REST: what only a real connection shows."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from adapters import bedrock_assistant
from adapters.bedrock_assistant import BedrockAssistant
from domain.assistants import Answer, CallPerson
from domain.errors import ModelError
from domain.model_use import FallbackReason, ModelUse
from ops.local.aws import ROOT_KEY
from tests.fakes.bedrock import calls, says
from tests.unit.adapters.bedrock.turns import MODEL, MUG, catalogue, turn

_GIVE_UP_SECONDS = 60


@dataclass
class StandIn:
    """Answers one call after the other as `script` says, and the last way again and again."""

    script: list[Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=list)
    let_go: threading.Event = field(default_factory=threading.Event)
    """Whoever hangs, hangs until then."""
    paths: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, call: BaseHTTPRequestHandler) -> None:
        self.paths.append(call.path)
        self.bodies.append(json.loads(call.rfile.read(int(call.headers["content-length"]))))
        self.script[min(len(self.paths), len(self.script)) - 1](call)


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch, socket_enabled: None) -> Iterator[StandIn]:  # noqa: ARG001 (a fixture)
    bedrock = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bedrock.answer(self)

        def log_message(self, *_: Any) -> None:
            """Nowhere."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    for name, value in {
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": f"http://127.0.0.1:{server.server_port}",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": ROOT_KEY,
        "AWS_SECRET_ACCESS_KEY": ROOT_KEY,
    }.items():
        monkeypatch.setenv(name, value)
    bedrock_assistant.runtime.cache_clear()
    yield bedrock
    bedrock.let_go.set()
    server.shutdown()
    server.server_close()
    bedrock_assistant.runtime.cache_clear()


def replies(status: int, body: bytes, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def reply(call: BaseHTTPRequestHandler) -> None:
        call.send_response(status)
        for name, value in {"content-type": "application/json", "content-length": str(len(body)), **headers}.items():
            call.send_header(name.replace("_", "-"), value)
        call.end_headers()
        call.wfile.write(body)

    return reply


def refuses(status: int, code: str) -> Callable[[BaseHTTPRequestHandler], None]:
    return replies(status, b'{"message": "words"}', x_amzn_errortype=code)


def answers(response: Any) -> Callable[[BaseHTTPRequestHandler], None]:
    return replies(200, json.dumps(response).encode())


def hangs_up(call: BaseHTTPRequestHandler) -> None:
    call.close_connection = True
    call.connection.close()


def breaks_off(call: BaseHTTPRequestHandler) -> None:
    call.send_response(200)
    call.send_header("content-length", "1000")
    call.end_headers()
    call.wfile.write(b'{"output"')
    hangs_up(call)


def ask() -> Answer | CallPerson:
    return BedrockAssistant(catalogue()).answer(turn("Do you have the blue mug?"), MODEL)


def test_a_conversation_with_a_tool(stand_in: StandIn) -> None:
    stand_in.script = [
        answers(calls(("search_catalogue", {"query": "blue stoneware mug"}))),
        answers(says("The Blue Stoneware Mug costs 12.50 USD.")),
    ]
    answer = ask()
    assert isinstance(answer, Answer)
    assert answer.product_ids == (MUG.product_id,)
    assert answer.use is not None
    assert (answer.use.tokens.input, answer.use.tokens.output) == (1800, 80)
    assert stand_in.paths == ["/model/eu.amazon.nova-lite-v1%3A0/converse"] * 2
    [result] = stand_in.bodies[1]["messages"][-1]["content"]
    assert result["toolResult"]["content"][0]["json"]["products"][0]["price"] == "12.50 USD"


NO_LIST = b'{"output": {"message": {"role": "assistant", "content": "text"}}}'


@pytest.mark.parametrize(
    ("way", "reason"),
    [
        pytest.param(refuses(429, "ThrottlingException"), FallbackReason.THROTTLED, id="429"),
        pytest.param(refuses(429, "ModelNotReadyException"), FallbackReason.UNAVAILABLE, id="not ready"),
        pytest.param(refuses(408, "ModelTimeoutException"), FallbackReason.TIMED_OUT, id="408"),
        pytest.param(refuses(503, "ServiceUnavailableException"), FallbackReason.UNAVAILABLE, id="503"),
        pytest.param(refuses(403, "AccessDeniedException"), FallbackReason.REFUSED, id="403"),
        pytest.param(replies(502, b"<html>Bad Gateway</html>"), FallbackReason.UNAVAILABLE, id="502"),
        pytest.param(replies(200, b"{}"), FallbackReason.EMPTY, id="{}"),
        pytest.param(replies(200, b""), FallbackReason.EMPTY, id="nothing"),
        pytest.param(replies(200, b"not JSON"), FallbackReason.EMPTY, id="no JSON"),
        pytest.param(replies(200, NO_LIST), FallbackReason.MALFORMED, id="no list"),
        pytest.param(hangs_up, FallbackReason.UNAVAILABLE, id="hangs up"),
        pytest.param(breaks_off, FallbackReason.EMPTY, id="breaks off"),
    ],
)
def test_it_is_asked_once_and_the_reason_is_known(
    stand_in: StandIn, way: Callable[[BaseHTTPRequestHandler], None], reason: FallbackReason
) -> None:
    stand_in.script = [way]
    assert failed().fallback is reason
    assert len(stand_in.paths) == 1


def test_one_that_hangs_is_left_in_time(stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bedrock_assistant, "READ_SECONDS", (1,))
    in_vain: list[bool] = []
    stand_in.script = [lambda _: in_vain.append(not stand_in.let_go.wait(_GIVE_UP_SECONDS))]
    assert failed().fallback is FallbackReason.TIMED_OUT
    assert len(stand_in.paths) == 1
    assert in_vain == []  # it hangs still


def failed() -> ModelUse:
    with pytest.raises(ModelError) as raised:
        ask()
    return raised.value.use
