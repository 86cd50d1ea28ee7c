"""When somebody is there: a seller's week and holidays, in the seller's own time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_DAYS_AHEAD = 31
"""How far a next opening is looked for: who is away for longer says so otherwise."""
_DAYS_TO_COUNT = 366


@dataclass(frozen=True, slots=True)
class Span:
    """From `opens` until before `closes`, within one day."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class OpeningHours:
    timezone: str
    """IANA name."""
    week: Mapping[str, tuple[Span, ...]] = field(hash=False)
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

    def after(self, moment: datetime, open_time: timedelta) -> datetime | None:
        """When it has been open for so long since `moment`, in UTC; None where that takes more than a year.

        Time that passes, not what clocks show: an hour that is repeated counts twice, one that is skipped does not. Who
        opens or closes in the middle of such an hour does so by the clock as it went before.
        """
        start = moment.astimezone(UTC)
        if not self.week:
            return start + open_time
        for opens, closes in self._open_from(start):
            if open_time <= closes - opens:
                return opens + open_time
            open_time -= closes - opens
        return None

    def _open_from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """In UTC and in order, however the spans of a day are written down and overlap."""
        zone = ZoneInfo(self.timezone)
        first = start.astimezone(zone).date()
        for ahead in range(_DAYS_TO_COUNT):
            day = first + timedelta(days=ahead)
            for span in sorted(self._spans(day), key=lambda span: span.opens):
                opens, closes = (
                    datetime.combine(day, at, tzinfo=zone).astimezone(UTC) for at in (span.opens, span.closes)
                )
                if closes > max(opens, start):
                    yield max(opens, start), closes
                    start = closes

    def _spans(self, day: date) -> tuple[Span, ...]:
        return () if day in self.holidays else self.week.get(WEEKDAYS[day.weekday()], ())


ALWAYS_OPEN = OpeningHours("UTC", {})
