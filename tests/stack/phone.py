"""Customers, played through the simulator's control API."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from ops.outcomes.items import Item
from ops.outcomes.log_search import Private
from ops.stack_file import StackTenant
from tests.stack.deployed import Deployed, message_item, wait_until

_SHORTEST_TEXT = 5
_numbers = itertools.count()


@dataclass(frozen=True)
class Customer:
    wa_id: str
    name: str


def new_customer() -> Customer:
    """With a number of the range 555-01xx, which is reserved for fiction."""
    number = next(_numbers)
    return Customer(f"1{301 + number // 100}55501{number % 100:02d}", f"Quilla Zamorano {number}")


@dataclass(frozen=True)
class Chat:
    """One customer with one seller."""

    stack: Deployed
    tenant: StackTenant
    customer: Customer

    def say(self, text: str, **options: Any) -> Item:
        return self.send("text", text={"body": text}, **options)

    def send(self, kind: str, **content: Any) -> Item:
        self._remember(content.get("text", {}).get("body", ""))
        told = self._control("POST", "messages", **self._sender, type=kind, wait=True, **content)
        assert_taken(told)
        return message_item(self.tenant, told["id"])

    @property
    def answers(self) -> list[dict[str, Any]]:
        """What the seller's side said, oldest first."""
        where = {"phone_number_id": self.tenant.phone_number_id, "customer": self.customer.wa_id}
        url = f"{self.stack.file.front_url}/simulator/messages"
        transcript = self.stack.http.get(url, params=where).raise_for_status().json()["messages"]
        return [message for message in transcript if message["direction"] == "outbound"]

    def next_answer(self, after: int = 0, seconds: float = 20) -> str:
        """The text of the one that follows so many others."""
        wait_until(lambda: len(self.answers) > after, seconds, "an answer")
        return words_of(self.answers[after]["content"])

    def choose(self, product_id: str, title: str) -> Item:
        """A press on the row of a list of ours."""
        pressed = {"id": f"product:{product_id}", "title": title}
        return self.send("interactive", interactive={"type": "list_reply", "list_reply": pressed})

    def read(self) -> None:
        """The customer looks at the newest answer."""
        self._control("POST", "statuses", message_id=self.answers[-1]["id"], status="read")

    @property
    def posts(self) -> list[dict[str, Any]]:
        """Every call by which the reply handler tried to tell this customer something."""
        return [send for send in sends(self.stack) if send["body"].get("to") == self.customer.wa_id]

    def order_fault(self, kind: str, **details: Any) -> None:
        fault = {"kind": kind, "match": {"to": self.customer.wa_id}, **details}
        self._control("POST", "faults", faults=[fault])

    @property
    def _sender(self) -> dict[str, str]:
        return {
            "phone_number_id": self.tenant.phone_number_id,
            "from": self.customer.wa_id,
            "profile_name": self.customer.name,
        }

    def _control(self, method: str, path: str, **body: Any) -> Any:
        return control(self.stack, method, path, body)

    def _remember(self, text: str) -> None:
        self.stack.told.update(told_by(self.customer, text))


def told_by(customer: Customer, text: str) -> set[Private]:
    told = {Private("a phone number", customer.wa_id), Private("a name", customer.name)}
    return told | ({Private("a text", text)} if len(text) >= _SHORTEST_TEXT else set())


def chat_with(stack: Deployed, tenant_id: str = "maple-home", customer: Customer | None = None) -> Chat:
    return Chat(stack, stack.tenant(tenant_id), customer or new_customer())


def assert_taken(told: Mapping[str, Any]) -> None:
    """As Meta does, the simulator sends again what a busy machine had nobody to take (5xx)."""
    assert told["http_status"] == HTTPStatus.OK or told["http_status"] >= HTTPStatus.INTERNAL_SERVER_ERROR, told


def control(stack: Deployed, method: str, path: str, body: Any) -> Any:
    return stack.http.request(method, f"{stack.file.front_url}/simulator/{path}", json=body).raise_for_status().json()


def sends(stack: Deployed) -> list[dict[str, Any]]:
    """Every POST of a message, read receipts aside."""
    url = f"{stack.file.front_url}/simulator/sends"
    every: list[dict[str, Any]] = stack.http.get(url).raise_for_status().json()["sends"]
    return [send for send in every if send["outcome"] != "marked_read"]


def words_of(content: Mapping[str, Any]) -> str:
    """Of a text, or of a message that shows products."""
    body = content["body"]
    return str(body if isinstance(body, str) else body["text"])
