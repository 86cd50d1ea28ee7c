"""POST /{version}/{phone_number_id}/messages: send a message, or mark one as read."""

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ops.simulator.chats import ChatMessage, Direction, MessageStatus, StatusChange
from ops.simulator.config import SimulatedNumber
from ops.simulator.customers import Customer
from ops.simulator.faults import Fault, FaultKind
from ops.simulator.graph import references
from ops.simulator.graph.access import require_number
from ops.simulator.graph.dropped_connection import DroppedConnection
from ops.simulator.graph.read_receipt import mark_read
from ops.simulator.graph_errors import GraphError
from ops.simulator.identifiers import digits, is_business_scoped_user_id, new_message_id
from ops.simulator.outgoing.message import OutgoingMessage, parse
from ops.simulator.sends import Outcome, Send
from ops.simulator.world import World


@dataclass(frozen=True)
class MessagesEndpoint:
    world: World

    async def __call__(self, request: Request) -> Response:
        body = _json(await request.body())
        send = self.world.sends.add(Send(at=time.time(), phone_number_id=request.path_params["object_id"], body=body))
        try:
            return await self._answer(request, send)
        except GraphError as error:
            send.outcome, send.error = Outcome.REJECTED, error.body()["error"]
            raise
        finally:
            self.world.events.publish("send", send=send.model_dump(mode="json"))

    async def _answer(self, request: Request, send: Send) -> Response:
        number = require_number(request, self.world.config)
        if not isinstance(send.body, dict):
            raise GraphError(100, "The body must be a JSON object.")
        if send.body.get("status") == "read":
            mark_read(self.world, send.body)
            send.outcome = Outcome.MARKED_READ
            return JSONResponse({"success": True})
        return await self._send(number, send)

    async def _send(self, number: SimulatedNumber, send: Send) -> Response:
        to = send.body.get("to") or send.body.get("recipient")
        fault = self.world.faults.take(number.phone_number_id, to, send.body.get("type"))
        if fault:
            send.fault = fault.kind
            await self._refuse(fault, send)
        if send.outcome is Outcome.UNANSWERED:
            return DroppedConnection()
        accepted = self._accept(number, parse(send.body), send)
        if fault and fault.kind is FaultKind.SLOW:
            await asyncio.sleep(fault.seconds)
        if fault and fault.kind is FaultKind.RESET_AFTER_ACCEPT:
            return DroppedConnection()
        return JSONResponse(accepted)

    async def _refuse(self, fault: Fault, send: Send) -> None:
        """The faults that strike before anything is accepted."""
        match fault.kind:
            case FaultKind.ERROR:
                raise GraphError(fault.code, "Simulated fault", http_status=fault.http_status)
            case FaultKind.HTTP_500:
                raise GraphError(131000, "Simulated fault", http_status=500)
            case FaultKind.TIMEOUT:
                send.outcome = Outcome.UNANSWERED
                await asyncio.sleep(fault.seconds)

    def _accept(self, number: SimulatedNumber, message: OutgoingMessage, send: Send) -> dict[str, Any]:
        references.check(message, number, self.world.media, self.world.templates)
        self.world.throughput.spend(number.phone_number_id, message.envelope.addressee)
        send.message_id = new_message_id()
        to = message.envelope.to
        if to and is_business_scoped_user_id(to):
            # Meta accepts it and never delivers: a BSUID belongs in `recipient`.
            send.outcome = Outcome.LOST
            return _accepted(send.message_id, {"input": to, "wa_id": to})
        send.outcome = Outcome.ACCEPTED
        customer = self._addressee(message)
        self._deliver(number, customer, message, send.message_id)
        if to:
            return _accepted(send.message_id, {"input": to, "wa_id": customer.wa_id})
        return _accepted(send.message_id, {"input": message.envelope.recipient, "user_id": customer.user_id})

    def _addressee(self, message: OutgoingMessage) -> Customer:
        envelope = message.envelope
        if envelope.to:
            customer = Customer(wa_id=digits(envelope.to))
        else:
            customer = self.world.customers.find(envelope.addressee) or Customer(user_id=envelope.recipient)
        return self.world.customers.remember(customer)

    def _deliver(self, number: SimulatedNumber, customer: Customer, message: OutgoingMessage, message_id: str) -> None:
        envelope, now = message.envelope, time.time()
        chat_message = ChatMessage(
            id=message_id,
            phone_number_id=number.phone_number_id,
            customer=customer.key,
            direction=Direction.OUTBOUND,
            type=envelope.type,
            content=message.raw_content,
            timestamp=now,
            context={"id": envelope.context.message_id} if envelope.context else None,
            statuses=[StatusChange(status=MessageStatus.ACCEPTED, timestamp=now)],
            biz_opaque_callback_data=envelope.biz_opaque_callback_data,
            pricing_category=references.pricing_category(message, number, self.world.templates),
        )
        self.world.chats.add(chat_message)
        self.world.events.publish("message", message=chat_message.model_dump(mode="json"))
        self.world.reports.begin(chat_message)


def _accepted(message_id: str, contact: dict[str, Any]) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": message_id}]}


def _json(body: bytes) -> Any:
    """The body as far as it is JSON; None if it is not."""
    try:
        return json.loads(body)
    except ValueError:
        return None
