"""The customers' phones: the simulator's control API."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from ops.demo.script import Step
from ops.outcomes.items import MESSAGE, Address, Item
from ops.replay.contents import contents
from ops.simulator.config import SimulatedNumber
from ops.simulator.customers import Customer as SimulatedCustomer
from ops.simulator.identifiers import new_message_id
from ops.simulator.webhooks import envelope
from ops.stack_file import StackFile

_SECONDS = 60
_DAY = 24 * 60 * 60
_LAST_REPLY = "$last_reply"


@dataclass(frozen=True, slots=True)
class Written:
    """A step that was played."""

    step: Step
    message_id: str
    phone_number_id: str
    waba_id: str
    timestamp: int
    http_status: int | None
    """The webhook's answer."""

    @property
    def item(self) -> Item:
        return Item(MESSAGE, self.message_id, (Address(self.phone_number_id, self.waba_id),))


@dataclass(frozen=True, slots=True)
class Phones:
    stack: StackFile
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=_SECONDS, trust_env=False))

    def write(self, step: Step, last_reply: str | None) -> Written:
        message_id = new_message_id()
        timestamp = int(time.time()) - step.sent_days_ago * _DAY
        if step.number is not None:
            status = self._to_nobody_here(step, message_id, timestamp)
            return Written(step, message_id, step.number.phone_number_id, step.number.waba_id, timestamp, status)
        seller = next(seller for seller in self.stack.tenants if seller.id == step.tenant)
        message = {
            **_replaced(step.send, last_reply),
            "id": message_id,
            "timestamp": timestamp,
            "phone_number_id": seller.phone_number_id,
            "from": step.customer.wa_id,
            "user_id": step.customer.user_id,
            "profile_name": step.customer.name,
            "duplicates": step.duplicates,
            "wait": True,
        }
        status = self._post("messages", json.dumps(message))["http_status"]
        time.sleep(step.pause)
        return Written(step, message_id, seller.phone_number_id, seller.waba_id, timestamp, status)

    def read(self, message_id: str) -> None:
        """The customer reads what was sent to them."""
        self._post("statuses", json.dumps({"message_id": message_id, "status": "read"}))

    def deliveries(self, message_id: str) -> int:
        """How often the simulator has posted this message."""
        answer = self.http.get(f"{self.stack.front_url}/simulator/webhooks").raise_for_status().json()
        return sum(
            item.update_id == message_id for attempt in answer["webhooks"] for item in contents(_bytes(attempt["body"]))
        )

    def _to_nobody_here(self, step: Step, message_id: str, timestamp: int) -> int:
        """A number that the simulator does not serve: its body is posted as it would come."""
        if step.number is None:
            raise ValueError("the step is addressed to a seller")
        number = SimulatedNumber(tenant_id="", tenant_name="", access_token="", **step.number.model_dump())
        customer = SimulatedCustomer(
            profile_name=step.customer.name, wa_id=step.customer.wa_id, user_id=step.customer.user_id
        )
        message = {**envelope.sender(customer), "id": message_id, "timestamp": str(timestamp), **step.send}
        body = json.dumps(envelope.of_message(number, customer, message))
        return int(self._post("bodies", body)["status_code"])

    def _post(self, path: str, content: str) -> Any:
        answer = self.http.post(f"{self.stack.front_url}/simulator/{path}", content=content)
        return answer.raise_for_status().json()


def _bytes(body: Any) -> bytes:
    return json.dumps(body).encode()


def _replaced(value: Any, last_reply: str | None) -> Any:
    """`$last_reply` stands for the newest answer in the chat."""
    if isinstance(value, dict):
        return {key: _replaced(inner, last_reply) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, last_reply) for inner in value]
    return last_reply if value == _LAST_REPLY else value
