"""What becomes of an accepted message."""

import time

import httpx
import pytest

from tests.unit.simulator.conftest import CUSTOMER, NUMBER, FakeWebhook, send, write

pytestmark = pytest.mark.anyio


async def test_sent_and_delivered_carry_price_and_callback_data(
    client: httpx.AsyncClient, webhook: FakeWebhook
) -> None:
    await write(client)
    message_id = (await send(client, biz_opaque_callback_data="reply-7")).json()["messages"][0]["id"]
    await webhook.until(lambda webhook: len(webhook.statuses) == 2)
    assert [status["status"] for status in webhook.statuses] == ["sent", "delivered"]
    for status in webhook.statuses:
        assert status["id"] == message_id
        assert status["recipient_id"] == CUSTOMER
        assert status["biz_opaque_callback_data"] == "reply-7"
        assert status["pricing"] == {
            "billable": True,
            "pricing_model": "PMP",
            "type": "regular",
            "category": "service",
        }


async def test_outside_the_window_a_message_is_accepted_and_fails(
    client: httpx.AsyncClient, webhook: FakeWebhook
) -> None:
    await write(client, timestamp=int(time.time()) - 25 * 3600)
    assert (await send(client)).status_code == 200
    await webhook.until(lambda webhook: len(webhook.statuses) == 1)
    status = webhook.statuses[0]
    assert status["status"] == "failed"
    assert status["errors"][0]["code"] == 131047
    assert "pricing" not in status


async def test_a_template_needs_no_window_and_has_its_own_category(
    client: httpx.AsyncClient, webhook: FakeWebhook
) -> None:
    template = {
        "name": "order_ready",
        "language": {"code": "en"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": "Maya"}]}],
    }
    await send(client, type="template", template=template)
    await webhook.until(lambda webhook: len(webhook.statuses) == 2)
    assert webhook.statuses[0]["pricing"]["category"] == "utility"


async def test_a_status_can_be_forced(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    await write(client)
    message_id = (await send(client)).json()["messages"][0]["id"]
    await webhook.until(lambda webhook: len(webhook.statuses) == 2)
    await client.post("/simulator/statuses", json={"message_id": message_id, "status": "read"})
    await webhook.until(lambda webhook: len(webhook.statuses) == 3)
    assert webhook.statuses[-1]["status"] == "read"
    assert "pricing" not in webhook.statuses[-1]
    answer = await client.get("/simulator/messages", params={"phone_number_id": NUMBER, "customer": CUSTOMER})
    states = [change["status"] for change in answer.json()["messages"][-1]["statuses"]]
    assert states == ["accepted", "sent", "delivered", "read"]


async def test_what_arrives_in_an_open_chat_is_read(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    await write(client)
    await client.post("/simulator/presence", json={"viewer": "page", "phone_number_id": NUMBER, "customer": CUSTOMER})
    await send(client)
    await webhook.until(lambda webhook: len(webhook.statuses) == 3)
    assert webhook.statuses[-1]["status"] == "read"


async def test_statuses_can_be_switched_off(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    await client.post("/simulator/faults", json={"webhooks": {"statuses": False}})
    await write(client)
    message_id = (await send(client)).json()["messages"][0]["id"]
    await client.post("/simulator/statuses", json={"message_id": message_id, "status": "read"})
    await write(client, wait=True)
    assert webhook.statuses == []


async def test_a_business_scoped_user_id_in_to_is_lost(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    await write(client, **{"from": None}, user_id="US.1349120865530274")
    answer = await send(client, to="US.1349120865530274")
    assert answer.status_code == 200
    await write(client, wait=True)
    assert webhook.statuses == []
    assert (await client.get("/simulator/sends")).json()["sends"][0]["outcome"] == "lost"


async def test_recipient_reaches_a_business_scoped_user_id(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    await write(client, **{"from": None}, user_id="US.1349120865530274")
    answer = (await send(client, to=None, recipient="US.1349120865530274")).json()
    assert answer["contacts"] == [{"input": "US.1349120865530274", "user_id": "US.1349120865530274"}]
    await webhook.until(lambda webhook: len(webhook.statuses) == 2)
    assert webhook.statuses[0]["recipient_user_id"] == "US.1349120865530274"
    assert "recipient_id" not in webhook.statuses[0]


async def test_opening_a_chat_reads_what_was_delivered(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    await write(client)
    await send(client)
    await webhook.until(lambda webhook: len(webhook.statuses) == 2)
    for _ in range(2):
        await client.post(
            "/simulator/presence", json={"viewer": "page", "phone_number_id": NUMBER, "customer": CUSTOMER}
        )
    await webhook.until(lambda webhook: len(webhook.statuses) == 3)
    assert webhook.statuses[-1]["status"] == "read"


async def test_a_customers_message_is_delivered_when_the_webhook_accepts_it(
    client: httpx.AsyncClient, webhook: FakeWebhook
) -> None:
    webhook.answers = [500]
    message_id = (await write(client, wait=True))["id"]
    await webhook.until(lambda webhook: len(webhook.requests) == 2)
    await write(client, wait=True)
    chat = (await client.get("/simulator/messages", params={"phone_number_id": NUMBER, "customer": CUSTOMER})).json()
    assert [(change["status"]) for change in chat["messages"][0]["statuses"]] == ["sent", "delivered"]
    assert chat["messages"][0]["id"] == message_id
