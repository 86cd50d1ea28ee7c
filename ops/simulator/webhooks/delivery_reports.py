"""What becomes of a message after it was accepted, told by statuses: sent, delivered, read, failed."""

import asyncio
import time
from collections.abc import Sequence

from ops.simulator.background import Background
from ops.simulator.chats import ChatKey, ChatMessage, Chats, Direction, MessageStatus, StatusChange
from ops.simulator.config import SimulatorConfig
from ops.simulator.customers import Customer, Customers
from ops.simulator.events import EventStream
from ops.simulator.presence import Presence
from ops.simulator.webhooks import envelope
from ops.simulator.webhooks.sender import Delivery, WebhookSender

_CUSTOMER_SERVICE_WINDOW_S = 24 * 60 * 60

# Meta accepts a message outside the window and reports the failure afterwards.
_WINDOW_CLOSED: envelope.Json = {
    "code": 131047,
    "title": "Re-engagement message",
    "message": "Re-engagement message",
    "error_data": {
        "details": "Message failed to send because more than 24 hours have passed "
        "since the customer last replied to this number.",
    },
}


class DeliveryReports:
    def __init__(  # noqa: PLR0913 - it stands between all that a status touches
        self,
        *,
        config: SimulatorConfig,
        chats: Chats,
        customers: Customers,
        presence: Presence,
        sender: WebhookSender,
        events: EventStream,
    ) -> None:
        self._config = config
        self._chats = chats
        self._customers = customers
        self._presence = presence
        self._sender = sender
        self._events = events
        self._background = Background()

    def begin(self, message: ChatMessage) -> None:
        """Report on an accepted message from now on."""
        self._background.spawn(self._report(message))

    def change(self, message: ChatMessage, status: str, errors: Sequence[envelope.Json] = ()) -> None:
        change = StatusChange(status=status, timestamp=time.time(), errors=list(errors))
        message.statuses.append(change)
        self._events.publish("message", message=message.model_dump(mode="json"))
        number = self._config.number(message.phone_number_id)
        if number and self._sender.options.statuses:
            customer = self._customers.find(message.customer) or Customer(wa_id=message.customer)
            body = envelope.of_status(number, customer, message, change)
            self._sender.submit(Delivery(status, "/".join(message.chat), body))

    def read_all(self, chat: ChatKey) -> None:
        """The customer opened the chat: everything that was delivered is read now."""
        for message in self._chats.transcript(chat):
            is_new = message.has_been(MessageStatus.DELIVERED) and not message.has_been(MessageStatus.READ)
            if message.direction is Direction.OUTBOUND and is_new:
                self.change(message, MessageStatus.READ)

    async def cancel(self) -> None:
        await self._background.cancel()

    async def _report(self, message: ChatMessage) -> None:
        await asyncio.sleep(self._config.status_delay_s)
        if self._window_is_closed(message):
            self.change(message, MessageStatus.FAILED, [_WINDOW_CLOSED])
            return
        self.change(message, MessageStatus.SENT)
        await asyncio.sleep(self._config.status_delay_s)
        self.change(message, MessageStatus.DELIVERED)
        if self._presence.is_open(message.chat):
            await asyncio.sleep(self._config.status_delay_s)
            self.read_all(message.chat)

    def _window_is_closed(self, message: ChatMessage) -> bool:
        """Free-form messages need a message of the customer's in the last 24 hours; templates do not."""
        if message.type == "template":
            return False
        return time.time() - self._chats.last_inbound_at(message.chat) > _CUSTOMER_SERVICE_WINDOW_S
