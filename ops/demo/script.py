"""The day as `day.json` has it, in the order in which it can be played."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

from ops.local.demo_data import DEMO, DemoNumber
from ops.outcomes.states import FinalState


class Customer(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: str
    wa_id: str | None = None
    user_id: str | None = None


class Expectation(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    final: FinalState
    reason: str | None = None
    """Of an escalation."""
    price: str | None = None
    """Stands in the answer."""
    stock: str | None = None
    counted: int | None = None
    answers: int | None = None
    """How many answers take this message on."""
    confirmations: int | None = None
    """Of a word on offers."""


class Step(BaseModel):
    """A customer writes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: str
    note: str
    customer: Customer
    tenant: str | None
    """None: a number of nobody here, given by `number`."""
    number: DemoNumber | None = None
    send: dict[str, Any]
    duplicates: int
    """How many times WhatsApp delivers it."""
    pause: float
    """Seconds after it."""
    burst: str | None = None
    """Messages of one burst are written without waiting for an answer."""
    sent_days_ago: int = 0
    expect: Expectation

    @property
    def chat(self) -> tuple[str, str]:
        number = self.tenant or (self.number.phone_number_id if self.number else "")
        return number, self.customer.user_id or self.customer.wa_id or ""


Burst = list[Step]
"""Steps of one chat, mostly one: written one after another."""


def read(folder: Path = DEMO) -> list[Step]:
    return TypeAdapter(list[Step]).validate_json((folder / "day.json").read_bytes())


def rounds(steps: Iterable[Step]) -> list[list[Burst]]:
    """In each round every chat has at most one burst; a chat's next one waits until its last has settled."""
    played: list[list[Burst]] = []
    bursts: dict[tuple[str, str], list[Burst]] = {}
    for step in steps:
        of_chat = bursts.setdefault(step.chat, [])
        if of_chat and step.burst is not None and of_chat[-1][-1].burst == step.burst:
            of_chat[-1].append(step)
            continue
        of_chat.append([step])
        if len(of_chat) > len(played):
            played.append([])
        played[len(of_chat) - 1].append(of_chat[-1])
    return played
