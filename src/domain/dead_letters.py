"""Use cases: an operator looks at what the functions could not do, and puts it back to work."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from domain.access import Principal, Role
from domain.operator_log import ActionState, OperatorAction, OperatorLog

MOST_AT_ONCE = 100
"""Letters of one redrive from a page, which must be done before the gateway gives up: it may be asked for again."""


@dataclass(frozen=True, slots=True)
class DeadQueue:
    name: str
    waiting: int
    in_flight: int


@dataclass(frozen=True, slots=True)
class LetterGroup:
    """Letters that failed for the same cause. Never what a customer wrote, nor their number."""

    fingerprint: str
    queue: str
    kind: str
    type: str
    why: str
    count: int
    oldest: datetime
    newest: datetime


@dataclass(frozen=True, slots=True)
class Redriven:
    counts: Mapping[str, int]
    """How many came to what: redriven, handed_over, settled, failed."""

    @property
    def done(self) -> int:
        return sum(count for outcome, count in self.counts.items() if outcome != "failed")

    @property
    def failed(self) -> int:
        return self.counts.get("failed", 0)


class DeadLetters(Protocol):
    def depths(self) -> Sequence[DeadQueue]:
        """As SQS counts: approximately."""

    def groups(self) -> Sequence[LetterGroup]:
        """Looks at the letters, and gives them all back."""

    def redrive(self, fingerprint: str, most: int) -> Redriven:
        """In each customer's order. A letter is deleted only after it was sent."""


@dataclass(frozen=True, slots=True)
class DeadLetterPorts:
    letters: DeadLetters
    log: OperatorLog


def dead_queues(who: Principal, *, ports: DeadLetterPorts) -> Sequence[DeadQueue]:
    who.demand(Role.OPERATOR)
    return ports.letters.depths()


def letter_groups(who: Principal, *, ports: DeadLetterPorts) -> Sequence[LetterGroup]:
    who.demand(Role.OPERATOR)
    return ports.letters.groups()


def redrive(who: Principal, fingerprint: str, *, now: datetime, ports: DeadLetterPorts) -> Redriven:
    """Recorded before it is begun, and as it ends: whoever dies in between leaves it as running."""
    who.demand(Role.OPERATOR)
    action = OperatorAction(
        action_id=secrets.token_hex(4),
        at=now,
        operator=who.name,
        identity=who.subject,
        command="dlq redrive",
        subject=fingerprint,
        state=ActionState.RUNNING,
    )
    ports.log.put(action)
    state, counts = ActionState.FAILED, {}
    try:
        redriven = ports.letters.redrive(fingerprint, MOST_AT_ONCE)
        counts = dict(redriven.counts)
        state = ActionState.FAILED if redriven.failed else ActionState.DONE
    finally:
        ports.log.put(replace(action, state=state, counts=counts))
    return redriven
