"""After how long an event comes back that a seller's webhook did not take, or was not offered."""

from __future__ import annotations

import random
from datetime import timedelta

_FIRST_PAUSE_SECONDS, _GROWTH, _LONGEST_PAUSE_SECONDS = 10, 3, 3600


def pause_seconds(attempt: int) -> int:
    """10 s, 30 s, 90 s … an hour at most."""
    pause: int = _FIRST_PAUSE_SECONDS * _GROWTH ** (attempt - 1)
    return min(pause, _LONGEST_PAUSE_SECONDS)


def spread(pause: int, until: timedelta) -> int:
    """Not before that is over, and not all at once: those that were held back together would be so again."""
    least = max(pause, int(until.total_seconds()) + 1)
    return least + random.randrange(least)  # noqa: S311 (spreads load, hides nothing)
