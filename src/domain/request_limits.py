"""How many requests the API takes of one caller in each minute of the clock, counted where all workers see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

WINDOW = timedelta(seconds=60)


class RequestCounts(Protocol):
    def count(self, scope: str, window_start: datetime) -> int:
        """Counts one more request of `scope` in this window, and says how many there are with it."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of one window, as true as the counter: each request is counted before it is answered."""

    limit: int
    used: int
    seconds_left: int

    @property
    def exceeded(self) -> bool:
        return self.used > self.limit

    @property
    def remaining(self) -> int:
        return max(self.limit - self.used, 0)


def take(scope: str, limit: int, now: datetime, counts: RequestCounts) -> Allowance:
    start = window_of(now)
    left = start + WINDOW - now
    return Allowance(limit, counts.count(scope, start), max(1, round(left.total_seconds())))


def window_of(now: datetime) -> datetime:
    seconds = int(WINDOW.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)
