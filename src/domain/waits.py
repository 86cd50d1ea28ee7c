"""One hand-over, while nobody has come: what has been done about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.conversations import Conversation, Owner
from domain.escalations import Escalation
from domain.waiting import WaitingStep


class NotNoted(StrEnum):
    """Why the customer got no note."""

    NOT_TOLD = "not_told"
    """They have not been told of the hand-over either."""
    WINDOW_CLOSED = "window_closed"
    TOO_LATE = "too_late"
    """Whatever failed: the time of the next step came first."""


@dataclass(frozen=True, slots=True)
class Wait:
    """It begins with the hand-over, in the same transaction, and ends with whoever takes the conversation."""

    escalation: Escalation
    """What the conversation was handed over for. `at` is the hand-over's own time, by which the state row names it."""
    since: datetime
    """From when the customer is waiting: a message that reached us late has not been waited upon before."""
    tell: bool
    """Whether the customer was to be told of the hand-over."""
    due_at: datetime
    step: WaitingStep | None = None
    """What was decided upon last."""
    step_at: datetime | None = None
    carried_out: bool = True
    """Whether that has been done since."""
    not_noted: NotNoted | None = None

    def goes_on(self, conversation: Conversation) -> bool:
        handover = conversation.handover
        same = handover is not None and (handover.message_id, handover.at) == (
            self.escalation.message_id,
            self.escalation.at,
        )
        return same and conversation.owner is Owner.WAITING

    def repeated(self) -> Escalation:
        """The escalation as it is published again: with the same time, however often that has to be tried."""
        return replace(self.escalation, at=self.step_at or self.since, repeated_as=self.step, waiting_since=self.since)
