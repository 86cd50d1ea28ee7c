"""When a message that Meta refuses for now is offered to it again.

Pair rate (131056): each reply has its own schedule, Meta's 4^n seconds, kept on its row. Number rate (130429 and its
kin): whoever else sends from the number would be refused too, so the worker that learns of it holds all of them back,
without a row and without a call.
"""

from __future__ import annotations

import math
import random
from datetime import datetime, timedelta

from domain.tenants import PhoneNumberId

LONGEST_PAUSE = timedelta(seconds=256)
PATIENCE = timedelta(minutes=13)
"""Since it was asked for: then a person gets the conversation. Time for `MOST_OFFERS`, however the pauses fall."""
MOST_OFFERS = 6
"""Of one reply: at once, and after each pause that ends within `PATIENCE`."""

_BASE = 4
_JITTER = 0.25

_FIRST_HOLD = timedelta(seconds=2)
_LONGEST_HOLD = timedelta(seconds=64)


def pause_after(refusals: int) -> timedelta:
    """4, 16, 64, 256 seconds, at most a quarter more, so that what was refused together does not come back together."""
    least = shortest_pause(refusals)
    return least + least * random.uniform(0, _JITTER)  # noqa: S311 (spreads retries, hides nothing)


def shortest_pause(refusals: int) -> timedelta:
    return min(timedelta(seconds=_BASE ** min(refusals, 5)), LONGEST_PAUSE)


def seconds_until_received_again(receives: int, retry_after: int) -> int:
    """The queue counts each time it brings a job, whether a call was made or not, and gives up after so many.

    So who keeps being held back comes the more rarely, and within `PATIENCE` no more often than one who is refused.
    """
    return max(retry_after, whole_seconds(shortest_pause(receives)))


def whole_seconds(pause: timedelta) -> int:
    return math.ceil(pause.total_seconds())


class NumberPace:
    """Of one worker: which numbers it holds back after Meta throttled them, and until when.

    One job at a time tries again when a hold ends: refused once more, the hold doubles; taken, it is over. So a worker
    makes one call for each hold, however many customers wait: 17 within `PATIENCE`.
    """

    def __init__(self) -> None:
        self._holds: dict[PhoneNumberId, tuple[datetime, timedelta]] = {}

    def held_back(self, phone_number_id: PhoneNumberId, now: datetime) -> timedelta:
        """How much longer nothing is sent from the number; zero where it may be tried."""
        until, _ = self._holds.get(phone_number_id, (now, _FIRST_HOLD))
        return max(until - now, timedelta(0))

    def throttled(self, phone_number_id: PhoneNumberId, now: datetime) -> None:
        _, hold = self._holds.get(phone_number_id, (now, _FIRST_HOLD / 2))
        hold = min(hold * 2, _LONGEST_HOLD)
        self._holds[phone_number_id] = (now + hold, hold)

    def accepted(self, phone_number_id: PhoneNumberId) -> None:
        self._holds.pop(phone_number_id, None)
