"""What a customer writes, as the webhook carries it."""

from typing import Any

import httpx
import pytest

from ops.simulator.webhooks.signature import signature
from tests.unit.simulator.conftest import APP_SECRET, CUSTOMER, NUMBER, FakeWebhook, send, write

pytestmark = pytest.mark.anyio

INBOUND: list[dict[str, Any]] = [
    {"type": "text", "text": {"body": "Hello"}},
    {"type": "location", "location": {"latitude": 1.0, "longitude": 2.0}},
    {"type": "contacts", "contacts": [{"name": {"formatted_name": "Rui"}}]},
    {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": {"id": "y", "title": "Yes"}}},
    {"type": "button", "button": {"payload": "yes", "text": "Yes"}},
    {"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": "👍"}},
    {"type": "revoke", "revoke": {"original_message_id": "wamid.x"}},
    {"type": "a_type_of_2031", "a_type_of_2031": {"anything": 1}},
]


@pytest.mark.parametrize("message", INBOUND, ids=lambda message: message["type"])
async def test_content_arrives_as_written(
    client: httpx.AsyncClient, webhook: FakeWebhook, message: dict[str, Any]
) -> None:
    answer = await write(client, id="wamid.mine", timestamp=1_750_000_000, wait=True, **message)
    assert answer == {"id": "wamid.mine", "http_status": 200}
    arrived = webhook.messages[0]
    assert arrived["id"] == "wamid.mine"
    assert arrived["from"] == CUSTOMER
    assert arrived["timestamp"] == "1750000000"
    assert arrived["type"] == message["type"]
    assert arrived[message["type"]] == message[message["type"]]


async def test_the_envelope(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    await write(client, profile_name="Maya", referral={"source_id": "ad-1"}, wait=True)
    request = webhook.requests[0]
    assert request.headers["X-Hub-Signature-256"] == signature(request.content, APP_SECRET)
    value = webhook.values[0]
    assert value["metadata"] == {"display_phone_number": "15550783881", "phone_number_id": NUMBER}
    assert value["contacts"] == [{"profile": {"name": "Maya"}, "wa_id": CUSTOMER}]
    assert value["messages"][0]["referral"] == {"source_id": "ad-1"}


async def test_an_order_names_the_numbers_catalogue(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    items = [{"product_retailer_id": "mug-1", "quantity": 2, "item_price": 12.5, "currency": "USD"}]
    await write(client, type="order", order={"product_items": items}, wait=True)
    assert webhook.messages[0]["order"] == {"catalog_id": "194836987003835", "product_items": items}


async def test_a_system_message_has_no_contacts(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    system = {"type": "user_changed_number", "wa_id": "12025550100", "body": "Maya changed"}
    await write(client, type="system", system=system, wait=True)
    assert "contacts" not in webhook.values[0]


@pytest.mark.parametrize("message_type", ["unsupported", "unknown"])
async def test_what_the_api_cannot_show_carries_the_error(
    client: httpx.AsyncClient, webhook: FakeWebhook, message_type: str
) -> None:
    await write(client, type=message_type, wait=True)
    assert webhook.messages[0]["errors"][0]["code"] == 131051


async def test_a_customer_with_a_username_has_no_number(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    await write(client, **{"from": None}, user_id="US.1", profile_name="Lena", username="lena", wait=True)
    assert "from" not in webhook.messages[0]
    assert webhook.messages[0]["from_user_id"] == "US.1"
    assert webhook.values[0]["contacts"] == [{"profile": {"name": "Lena", "username": "lena"}, "user_id": "US.1"}]


async def test_a_reply_names_what_it_replies_to(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    message_id = (await send(client)).json()["messages"][0]["id"]
    await write(client, context={"id": message_id}, wait=True)
    assert webhook.messages[0]["context"] == {"from": "15550783881", "id": message_id}


async def test_other_webhook_fields(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    change = {"phone_number_id": NUMBER, "field": "account_update", "value": {"event": "X"}, "wait": True}
    assert (await client.post("/simulator/changes", json=change)).json()["http_status"] == 200
    assert webhook.values == [{"event": "X"}]


async def test_the_business_reads_and_types(client: httpx.AsyncClient) -> None:
    first = await write(client)
    second = await write(client)
    receipt = {"messaging_product": "whatsapp", "status": "read", "message_id": second["id"]}
    answer = await client.post(f"/graph/v26.0/{NUMBER}/messages", json=receipt | {"typing_indicator": {"type": "text"}})
    assert answer.json() == {"success": True}
    chat = (await client.get("/simulator/messages", params={"phone_number_id": NUMBER, "customer": CUSTOMER})).json()
    assert [(message["id"], message["status"]) for message in chat["messages"]] == [
        (first["id"], "read"),
        (second["id"], "read"),
    ]


async def test_a_receipt_for_an_unknown_message(client: httpx.AsyncClient) -> None:
    receipt = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.x"}
    answer = await client.post(f"/graph/v26.0/{NUMBER}/messages", json=receipt)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 131009)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"phone_number_id": "999", "from": CUSTOMER}, 404),
        ({"phone_number_id": NUMBER}, 422),
        ({"from": CUSTOMER}, 422),
    ],
)
async def test_a_request_that_makes_no_sense(client: httpx.AsyncClient, body: dict[str, Any], status: int) -> None:
    assert (await client.post("/simulator/messages", json=body)).status_code == status
