"""The states in which an update can end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FinalState(StrEnum):
    ANSWERED = "answered"
    ESCALATED = "escalated"
    """A person was called because of it, or has the conversation in which it stands."""
    RECORDED = "recorded"
    QUARANTINED = "quarantined"
    DEAD_LETTERED = "dead-lettered"
    PENDING = "pending"
    LOST = "lost"
    """Accepted, or standing in the body, and yet in no table once every queue is empty."""


SETTLED = frozenset({FinalState.ANSWERED, FinalState.ESCALATED, FinalState.RECORDED, FinalState.QUARANTINED})
"""Where an update may end."""


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    state: FinalState
    detail: str = ""
    """Why, or how far it came. Never anything that a customer wrote."""

    @property
    def settled(self) -> bool:
        return self.state in SETTLED
