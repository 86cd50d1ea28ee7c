"""A running simulator whose webhook is a list."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import anyio
import httpx
import pytest
from starlette.applications import Starlette

from ops.simulator.app import Simulator
from ops.simulator.config import SimulatedNumber, SimulatorConfig
from ops.simulator.templates import SimulatedTemplate
from ops.simulator.webhooks.endpoint import WebhookEndpoint

APP_SECRET = "test_app_secret"
NUMBER = "106540352242922"
CUSTOMER = "12025550143"


@dataclass
class FakeWebhook:
    """Takes what Meta posts. `answers` are the HTTP statuses of the next posts; 200 when there are none left."""

    requests: list[httpx.Request] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.method == "GET":
            return httpx.Response(200, text=request.url.params["hub.challenge"])
        return httpx.Response(self.answers.pop(0) if self.answers else 200, text="ok")

    @property
    def values(self) -> list[dict[str, Any]]:
        bodies = [json.loads(request.content) for request in self.requests if request.method == "POST"]
        return [body["entry"][0]["changes"][0]["value"] for body in bodies]

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [message for value in self.values for message in value.get("messages", [])]

    @property
    def statuses(self) -> list[dict[str, Any]]:
        return [status for value in self.values for status in value.get("statuses", [])]

    async def until(self, condition: Callable[["FakeWebhook"], bool]) -> None:
        """Wait until the condition holds; what never comes fails the test."""
        with anyio.fail_after(60):
            while not condition(self):  # noqa: ASYNC110 - the simulator sends on its own and signals nobody
                await anyio.sleep(0.005)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def config() -> SimulatorConfig:
    products = [
        {"retailer_id": "mug-1", "title": "Mug", "price": 12.5, "currency": "USD"},
        {"retailer_id": "cup-1", "title": "Cup", "price": 9, "currency": "USD"},
    ]
    return SimulatorConfig(
        app_secret=APP_SECRET,
        webhook_url="http://webhook.test/whatsapp",
        retry_delays_s=[0.01, 0.01],
        status_delay_s=0.01,
        numbers=[
            SimulatedNumber(
                tenant_id="casa-verde",
                tenant_name="Casa Verde",
                phone_number_id=NUMBER,
                waba_id="102290129340398",
                display_phone_number="+1 555-078-3881",
                access_token="token-one",
                catalog_id="194836987003835",
                products=products,
                templates=[SimulatedTemplate(name="order_ready", category="utility", body="Hi {{1}}, it is ready.")],
            ),
            SimulatedNumber(
                tenant_id="other",
                tenant_name="Other",
                phone_number_id="200",
                waba_id="201",
                display_phone_number="+1 555-078-3882",
                access_token="token-two",
            ),
        ],
    )


@pytest.fixture
def webhook() -> FakeWebhook:
    return FakeWebhook()


@pytest.fixture
async def client(config: SimulatorConfig, webhook: FakeWebhook) -> AsyncIterator[httpx.AsyncClient]:
    """Calls the simulator in-process, with the first tenant's token."""
    to_webhook = httpx.AsyncClient(transport=httpx.MockTransport(webhook))
    simulator = Simulator(config, WebhookEndpoint(config.webhook_url, config.app_secret, to_webhook))
    transport = httpx.ASGITransport(Starlette(routes=simulator.routes))
    headers = {"Authorization": "Bearer token-one"}
    async with (
        simulator.running(),
        httpx.AsyncClient(transport=transport, base_url="http://simulator.test", headers=headers) as client,
    ):
        yield client


async def write(client: httpx.AsyncClient, **message: Any) -> dict[str, Any]:
    """The customer writes; a plain text unless the test says otherwise."""
    text = {} if "type" in message else {"text": {"body": "Hello"}}
    body = {"phone_number_id": NUMBER, "from": CUSTOMER} | text | message
    response = await client.post("/simulator/messages", json=body)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def send(client: httpx.AsyncClient, **message: Any) -> httpx.Response:
    """The business sends; a plain text unless the test says otherwise."""
    body = {"messaging_product": "whatsapp", "to": CUSTOMER, "type": "text", "text": {"body": "Hi"}} | message
    return await client.post(f"/graph/v26.0/{NUMBER}/messages", json=body)
