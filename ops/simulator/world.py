"""Everything the simulator knows, in one place that the Graph API and the control API share."""

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from ops.simulator.chats import Chats
from ops.simulator.conditions import Conditions
from ops.simulator.config import SimulatorConfig
from ops.simulator.control.recorded import messages_in
from ops.simulator.customers import FIRST_CUSTOMERS, Customers
from ops.simulator.events import EventStream
from ops.simulator.faults import Faults
from ops.simulator.media import MediaStore
from ops.simulator.media_faults import MediaFaults
from ops.simulator.presence import Presence
from ops.simulator.sends import Sends
from ops.simulator.state_file import StateFile
from ops.simulator.templates import Templates
from ops.simulator.throughput import Throughput
from ops.simulator.webhooks.delivery_reports import DeliveryReports
from ops.simulator.webhooks.endpoint import WebhookEndpoint
from ops.simulator.webhooks.sender import WebhookSender


class World:
    def __init__(
        self, config: SimulatorConfig, endpoint: WebhookEndpoint | None = None, state_path: Path | None = None
    ) -> None:
        self.config = config
        self.chats = Chats()
        self.conditions = Conditions()
        self.customers = Customers()
        self.events = EventStream()
        self.faults = Faults()
        self.media = MediaStore()
        self.media_faults = MediaFaults()
        self.presence = Presence()
        self.sends = Sends()
        self.templates = Templates(config.templates())
        self.throughput = Throughput()
        self.endpoint = endpoint or WebhookEndpoint(config.webhook_url, config.app_secret)
        self.webhooks = WebhookSender(self.endpoint, config.retry_delays_s, self.events)
        self.reports = DeliveryReports(
            config=config,
            chats=self.chats,
            customers=self.customers,
            presence=self.presence,
            sender=self.webhooks,
            events=self.events,
        )
        self._state_file = StateFile(state_path, self.chats, self.customers) if state_path else None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if self._state_file:
                await stack.enter_async_context(self._state_file.kept())
            await stack.enter_async_context(self.webhooks.running())
            stack.push_async_callback(self.reports.cancel)
            yield

    def take_in(self, body: bytes) -> None:
        """Whoever writes in a webhook body has written to the business: its answer is within the 24-hour window."""
        for customer, message in messages_in(body, time.time()):
            if self.config.number(message.phone_number_id):
                self.customers.remember(customer)
                self.chats.add(message)
                self.events.publish("message", message=message.model_dump(mode="json"))

    async def reset(self) -> None:
        """Back to the first day: no chats, no faults, nothing on its way."""
        await self.reports.cancel()
        await self.webhooks.reset()
        self.chats.restore(())
        self.customers.restore(FIRST_CUSTOMERS)
        self.conditions.clear()
        self.faults.clear()
        self.media.clear()
        self.media_faults.clear()
        self.sends.clear()
        self.templates.reset()
        self.throughput.clear()
        self.events.publish("reset")
