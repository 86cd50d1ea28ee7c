"""A sender that never stops, and asks again for what was not taken: as Meta does."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from ops.outcomes.items import Item
from ops.simulator.webhooks.signature import SIGNATURE_HEADER, signature
from ops.stack_file import StackTenant
from tests.stack.deployed import Deployed, message_item
from tests.stack.envelopes import of_messages, text_message
from tests.stack.phone import Customer, new_customer

_OK = "200"
_RETRY_SECONDS = 0.5
_GIVE_UP_SECONDS = 300
_TIME_OUT = 60


@dataclass(frozen=True)
class Accepted:
    customer: Customer
    item: Item
    at: float
    """By the monotonic clock."""


@dataclass(frozen=True)
class _Webhook:
    """What is sent again is the same to the byte."""

    customer: Customer
    item: Item
    body: bytes


@dataclass
class SteadySender:
    """One message of a new customer each time, so that each has an answer of its own."""

    stack: Deployed
    tenant: StackTenant
    question: str
    pause: float
    accepted: list[Accepted] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """What each try that was not taken got for an answer."""
    _put_off: deque[tuple[float, _Webhook]] = field(default_factory=deque)
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        thread = threading.Thread(target=self._send_on)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    @property
    def items(self) -> list[Item]:
        return [one.item for one in self.accepted]

    def accepted_between(self, begin: float, end: float) -> int:
        return sum(begin <= one.at <= end for one in self.accepted)

    @property
    def never_taken(self) -> int:
        return len(self._put_off)

    def _send_on(self) -> None:
        with httpx.Client(timeout=_TIME_OUT, trust_env=False) as http:
            while not self._stop.is_set():
                self._try(http, self._write())
                self._try_again(http)
                self._stop.wait(self.pause)
            deadline = time.monotonic() + _GIVE_UP_SECONDS
            while self._put_off and time.monotonic() < deadline:
                time.sleep(_RETRY_SECONDS)
                self._try_again(http)

    def _write(self) -> _Webhook:
        customer, message_id = new_customer(), f"wamid.steady-{secrets.token_hex(8)}"
        envelope = of_messages(self.tenant, [text_message(customer, message_id, self.question)])
        return _Webhook(customer, message_item(self.tenant, message_id), json.dumps(envelope).encode())

    def _try_again(self, http: httpx.Client) -> None:
        if self._put_off and self._put_off[0][0] + _RETRY_SECONDS <= time.monotonic():
            self._try(http, self._put_off.popleft()[1])

    def _try(self, http: httpx.Client, webhook: _Webhook) -> None:
        told = self._post(http, webhook.body)
        if told == _OK:
            self.accepted.append(Accepted(webhook.customer, webhook.item, time.monotonic()))
        else:
            self.refused.append(told)
            self._put_off.append((time.monotonic(), webhook))

    def _post(self, http: httpx.Client, body: bytes) -> str:
        """The answer's status, or what went wrong."""
        headers = {"Content-Type": "application/json", SIGNATURE_HEADER: signature(body, self.stack.file.app_secret)}
        try:
            return str(http.post(self.stack.file.webhook_url, content=body, headers=headers).status_code)
        except httpx.HTTPError as error:
            return type(error).__name__
