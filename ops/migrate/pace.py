"""How fast the migration goes: never beyond what is asked for, and slower where a table is pressed for room."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from botocore.exceptions import ClientError

from domain.errors import ContentionError, ServiceUnavailableError
from ops.errors import OpsError

T = TypeVar("T")

_THROTTLED = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "ProvisionedThroughputExceeded",
        "ThrottlingException",
        "ThrottlingError",
        "RequestLimitExceeded",
        "LimitExceededException",
    }
)
_SLOWEST = 1.0
_FASTER_PER_SECOND = 0.05
_TRIES = 12
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 20.0


class Pace:
    """Shared by all threads of a run."""

    def __init__(
        self,
        rows_per_second: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._most = self._rate = rows_per_second
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._free_at = self._changed_at = clock()
        self.throttled = 0
        """How often a table had no room."""

    @property
    def rate(self) -> float:
        return self._rate

    def wait(self, rows: int) -> None:
        """Until so many more rows may be read or written."""
        with self._lock:
            now = self._clock()
            # What was slowed down grows again, a twentieth of the whole each second.
            self._rate = min(self._most, self._rate + self._most * _FASTER_PER_SECOND * (now - self._changed_at))
            self._changed_at = now
            begins = max(self._free_at, now)
            self._free_at = begins + rows / self._rate
        if begins > now:
            self._sleep(begins - now)

    def call(self, rows: int, do: Callable[[], T]) -> T:
        """`do`, again and more slowly where it was throttled or met other transactions."""
        for attempt in range(_TRIES):
            self.wait(rows)
            try:
                return do()
            except ServiceUnavailableError as error:
                if not _is_throttled(error):
                    raise
                self._slow_down()
            except ContentionError:
                pass
            self._sleep(random.uniform(0, min(_FIRST_PAUSE_SECONDS * 2**attempt, _LONGEST_PAUSE_SECONDS)))  # noqa: S311 (spreads retries, hides nothing)
        raise OpsError("a table takes no more for now", "run it again later, or with a lower --rate: it goes on there")

    def _slow_down(self) -> None:
        with self._lock:
            self.throttled += 1
            self._rate = max(self._rate / 2, _SLOWEST)
            self._changed_at = self._clock()


def _is_throttled(error: ServiceUnavailableError) -> bool:
    cause = error.__cause__
    if not isinstance(cause, ClientError):
        return False
    reasons = cause.response.get("CancellationReasons", [])
    codes = {cause.response["Error"]["Code"], *(reason.get("Code", "") for reason in reasons)}
    return bool(codes & _THROTTLED)
