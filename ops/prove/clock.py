"""The time of a run: everything that asks for it (handlers, adapters, Powertools, boto3) is told this one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, SupportsIndex


@dataclass(slots=True)
class Clock:
    """Unix seconds. It moves when it is moved, and when somebody sleeps.

    What is remembered for a while ages with it: else a slow machine would read again what a fast one still knows.
    """

    now: float
    _traveller: Any = None

    @property
    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)

    def move_to(self, moment: float) -> None:
        """Never back."""
        if moment > self.now:
            self.now = moment
            self._traveller.move_to(moment, tick=False)

    def sleep(self, seconds: float | SupportsIndex) -> None:
        self.move_to(self.now + float(seconds))

    @contextmanager
    def running(self) -> Iterator[None]:
        import time_machine

        real_sleep, real_monotonic = time.sleep, time.monotonic
        with time_machine.travel(self.now, tick=False) as self._traveller:
            time.sleep, time.monotonic = self.sleep, lambda: self.now
            try:
                yield
            finally:
                time.sleep, time.monotonic = real_sleep, real_monotonic
