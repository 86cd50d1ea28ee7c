"""What the simulator keeps, forgets, and keeps in a file."""

from pathlib import Path

import anyio
import httpx
import pytest
from starlette.applications import Starlette

from ops.simulator.app import Simulator
from ops.simulator.chats import ChatKey, ChatMessage, Chats, Direction
from ops.simulator.config import SimulatorConfig
from ops.simulator.webhooks.endpoint import WebhookEndpoint
from tests.unit.simulator.conftest import CUSTOMER, NUMBER, FakeWebhook, write

pytestmark = pytest.mark.anyio


async def test_numbers_without_their_tokens(client: httpx.AsyncClient) -> None:
    numbers = (await client.get("/simulator/numbers")).json()["numbers"]
    assert [number["tenant_id"] for number in numbers] == ["casa-verde", "other"]
    assert numbers[0]["products"][0]["title"] == "Mug"
    assert all("access_token" not in number for number in numbers)


async def test_a_new_customer(client: httpx.AsyncClient) -> None:
    answer = await client.post("/simulator/customers", json={"profile_name": "Noor", "wa_id": "12025550188"})
    assert answer.json()["key"] == "12025550188"
    customers = (await client.get("/simulator/customers")).json()["customers"]
    assert customers[-1]["profile_name"] == "Noor"


async def test_reset(client: httpx.AsyncClient) -> None:
    await write(client)
    await client.post("/simulator/faults", json=[{"kind": "http_500"}])
    assert (await client.delete("/simulator/state")).status_code == 204
    assert (await client.get("/simulator/chats")).json() == {"chats": []}
    assert (await client.get("/simulator/faults")).json()["faults"] == []
    assert (await client.get("/simulator/webhooks")).json() == {"webhooks": []}


def test_a_chat_forgets_its_oldest_message() -> None:
    chats = Chats()
    for index in range(501):
        chats.add(
            ChatMessage(
                id=str(index),
                phone_number_id=NUMBER,
                customer=CUSTOMER,
                direction=Direction.INBOUND,
                type="text",
                timestamp=index,
            )
        )
    assert len(chats.transcript(ChatKey(NUMBER, CUSTOMER))) == 500
    assert chats.find("0") is None
    assert chats.find("500")


async def test_chats_outlive_a_restart(config: SimulatorConfig, tmp_path: Path) -> None:
    state_path = tmp_path / "state" / "chats.json"
    for expected in (1, 2):
        to_webhook = httpx.AsyncClient(transport=httpx.MockTransport(FakeWebhook()))
        endpoint = WebhookEndpoint(config.webhook_url, config.app_secret, to_webhook)
        simulator = Simulator(config, endpoint, state_path)
        transport = httpx.ASGITransport(Starlette(routes=simulator.routes))
        async with simulator.running(), httpx.AsyncClient(transport=transport, base_url="http://simulator") as client:
            await write(client, wait=True)
            query = {"phone_number_id": NUMBER, "customer": CUSTOMER}
            chat = (await client.get("/simulator/messages", params=query)).json()
            assert len(chat["messages"]) == expected
    assert [path.name for path in await anyio.to_thread.run_sync(lambda: list(state_path.parent.iterdir()))] == [
        "chats.json"
    ]


def test_a_config_is_read_from_a_file(config: SimulatorConfig, tmp_path: Path) -> None:
    path = tmp_path / "simulator.json"
    path.write_text(config.model_dump_json(), encoding="utf-8")
    assert SimulatorConfig.load(path) == config
