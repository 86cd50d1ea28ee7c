"""Many workers in one process, in time that passes only where somebody waits.

Code that knows nothing of it runs unchanged: each invocation is a greenlet, and `sleep` lets the others go on until its
moment has come. The same seed makes the same run.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from greenlet import getcurrent, greenlet


@dataclass
class Invocation:
    do: Callable[[], object]
    worker: Any
    """Whose memory it has."""
    conflicts: int = 0
    """Of its transactions with others."""


class VirtualTime:
    def __init__(self, entered: Callable[[Any], None] = lambda _: None) -> None:
        """`entered` is told the worker whose turn it is."""
        self.now = 0.0
        self.running: Invocation | None = None
        self._entered = entered
        self._upcoming: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()

    def at(self, moment: float, happens: Callable[[], None]) -> None:
        """`happens` must not sleep: it begins invocations."""
        heapq.heappush(self._upcoming, (moment, next(self._order), happens))

    def begin(self, invocation: Invocation) -> None:
        self._give_turn(invocation, greenlet(invocation.do))

    def sleep(self, seconds: float) -> None:
        invocation, place = self.running, getcurrent()
        assert invocation is not None, "only invocations sleep"
        assert place.parent is not None, "only invocations sleep"
        self.at(self.now + seconds, lambda: self._give_turn(invocation, place))
        place.parent.switch()

    def run(self) -> None:
        """Until nothing is left to happen."""
        while self._upcoming:
            self.now, _, happens = heapq.heappop(self._upcoming)
            happens()

    def _give_turn(self, invocation: Invocation, place: greenlet) -> None:
        self.running = invocation
        self._entered(invocation.worker)
        try:
            place.switch()
        finally:
            self.running = None
