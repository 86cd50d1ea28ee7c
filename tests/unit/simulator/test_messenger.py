"""The product's own adapters against the simulator, over a connection: it takes every form, at its very limits."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from adapters.whatsapp_messenger import WhatsAppMessenger
from adapters.whatsapp_outbound import rendered
from adapters.whatsapp_templates import WhatsAppTemplates
from domain.customers import CustomerIdentity
from domain.errors import AccountRefusedError, MessageRefusedError
from domain.messages import MessageId
from domain.outbound import Content, Template, Text
from domain.replies import ReplyId
from domain.templates import TemplateNews
from domain.tenants import PhoneNumberId
from ops.simulator.config import SimulatorConfig
from ops.simulator.template_examples import with_example
from tests.builders import ALICE, NAMELESS, NOON, number
from tests.forms import FORMS
from tests.unit.simulator.conftest import NUMBER
from tests.unit.simulator.test_over_a_socket import served

pytestmark = [pytest.mark.anyio, pytest.mark.enable_socket]

SELLER = number(phone_number_id=PhoneNumberId(NUMBER), waba_id="102290129340398")
TOKEN = "token-one"
COMPONENTS: list[dict[str, Any]] = [
    {"type": "BODY", "text": "Hi {{1}}, it is ready."},
    {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Ok"}, {"type": "URL", "url": "https://a/{{1}}"}]},
]


class Tokens:
    def __init__(self, token: str = TOKEN) -> None:
        self._token = token

    def token(self, secret_name: str, *, fresh: bool = False) -> str:  # noqa: ARG002 (the port's signature)
        return self._token


@dataclass
class Wire:
    """The simulator, as a customer's desk and as the product reach it."""

    desk: httpx.AsyncClient
    transport: httpx.HTTPTransport

    async def send(self, content: Content, recipient: CustomerIdentity = ALICE, **options: Any) -> MessageId:
        messenger = WhatsAppMessenger(f"{self.desk.base_url}/graph", "v26.0", Tokens(), self.transport)
        return await asyncio.to_thread(messenger.send, SELLER, recipient, content, ReplyId("id"), **options)

    async def read(self, token: str = TOKEN) -> Sequence[TemplateNews]:
        account = WhatsAppTemplates(f"{self.desk.base_url}/graph", "v26.0", Tokens(token), self.transport)
        return await asyncio.to_thread(account.read, SELLER, NOON)

    async def received(self) -> dict[str, Any]:
        sends: list[dict[str, Any]] = (await self.desk.get("/simulator/sends")).json()["sends"]
        return sends[-1]


@pytest.fixture
async def wire(config: SimulatorConfig) -> AsyncIterator[Wire]:
    template = config.numbers[0].templates[0].model_copy(update={"components": COMPONENTS})
    config.numbers[0].templates = [template]
    async with served(config) as desk:
        with httpx.HTTPTransport() as transport:
            yield Wire(desk, transport)


async def test_every_form_is_taken(wire: Wire) -> None:
    for content in FORMS:
        message_id = await wire.send(content)
        found = await wire.received()
        assert (found["outcome"], found["message_id"]) == ("accepted", message_id)
        assert found["body"] | rendered(content) == found["body"]
        assert found["body"]["to"] == ALICE.phone


async def test_a_reply_in_context_to_a_customer_without_a_phone(wire: Wire) -> None:
    await wire.send(Text("hello"), NAMELESS, in_reply_to=MessageId("wamid.in.1"))
    body = (await wire.received())["body"]
    assert body["context"] == {"message_id": "wamid.in.1"}
    assert (body["recipient"], "to" in body) == (NAMELESS.user_id, False)


async def test_metas_refusal_comes_back_in_its_words(wire: Wire) -> None:
    with pytest.raises(MessageRefusedError) as raised:
        await wire.send(Template("order_ready", "en"))
    assert raised.value.code == 132000
    assert "does not match the expected number (1)" in raised.value.details
    with pytest.raises(MessageRefusedError) as unknown:
        await wire.send(Template("order_ready", "pt_BR"))
    assert unknown.value.code == 132001


async def test_the_catalogue_is_read_page_by_page(wire: Wire) -> None:
    for n in range(120):
        wanted = {"phone_number_id": NUMBER, "name": f"template_{n}", "status": "PENDING", "webhooks": False}
        assert (await wire.desk.post("/simulator/templates", json=wanted)).status_code == 200
    listed = await wire.read()
    assert len(listed) == 121
    assert (listed[0].name, listed[0].status, listed[0].quality) == ("order_ready", "APPROVED", "GREEN")
    assert listed[0].components == tuple(with_example(one, "POSITIONAL") for one in COMPONENTS)
    assert {news.status for news in listed[1:]} == {"PENDING"}


async def test_a_token_that_is_not_valid_is_said(wire: Wire) -> None:
    with pytest.raises(AccountRefusedError, match="Invalid OAuth access token"):
        await wire.read("expired")
