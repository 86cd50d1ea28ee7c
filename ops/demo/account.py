"""What the day left behind, read from the rows."""

from __future__ import annotations

from pydantic import BaseModel

from ops.outcomes.states import FinalState


class Line(BaseModel):
    """One line of a conversation."""

    at: str
    """Of a customer's message: the day's own clock."""
    by: str
    """The customer's name, or who answered."""
    words: str
    delivery: str
    """Of a reply: how far it came."""
    outcome: str
    """Of a customer's message."""
    inbound: bool


class Chat(BaseModel):
    tenant: str
    customer: str
    identity: str
    owner: str
    lines: list[Line]


class EscalationLine(BaseModel):
    tenant: str
    customer: str
    reason: str
    priority: str
    received_by: list[str]


class CustomerLine(BaseModel):
    tenant: str
    name: str
    known_by: str
    messages: int
    last_interaction: str


class QuarantineLine(BaseModel):
    at: str
    to: str
    reason: str
    kind: str


class UsageLine(BaseModel):
    tenant: str
    counter: str
    this_run: int
    months: int
    """As the rows stand: every run so far."""


class TableLine(BaseModel):
    table: str
    rows_before: int
    rows_after: int


class QueueLine(BaseModel):
    queue: str
    waiting: int
    in_flight: int
    delayed: int


class StepLine(BaseModel):
    at: str
    note: str
    expected: FinalState
    state: FinalState
    detail: str


class CheckLine(BaseModel):
    check: str
    ok: bool
    evidence: str


class Account(BaseModel):
    run: str
    seconds: float
    steps: list[StepLine]
    chats: list[Chat]
    escalations: list[EscalationLine]
    subscribers: dict[str, int]
    """Name to number of escalations received."""
    usage: list[UsageLine]
    customers: list[CustomerLine]
    quarantine: list[QuarantineLine]
    tables: list[TableLine]
    queues: list[QueueLine]
    checks: list[CheckLine]

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)
