"""Letters back to the queue that they came from; what has become stale there, to a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from adapters.dead_letters.letters import Letter
from adapters.dead_letters.moving import Moved
from adapters.dead_letters.queues import DeadLetters, Held
from domain.expire import Fate, expire, fate_of
from domain.ports import Conversations, Escalations, HandoffNotifications

_MOVED = {Fate.RUN: Moved.REDRIVEN, Fate.HAND_OVER: Moved.HANDED_OVER, Fate.SETTLED: Moved.SETTLED}


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Redriving:
    conversations: Conversations
    escalations: Escalations
    notifications: HandoffNotifications
    clock: Callable[[], datetime] = _now

    def __call__(self, queue: DeadLetters, held: Held, letter: Letter) -> Moved:
        """Deleted last: whoever dies in between leaves a letter that may be redriven again."""
        fate = Fate.RUN
        if letter.job is not None:
            fate = expire(letter.job, now=self.clock(), ports=self)
        if fate is Fate.RUN:
            queue.send_back(held)
        queue.remove(held)
        return _MOVED[fate]

    def expected(self, letter: Letter) -> Moved:
        """What would become of it now."""
        if letter.job is None:
            return Moved.REDRIVEN
        thread = self.conversations.thread(letter.job.tenant_id, letter.job.customer_id)
        return _MOVED[fate_of(letter.job, thread, self.clock())]
