"""How long a customer may wait for a person, and what is done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.opening_hours import OpeningHours


class WaitingStep(StrEnum):
    """What is done when nobody has come, in this order, each once for a hand-over."""

    REMINDER = "reminder"
    """The escalation is published again."""
    NOTE = "note"
    """The customer is told that nobody has forgotten them."""
    URGENT = "urgent"
    """The escalation is published again, with the highest priority."""


@dataclass(frozen=True, slots=True)
class WaitingTimes:
    """A seller's own: minutes from the hand-over to each step, of those in which they are open. None: not done."""

    reminder: int | None = 15
    note: int | None = 30
    urgent: int | None = 120

    def following(
        self, step: WaitingStep | None, since: datetime, hours: OpeningHours
    ) -> tuple[WaitingStep, datetime] | None:
        """What comes after `step` (None: nothing has been done yet), and when, counted from `since`."""
        steps = list(WaitingStep)
        for later in steps[steps.index(step) + 1 if step else 0 :]:
            minutes = self._minutes(later)
            moment = hours.after(since, timedelta(minutes=minutes)) if minutes else None
            if moment is not None:
                return later, moment
        return None

    def _minutes(self, step: WaitingStep) -> int | None:
        return {
            WaitingStep.REMINDER: self.reminder,
            WaitingStep.NOTE: self.note,
            WaitingStep.URGENT: self.urgent,
        }[step]


USUAL_TIMES = WaitingTimes()
