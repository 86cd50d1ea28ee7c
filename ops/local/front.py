"""The front port: Meta's way to the webhook function, people's to the pages and the API, and the simulator.

Run as `python -m ops.local.front HOME`; what it needs to know stands in HOME/front.json.
"""

from __future__ import annotations

import argparse
import contextlib
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from ops.local.front_config import CONFIG_NAME, FrontConfig
from ops.local.index_page import index_page
from ops.local.webhook_receiver import WebhookReceiver
from ops.simulator.app import Simulator

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from starlette.requests import Request
    from starlette.types import ASGIApp

STATE_NAME = "simulator.json"
_FUNCTION_SECONDS = 60
# RFC 9110, 7.6.1: these belong to one connection. Length and host are set anew for the next.
_ONE_HOP = {"connection", "host", "content-length", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"}


class Emulated:
    """Passes requests on to the emulator, the body's bytes untouched: a webhook's are what is signed."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def forward(self, request: Request, path: str, host: str) -> Response:
        onward = self._client.build_request(
            request.method,
            httpx.URL(path, query=request.url.query.encode() or None),
            headers=[*_passed_on(request.headers.items()), ("host", host)],
            content=await request.body(),
        )
        try:
            answer = await self._client.send(onward)
        except httpx.HTTPError as error:
            return PlainTextResponse(f"the local AWS does not answer ({type(error).__name__})\n", status_code=502)
        return _returned(answer)


class FunctionUrl(Emulated):
    def __init__(self, config: FrontConfig, client: httpx.AsyncClient) -> None:
        super().__init__(client)
        self._host = config.function_host

    async def call(self, request: Request) -> Response:
        return await self.forward(request, "/", self._host)


class RestApi(Emulated):
    def __init__(self, config: FrontConfig, client: httpx.AsyncClient) -> None:
        super().__init__(client)
        self._stage = f"/_aws/execute-api/{config.console_api_id}/{config.console_stage}"
        self._host = urlsplit(config.aws_endpoint_url).netloc

    async def call(self, request: Request) -> Response:
        path = request.scope["raw_path"].decode("ascii")
        return await self.forward(request, f"{self._stage}{path}", self._host)


def _returned(answer: httpx.Response) -> Response:
    response = Response(answer.content, answer.status_code)
    # A log-in sets several cookies: a dict of headers would keep one of them.
    response.raw_headers = [
        *((name.lower().encode(), value.encode("latin-1")) for name, value in _passed_on(answer.headers.multi_items())),
        (b"content-length", str(len(answer.content)).encode()),
    ]
    return response


def _passed_on(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in _ONE_HOP]


def client_of(config: FrontConfig, transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """It keeps no cookies: what one browser was given goes on with that browser's requests alone."""
    return httpx.AsyncClient(
        base_url=config.aws_endpoint_url,
        timeout=_FUNCTION_SECONDS,
        trust_env=False,
        transport=transport,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    )


def make_app(config: FrontConfig, state_path: Path | None = None) -> ASGIApp:
    client = client_of(config)
    simulator = Simulator(config.simulator, state_path=state_path)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with client, simulator.running():
            yield

    async def index(_: Request) -> Response:
        return HTMLResponse(index_page(config))

    function_url, rest_api = FunctionUrl(config, client), RestApi(config, client)

    async def webhook(request: Request) -> Response:
        answer = await function_url.call(request)
        if request.method == "POST" and answer.status_code == HTTPStatus.OK:
            # However a message came, the simulator's own or another's, its sender can be answered.
            simulator.take_in(await request.body())
        return answer

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "ok", "stack": config.stack_name})

    return Starlette(
        routes=[
            Route("/local", index),
            Route("/healthz", health),
            Route("/webhook", webhook, methods=["GET", "POST"]),
            *WebhookReceiver().routes,
            *simulator.routes,
            # Whatever is not the local stack's own belongs to the product.
            Route("/{path:path}", rest_api.call, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
        ],
        lifespan=lifespan,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    home: Path = parser.parse_args().home
    config = FrontConfig.model_validate_json((home / CONFIG_NAME).read_bytes())
    uvicorn.run(
        make_app(config, home / STATE_NAME),
        host="127.0.0.1",
        port=config.port,
        access_log=False,  # paths and queries can hold phone numbers
        log_level="warning",
        timeout_graceful_shutdown=3,  # the phone page keeps a stream of events open
    )


if __name__ == "__main__":
    main()
