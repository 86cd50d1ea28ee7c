"""A look at what lies on the dead-letter queues. Everything is given back where it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from adapters.dead_letters.causes import FUNCTIONS, Causes, logged_causes
from adapters.dead_letters.letters import Letter, read
from adapters.dead_letters.queues import DeadLetters, Held, QueueName
from adapters.sqs_depths import Depth

MOST_LETTERS = 10_000
"""Of one queue. SQS lets at most 20,000 of a FIFO queue be in flight."""

_LOOK_BACK = timedelta(hours=1)
"""A letter of a FIFO queue is dated when it came to lie here, and failed for the last time a while before."""
_FARTHEST = timedelta(days=30)
"""A letter lies here for two weeks at most, after one week on its queue; what it says of its time may be anything."""


@dataclass(frozen=True, slots=True)
class Survey:
    letters: Sequence[Letter]
    depths: Mapping[QueueName, Depth]
    """Before the look."""
    causes: Causes

    @property
    def waiting(self) -> int:
        return max(len(self.letters), sum(depth.waiting for depth in self.depths.values()))

    def unseen(self, queue: QueueName) -> int:
        """About how many could not be looked at: a FIFO queue shows ten of a customer's letters, not those behind."""
        return max(0, self.depths[queue].waiting - sum(letter.queue is queue for letter in self.letters))


def survey(queues: Sequence[DeadLetters], functions: Mapping[str, str]) -> Survey:
    """`functions`: logical name to deployed name, to find their logs."""
    depths = {queue.name: queue.depth() for queue in queues}
    letters = [letter for queue in queues for letter in _look(queue)]
    return Survey(letters, depths, _causes(letters, functions))


def _look(queue: DeadLetters) -> list[Letter]:
    seen: dict[str, Letter] = {}
    held: list[Held] = []
    try:
        while len(seen) < MOST_LETTERS:
            batch = queue.take()
            held += [replace(letter, body="") for letter in batch]  # ten thousand bodies could fill the memory
            fresh = [read(queue.name, letter) for letter in batch if letter.message_id not in seen]
            if not fresh:  # the end, or locks that have run out
                break
            seen |= {letter.sqs_message_id: letter for letter in fresh}
    finally:
        queue.give_back(held)
    return list(seen.values())


def _causes(letters: Sequence[Letter], functions: Mapping[str, str]) -> Causes:
    found = {}
    for queue, function in FUNCTIONS.items():
        times = [letter.at for letter in letters if letter.queue is queue]
        if times and function in functions:
            found[queue] = logged_causes(functions[function], _since(min(times)))
    return Causes(found)


def _since(oldest: datetime) -> datetime:
    now = datetime.now(UTC)
    return max(min(oldest, now) - _LOOK_BACK, now - _FARTHEST)
