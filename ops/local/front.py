"""The front port: Meta's way to the webhook function, and the simulator.

Run as `python -m ops.local.front HOME`; what it needs to know stands in HOME/front.json.
"""

from __future__ import annotations

import argparse
import contextlib
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from ops.local.front_config import CONFIG_NAME, FrontConfig
from ops.local.index_page import index_page
from ops.simulator.app import Simulator

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from starlette.requests import Request
    from starlette.types import ASGIApp

STATE_NAME = "simulator.json"
_FUNCTION_SECONDS = 60
# RFC 9110, 7.6.1: these belong to one connection. Length and host are set anew for the next.
_ONE_HOP = {"connection", "host", "content-length", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"}


class FunctionUrl:
    """Passes requests on to a Lambda function URL, the body's bytes untouched: they are what is signed."""

    def __init__(self, config: FrontConfig, client: httpx.AsyncClient) -> None:
        self._host = config.function_host
        self._client = client

    async def forward(self, request: Request) -> Response:
        onward = self._client.build_request(
            request.method,
            httpx.URL("/", query=request.url.query.encode() or None),
            headers=[*_passed_on(request.headers.items()), ("host", self._host)],
            content=await request.body(),
        )
        try:
            answer = await self._client.send(onward)
        except httpx.HTTPError as error:
            return PlainTextResponse(f"the local AWS does not answer ({type(error).__name__})\n", status_code=502)
        return Response(answer.content, answer.status_code, dict(_passed_on(answer.headers.items())))


def _passed_on(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in _ONE_HOP]


def make_app(config: FrontConfig, state_path: Path | None = None) -> ASGIApp:
    client = httpx.AsyncClient(base_url=config.aws_endpoint_url, timeout=_FUNCTION_SECONDS, trust_env=False)
    simulator = Simulator(config.simulator, state_path=state_path)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with client, simulator.running():
            yield

    async def index(_: Request) -> Response:
        return HTMLResponse(index_page(config))

    function_url = FunctionUrl(config, client)

    async def webhook(request: Request) -> Response:
        answer = await function_url.forward(request)
        if request.method == "POST" and answer.status_code == HTTPStatus.OK:
            # However a message came, the simulator's own or another's, its sender can be answered.
            simulator.take_in(await request.body())
        return answer

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "ok", "stack": config.stack_name})

    return Starlette(
        routes=[
            Route("/", index),
            Route("/healthz", health),
            Route("/webhook", webhook, methods=["GET", "POST"]),
            *simulator.routes,
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
