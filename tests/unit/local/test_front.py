from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from ops.local.front import FunctionUrl, RestApi, client_of
from ops.local.front_config import FrontConfig
from ops.local.webhook_receiver import WebhookReceiver
from ops.simulator.config import SimulatorConfig

CONFIG = FrontConfig(
    port=8080,
    function_url="https://abc123.lambda-url.us-east-1.on.aws/",
    console_api_id="abcde12345",
    console_stage="local",
    aws_endpoint_url="http://127.0.0.1:4566",
    stack_name="stack",
    simulator=SimulatorConfig(app_secret="secret", webhook_url="http://127.0.0.1:8080/webhook", numbers=[]),
)


class Emulator:
    """Plays the function behind its URL."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.answer = httpx.Response(200, text="ok", headers={"x-from": "function", "connection": "close"})
        self.down = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            raise httpx.ConnectError("refused")
        self.requests.append(request)
        return self.answer


@pytest.fixture
def emulator() -> Emulator:
    return Emulator()


class Meta:
    """Calls the front as Meta does."""

    def __init__(self, emulator: Emulator) -> None:
        client = httpx.AsyncClient(base_url=CONFIG.aws_endpoint_url, transport=httpx.MockTransport(emulator))
        route = Route("/webhook", FunctionUrl(CONFIG, client).call, methods=["GET", "POST"])
        self._transport = httpx.ASGITransport(Starlette(routes=[route]))

    def get(self, query: str) -> httpx.Response:
        return asyncio.run(self._send(httpx.Request("GET", f"http://front/webhook?{query}")))

    def post(self, body: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
        return asyncio.run(self._send(httpx.Request("POST", "http://front/webhook", content=body, headers=headers)))

    async def _send(self, request: httpx.Request) -> httpx.Response:
        async with httpx.AsyncClient(transport=self._transport) as client:
            return await client.send(request)


@pytest.fixture
def meta(emulator: Emulator) -> Meta:
    return Meta(emulator)


def test_the_bodys_bytes_and_the_signature_arrive_untouched(meta: Meta, emulator: Emulator) -> None:
    body = b'{"a":  "\\u00e9\xc3\xa9"}\r\n' * 150_000
    meta.post(body, {"X-Hub-Signature-256": "sha256=1", "Content-Type": "application/json"})
    received = emulator.requests[0]
    assert received.content == body
    assert received.headers["x-hub-signature-256"] == "sha256=1"
    assert received.headers["content-type"] == "application/json"
    assert received.headers["content-length"] == str(len(body))


def test_it_goes_to_the_functions_host_on_the_emulators_port(meta: Meta, emulator: Emulator) -> None:
    meta.post(b"{}")
    received = emulator.requests[0]
    assert str(received.url) == "http://127.0.0.1:4566/"
    assert received.headers.get_list("host") == ["abc123.lambda-url.us-east-1.localhost"]


def test_the_query_arrives_as_it_was_sent(meta: Meta, emulator: Emulator) -> None:
    meta.get("hub.mode=subscribe&hub.challenge=a%2Bb+c&empty=")
    assert emulator.requests[0].url.query == b"hub.mode=subscribe&hub.challenge=a%2Bb+c&empty="


def test_the_functions_answer_comes_back_without_what_belongs_to_one_connection(meta: Meta, emulator: Emulator) -> None:
    emulator.answer = httpx.Response(401, text="no", headers={"x-from": "function", "connection": "close"})
    answer = meta.post(b"{}")
    assert (answer.status_code, answer.text, answer.headers["x-from"]) == (401, "no", "function")
    assert "connection" not in answer.headers


def test_a_silent_emulator_is_a_bad_gateway(meta: Meta, emulator: Emulator) -> None:
    emulator.down = True
    assert meta.post(b"{}").status_code == 502


@pytest.fixture
def api_client(emulator: Emulator) -> httpx.AsyncClient:
    client = httpx.AsyncClient(base_url=CONFIG.aws_endpoint_url, transport=httpx.MockTransport(emulator))
    route = Route("/{path:path}", RestApi(CONFIG, client).call, methods=["GET", "POST"])
    return httpx.AsyncClient(transport=httpx.ASGITransport(Starlette(routes=[route])), base_url="http://front")


def test_pages_and_api_are_below_the_stage_of_the_rest_api(api_client: httpx.AsyncClient, emulator: Emulator) -> None:
    asyncio.run(api_client.get("/api/v1/products/a%2Fb%20c?q=%C3%A9+1"))
    received = emulator.requests[0]
    assert received.url.raw_path == b"/_aws/execute-api/abcde12345/local/api/v1/products/a%2Fb%20c?q=%C3%A9+1"
    assert received.headers["host"] == "127.0.0.1:4566"


def test_each_cookie_comes_back(api_client: httpx.AsyncClient, emulator: Emulator) -> None:
    emulator.answer = httpx.Response(303, headers=[("set-cookie", "a=1"), ("set-cookie", "b=2"), ("location", "/")])
    answer = asyncio.run(api_client.post("/login", content=b"a=1"))
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert (answer.status_code, answer.headers["location"], answer.content) == (303, "/", b"")


def test_what_one_browser_is_given_no_other_shows(emulator: Emulator) -> None:
    emulator.answer = httpx.Response(200, headers={"set-cookie": "access=ada; Path=/"})
    client = client_of(CONFIG, httpx.MockTransport(emulator))

    async def ask() -> None:
        async with client:
            await client.get("/login")
            await client.get("/inbox")

    asyncio.run(ask())
    assert ["cookie" in request.headers for request in emulator.requests] == [False, False]


def test_what_a_sellers_webhook_hears_is_kept_as_it_came_newest_first() -> None:
    app = Starlette(routes=WebhookReceiver().routes)

    async def hear() -> list[dict[str, Any]]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://front") as client:
            for body in ("{}", '{"type":  "test"}'):
                sent = await client.post(
                    "/local/webhooks/shop.localhost/a/b", content=body, headers={"Webhook-Id": "e"}
                )
                assert sent.status_code == 204
            heard: list[dict[str, Any]] = (await client.get("/local/webhooks")).json()
            return heard

    newest, oldest = asyncio.run(hear())
    assert (newest["url"], newest["body"]) == ("https://shop.localhost/a/b", '{"type":  "test"}')
    assert (newest["headers"]["webhook-id"], oldest["body"]) == ("e", "{}")
