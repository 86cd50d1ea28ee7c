"""What an operator did to the product's data, by whose hand, and how much of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class ActionState(StrEnum):
    RUNNING = "running"
    """Also what a process leaves behind that was killed."""
    DONE = "done"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    """Something is left that could not be done: the same command may be run again."""


@dataclass(frozen=True, slots=True)
class OperatorAction:
    action_id: str
    at: datetime
    """When it was begun."""
    operator: str
    """Name on the operator's machine."""
    identity: str
    """ARN under which AWS knew them; empty on the local stack."""
    command: str
    subject: str
    """What it was done to: a fingerprint, or all of some queues."""
    state: ActionState
    counts: Mapping[str, int] = field(default_factory=dict)
    reason: str = ""
    """The operator's own words."""


class OperatorLog(Protocol):
    def put(self, action: OperatorAction) -> None:
        """Stores the action, or its newer state. Kept for 400 days from its beginning."""

    def newest(self, limit: int) -> Sequence[OperatorAction]:
        """Newest first."""
