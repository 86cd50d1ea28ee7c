"""Play the customer: write to a business, force a status, read a chat."""

import time
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ops.simulator.chats import ChatKey, ChatMessage, Direction, MessageStatus, StatusChange
from ops.simulator.config import SimulatedNumber
from ops.simulator.control.inbound import InboundRequest, written
from ops.simulator.webhooks import envelope
from ops.simulator.webhooks.sender import Delivery
from ops.simulator.world import World


class StatusRequest(BaseModel):
    message_id: str
    status: str
    errors: list[dict[str, Any]] = []


class ChangeRequest(BaseModel):
    """Any other webhook field: account_update, user_preferences, smb_message_echoes …"""

    phone_number_id: str
    field: str
    value: dict[str, Any]
    wait: bool = False


@dataclass(frozen=True)
class MessageEndpoints:
    world: World

    async def write(self, request: Request) -> Response:
        """A customer writes."""
        wanted = InboundRequest.model_validate_json(await request.body())
        number = self._require_number(wanted.phone_number_id)
        customer = self.world.customers.remember(wanted.customer)
        message = written(wanted, number, customer, self.world.media)
        self.world.chats.add(message.for_chat)
        self._publish(message.for_chat)
        body = envelope.of_message(number, customer, message.for_webhook)
        delivery = Delivery(
            wanted.type, "/".join(message.for_chat.chat), body, on_accepted=lambda: self._delivered(message.for_chat)
        )
        answer = await self._deliver(delivery, wanted.duplicates, wait=wanted.wait)
        return JSONResponse({"id": wanted.id, **answer})

    async def change(self, request: Request) -> Response:
        """Something else happens to the account of a number."""
        wanted = ChangeRequest.model_validate_json(await request.body())
        number = self._require_number(wanted.phone_number_id)
        body = envelope.of_change(number, wanted.field, wanted.value)
        answer = await self._deliver(Delivery(wanted.field, number.waba_id, body), 1, wait=wanted.wait)
        return JSONResponse({"field": wanted.field, **answer})

    async def set_status(self, request: Request) -> Response:
        wanted = StatusRequest.model_validate_json(await request.body())
        message = self.world.chats.find(wanted.message_id)
        if message is None or message.direction is not Direction.OUTBOUND:
            raise HTTPException(404, "no outgoing message has this id")
        self.world.reports.change(message, wanted.status, wanted.errors)
        return JSONResponse(message.model_dump(mode="json"))

    async def transcript(self, request: Request) -> Response:
        """One chat, oldest message first."""
        number = self._require_number(request.query_params.get("phone_number_id", ""))
        identity = request.query_params.get("customer", "")
        customer = self.world.customers.find(identity)
        chat = ChatKey(number.phone_number_id, customer.key if customer else identity)
        messages = [message.model_dump(mode="json") for message in self.world.chats.transcript(chat)]
        return JSONResponse({"customer": customer and customer.model_dump(), "messages": messages})

    async def chats(self, _: Request) -> Response:
        """The last message of every chat."""
        return JSONResponse({"chats": [message.model_dump(mode="json") for message in self.world.chats.latest()]})

    def _publish(self, message: ChatMessage) -> None:
        self.world.events.publish("message", message=message.model_dump(mode="json"))

    def _delivered(self, message: ChatMessage) -> None:
        """The second tick on the customer's phone: the business has it."""
        if not message.has_been(MessageStatus.DELIVERED):
            message.statuses.append(StatusChange(status=MessageStatus.DELIVERED, timestamp=time.time()))
            self._publish(message)

    async def _deliver(self, delivery: Delivery, copies: int, *, wait: bool) -> dict[str, Any]:
        self.world.webhooks.submit(delivery, copies)
        if not wait:
            return {}
        return {"http_status": (await delivery.first_answer).status_code}

    def _require_number(self, phone_number_id: str) -> SimulatedNumber:
        number = self.world.config.number(phone_number_id)
        if number is None:
            raise HTTPException(404, "no number has this phone_number_id")
        return number
