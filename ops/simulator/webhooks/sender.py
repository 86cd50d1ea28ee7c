"""The background sender of webhooks: signs, posts, retries, and makes duplicates and disorder on request."""

import asyncio
import json
import random
import secrets
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from zlib import crc32

from ops.simulator.background import Background
from ops.simulator.events import EventStream
from ops.simulator.webhooks.attempts import Attempt, Attempts
from ops.simulator.webhooks.endpoint import Answer, WebhookEndpoint
from ops.simulator.webhooks.envelope import Json
from ops.simulator.webhooks.options import WebhookOptions

# Webhooks of one chat share a lane, so that a demo reads in order; different chats never wait for each other.
_LANES = 16
# What is held back for disorder is sent after this time at the latest.
_LONGEST_HOLD_S = 1.0


@dataclass(frozen=True)
class Delivery:
    """One webhook on its way."""

    subject: str
    # Deliveries of the same chat go out in the order in which they were submitted.
    chat: str
    envelope: Json
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    # Called when the business has accepted it.
    on_accepted: Callable[[], None] = lambda: None
    # The answer to the first attempt, for those who wait for it.
    first_answer: "asyncio.Future[Answer]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class WebhookSender:
    def __init__(self, endpoint: WebhookEndpoint, retry_delays_s: Sequence[float], events: EventStream) -> None:
        self.options = WebhookOptions()
        self.attempts = Attempts()
        self._endpoint = endpoint
        self._retry_delays_s = retry_delays_s
        self._events = events
        self._lanes: list[asyncio.Queue[Delivery]] = [asyncio.Queue() for _ in range(_LANES)]
        self._held: list[Delivery] = []
        self._background = Background()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        workers = Background()
        for lane in self._lanes:
            workers.spawn(self._work(lane))
        try:
            yield
        finally:
            await workers.cancel()
            await self._background.cancel()
            await self._endpoint.close()

    def submit(self, delivery: Delivery, copies: int = 1) -> None:
        for _ in range(copies * self.options.duplicate):
            if self.options.disorder > 1:
                self._hold(delivery)
            else:
                self._enqueue(delivery)

    async def reset(self) -> None:
        """Forget what is waiting, what is to be retried and what was attempted."""
        await self._background.cancel()
        self._held.clear()
        for lane in self._lanes:
            while not lane.empty():
                lane.get_nowait()
        self.options = WebhookOptions()
        self.attempts.clear()

    def _enqueue(self, delivery: Delivery) -> None:
        self._lanes[crc32(delivery.chat.encode()) % _LANES].put_nowait(delivery)

    def _hold(self, delivery: Delivery) -> None:
        self._held.append(delivery)
        if len(self._held) >= self.options.disorder:
            self._release()
        elif len(self._held) == 1:
            self._background.spawn(self._release_later())

    async def _release_later(self) -> None:
        await asyncio.sleep(_LONGEST_HOLD_S)
        self._release()

    def _release(self) -> None:
        random.shuffle(self._held)
        for delivery in self._held:
            self._enqueue(delivery)
        self._held.clear()

    async def _work(self, lane: asyncio.Queue[Delivery]) -> None:
        while True:
            delivery = await lane.get()
            answer = await self._attempt(delivery, 1)
            if not delivery.first_answer.done():
                delivery.first_answer.set_result(answer)
            if not answer.is_ok:
                self._background.spawn(self._retry(delivery))

    async def _retry(self, delivery: Delivery) -> None:
        for attempt, delay in enumerate(self._retry_delays_s, start=2):
            await asyncio.sleep(delay)
            answer = await self._attempt(delivery, attempt)
            if answer.is_ok:
                return

    async def _attempt(self, delivery: Delivery, attempt: int) -> Answer:
        body = json.dumps(delivery.envelope, ensure_ascii=False, separators=(",", ":")).encode()
        at, started = time.time(), time.perf_counter()
        answer = await self._endpoint.post(body)
        record = Attempt(
            id=delivery.id,
            at=at,
            attempt=attempt,
            subject=delivery.subject,
            status_code=answer.status_code,
            answer=answer.text,
            elapsed_ms=round((time.perf_counter() - started) * 1000),
            body=delivery.envelope,
        )
        self.attempts.add(record)
        self._events.publish("webhook", webhook=record.model_dump(mode="json"))
        if answer.is_ok:
            delivery.on_accepted()
        return answer
