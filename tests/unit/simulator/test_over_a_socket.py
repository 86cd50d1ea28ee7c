"""What only a real connection shows: a reset, a stream of events."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn

from ops.simulator.app import standalone
from ops.simulator.config import SimulatorConfig
from tests.unit.simulator.conftest import send, write

pytestmark = [pytest.mark.anyio, pytest.mark.enable_socket]


@asynccontextmanager
async def served(config: SimulatorConfig) -> AsyncIterator[httpx.AsyncClient]:
    # Nobody listens at the webhook: that is retried and does not matter here.
    app = standalone(config.model_copy(update={"webhook_url": "http://127.0.0.1:9/"}))
    settings = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=60)
    server = uvicorn.Server(settings)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:  # noqa: ASYNC110 - uvicorn offers a flag and nothing to wait for
            await asyncio.sleep(0.01)
        url = "http://{}:{}".format(*listener.getsockname())
        async with httpx.AsyncClient(
            base_url=url, headers={"Authorization": "Bearer token-one"}, trust_env=False, timeout=60
        ) as client:
            yield client
        server.should_exit = True
        await serving


async def test_reset_after_accept(config: SimulatorConfig, caplog: pytest.LogCaptureFixture) -> None:
    async with served(config) as client:
        await client.post("/simulator/faults", json=[{"kind": "reset_after_accept"}])
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            await send(client, biz_opaque_callback_data="reply-1")
        sends = (await client.get("/simulator/sends")).json()["sends"]
        assert [(send["outcome"], send["fault"]) for send in sends] == [("accepted", "reset_after_accept")]
        assert (await send(client)).status_code == 200
    assert caplog.records == []


async def test_timeout_accepts_nothing(config: SimulatorConfig) -> None:
    async with served(config) as client:
        await client.post("/simulator/faults", json=[{"kind": "timeout", "seconds": 0.05}])
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            await send(client)
        sends = (await client.get("/simulator/sends")).json()["sends"]
        assert [(send["outcome"], send["message_id"]) for send in sends] == [("unanswered", None)]


async def test_events_tell_what_happens(config: SimulatorConfig) -> None:
    async with served(config) as client, client.stream("GET", "/simulator/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.aiter_lines()
        hello = json.loads((await _next_data(lines)).removeprefix("data: "))
        assert hello["kind"] == "hello"
        message_id = (await write(client))["id"]
        event = json.loads((await _next_data(lines)).removeprefix("data: "))
        assert (event["kind"], event["message"]["id"]) == ("message", message_id)


async def _next_data(lines: AsyncIterator[str]) -> str:
    async for line in lines:
        if line.startswith("data: "):
            return line
    raise AssertionError("the stream ended")
