"""Recorded bodies that are played."""

import json
from typing import Any

import httpx
import pytest

from tests.unit.simulator.conftest import CUSTOMER, NUMBER, FakeWebhook, send

pytestmark = pytest.mark.anyio

# Bodies that are not of the shape that Meta sends: they are posted all the same.
STRANGE: list[Any] = [[], {"entry": "x"}, {"entry": [{"changes": [{"value": None}]}]}, {"entry": [{"changes": [{}]}]}]


def recorded(phone_number_id: str = NUMBER, **sender: str) -> bytes:
    message = {"id": "wamid.recorded", "timestamp": "1750000000", "type": "text", "text": {"body": "Hello"}} | sender
    value = {"metadata": {"phone_number_id": phone_number_id}, "messages": [message]}
    return json.dumps({"entry": [{"changes": [{"value": value, "field": "messages"}]}]}).encode()


async def test_who_writes_in_a_recorded_body_can_be_answered(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    await client.post("/simulator/bodies", content=recorded(**{"from": CUSTOMER}))
    receipt = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.recorded"}
    assert (await client.post(f"/graph/v26.0/{NUMBER}/messages", json=receipt)).status_code == 200
    await send(client)
    await webhook.until(lambda webhook: len(webhook.statuses) == 2)
    assert webhook.statuses[-1]["status"] == "delivered"


@pytest.mark.parametrize("field", ["from", "from_user_id"])
async def test_a_business_scoped_user_id_in_either_field(
    client: httpx.AsyncClient, webhook: FakeWebhook, field: str
) -> None:
    await client.post("/simulator/bodies", content=recorded(**{field: "US.13491208655302741918"}))
    await send(client, to=None, recipient="US.13491208655302741918")
    await webhook.until(lambda webhook: len(webhook.statuses) == 2)
    assert webhook.statuses[-1]["status"] == "delivered"


async def test_another_businesss_number_leaves_no_trace(client: httpx.AsyncClient) -> None:
    await client.post("/simulator/bodies", content=recorded("999", **{"from": CUSTOMER}))
    assert (await client.get("/simulator/chats")).json() == {"chats": []}


@pytest.mark.parametrize("body", [b"", b"{", *(json.dumps(body).encode() for body in STRANGE)])
async def test_any_bytes_are_posted(client: httpx.AsyncClient, webhook: FakeWebhook, body: bytes) -> None:
    answer = await client.post("/simulator/bodies", content=body)
    assert answer.json()["status_code"] == 200
    assert webhook.requests[0].content == body
