"""When somebody is there: a seller's week and holidays, in the seller's own time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_DAYS_AHEAD = 31
"""How far a next opening is looked for: who is away for longer says so otherwise."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `opens` until before `closes`, within one day."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class OpeningHours:
    timezone: str
    """IANA name."""
    week: Mapping[str, tuple[Span, ...]]
    """By `WEEKDAYS`; a day that is missing is closed. No day at all: always open, since no hours were given."""
    holidays: frozenset[date] = field(default_factory=frozenset)

    def open_at(self, moment: datetime) -> bool:
        here = moment.astimezone(ZoneInfo(self.timezone))
        return not self.week or any(span.opens <= here.time() < span.closes for span in self._spans(here.date()))

    def next_opening(self, moment: datetime) -> datetime | None:
        """In the seller's time; None where it is open, or does not open in the coming month."""
        if self.open_at(moment):
            return None
        here = moment.astimezone(ZoneInfo(self.timezone))
        days = (here.date() + timedelta(days=ahead) for ahead in range(_DAYS_AHEAD + 1))
        openings = (datetime.combine(day, span.opens, tzinfo=here.tzinfo) for day in days for span in self._spans(day))
        return next((opening for opening in openings if opening > here), None)

    def _spans(self, day: date) -> tuple[Span, ...]:
        return () if day in self.holidays else self.week.get(WEEKDAYS[day.weekday()], ())


ALWAYS_OPEN = OpeningHours("UTC", {})
