"""How webhooks are delivered: retried, repeated, disordered."""

import httpx
import pytest

from ops.simulator.webhooks.signature import signature
from tests.unit.simulator.conftest import APP_SECRET, FakeWebhook, write

pytestmark = pytest.mark.anyio


async def test_any_answer_but_200_is_retried(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    webhook.answers = [500, 204]
    answer = await write(client, wait=True)
    assert answer["http_status"] == 500
    await webhook.until(lambda webhook: len(webhook.requests) == 3)
    assert len({request.content for request in webhook.requests}) == 1
    attempts = (await client.get("/simulator/webhooks")).json()["webhooks"]
    assert [(attempt["attempt"], attempt["status_code"]) for attempt in attempts[:2]] == [(1, 500), (2, 204)]


async def test_in_the_end_it_is_given_up(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    webhook.answers = [500, 500, 500, 500]
    await write(client)
    await webhook.until(lambda webhook: len(webhook.requests) == 3)
    await write(client, id="wamid.next", wait=True)
    assert webhook.messages[-1]["id"] == "wamid.next"
    assert len(webhook.requests) == 4


async def test_copies_on_request(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    await write(client, id="wamid.x", duplicates=3)
    await webhook.until(lambda webhook: len(webhook.messages) == 3)
    assert {message["id"] for message in webhook.messages} == {"wamid.x"}


async def test_every_webhook_twice(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    await client.post("/simulator/faults", json={"webhooks": {"duplicate": 2}})
    await write(client)
    await webhook.until(lambda webhook: len(webhook.messages) == 2)


async def test_one_chat_arrives_in_order(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    for index in range(20):
        await write(client, id=f"wamid.{index}")
    await webhook.until(lambda webhook: len(webhook.messages) == 20)
    assert [message["id"] for message in webhook.messages] == [f"wamid.{index}" for index in range(20)]


async def test_disorder_on_request(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    await client.post("/simulator/faults", json={"webhooks": {"disorder": 20}})
    for index in range(20):
        await write(client, id=f"wamid.{index}")
    await webhook.until(lambda webhook: len(webhook.messages) == 20)
    arrived = [message["id"] for message in webhook.messages]
    # 20! orders: the right one by chance is not to be expected in the life of this project.
    assert arrived != sorted(arrived, key=lambda message_id: int(message_id.split(".")[1]))


async def test_what_is_held_back_comes_in_the_end(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    await client.post("/simulator/faults", json={"webhooks": {"disorder": 100}})
    await write(client)
    await webhook.until(lambda webhook: len(webhook.messages) == 1)


async def test_a_recorded_body_is_posted_byte_by_byte(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    webhook.answers = [401]
    body = b'{ "object" : "whatsapp_business_account", "entry":[] }'
    answer = await client.post("/simulator/bodies", content=body)
    assert answer.json() == {"status_code": 401, "text": "ok"}
    assert webhook.requests[0].content == body
    assert webhook.requests[0].headers["X-Hub-Signature-256"] == signature(body, APP_SECRET)


async def test_the_handshake(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    answer = (await client.post("/simulator/verifications", json={"verify_token": "let-me-in"})).json()
    assert (answer["verified"], answer["status_code"]) == (True, 200)
    query = webhook.requests[0].url.params
    assert (query["hub.mode"], query["hub.verify_token"]) == ("subscribe", "let-me-in")
    assert "X-Hub-Signature-256" not in webhook.requests[0].headers
