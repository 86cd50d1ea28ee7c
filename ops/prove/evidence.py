"""What is left when a run is over: the rows and their history, Meta's side, and what the webhook said yes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ops.prove.aws.wire import Published
from ops.prove.graph import Post
from ops.prove.script import Update

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ToldStatus:
    """One of Meta's statuses, as it was posted."""

    number: int
    message_id: str
    status: str
    billable: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """One delivery of a webhook body."""

    at: float
    acknowledged: bool
    """Whether the webhook answered 200."""
    updates: tuple[Update, ...] = ()
    statuses: tuple[ToldStatus, ...] = ()
    raw: bytes | None = None
    post: int = 0
    """Which body: a repeated one has the same."""


@dataclass(frozen=True, slots=True)
class Change:
    """One write of one row."""

    at: float
    table: str
    """Logical id in the template."""
    key: tuple[str, ...]
    old: Row | None
    new: Row | None
    write: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person changed, and what they saw when they made up their mind."""

    conversation_id: str
    at: str
    awaiting: str | None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    queue: str
    body: str
    struck: bool
    """Whether a fault hit an invocation that had it in hand."""
    poison: bool


@dataclass(slots=True)
class Evidence:
    attempts: list[Attempt] = field(default_factory=list)
    posts: Sequence[Post] = ()
    published: Sequence[Published] = ()
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    """By the table's logical id in the template."""
    history: Sequence[Change] = ()
    dead_letters: Sequence[DeadLetter] = ()
    decisions: list[Decision] = field(default_factory=list)
    log: str = ""

    def conversations(self) -> dict[str, list[Row]]:
        """In the order of the sort key."""
        found: dict[str, list[Row]] = {}
        for row in self.rows["ConversationsTable"]:
            found.setdefault(row["conversationId"], []).append(row)
        return {name: sorted(rows, key=lambda row: row["sk"]) for name, rows in found.items()}

    def acknowledged(self) -> Iterator[Attempt]:
        return (attempt for attempt in self.attempts if attempt.acknowledged)


def plain(item: Mapping[str, Any]) -> dict[str, Any]:
    """DynamoDB's JSON as Python's values."""
    return {name: _plain(value) for name, value in item.items()}


def _plain(value: Mapping[str, Any]) -> Any:
    kind, inner = next(iter(value.items()))
    match kind:
        case "N":
            return Decimal(inner)
        case "L":
            return [_plain(part) for part in inner]
        case "M":
            return plain(inner)
        case "SS" | "NS":
            return set(inner)
        case "NULL":
            return None
        case _:
            return inner
