"""One way through a dead-letter queue, letter by letter, in its order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from adapters.dead_letters.letters import Letter, read
from adapters.dead_letters.queues import DeadLetters, Held
from domain.errors import MarketplaceError

MOST_FAILURES = 5
"""After so many something is wrong with AWS, or with us, and not with a letter."""


class Moved(StrEnum):
    REDRIVEN = "redriven"
    HANDED_OVER = "handed_over"
    """A stale reply: a person was called in its place."""
    SETTLED = "settled"
    """A stale reply whose customer was answered meanwhile, or is with a person already."""
    DISCARDED = "discarded"
    FAILED = "failed"
    """Left where it was."""


Act = Callable[[DeadLetters, Held, Letter], Moved]
"""Takes a letter away for good, or raises a `MarketplaceError` and leaves it."""


@dataclass(slots=True)
class Tally:
    counts: Counter[Moved] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    def of(self, *outcomes: Moved) -> int:
        return sum(self.counts[outcome] for outcome in outcomes)

    @property
    def done(self) -> int:
        return self.counts.total() - self.counts[Moved.FAILED]


@dataclass(slots=True)
class Round:
    """`wanted` letters are acted on, at most `most` of them; all the others are given back.

    A group of which one letter failed gives no other: what a customer wrote later must not overtake it.
    """

    wanted: Callable[[Letter], bool]
    act: Act
    most: int
    stopping: Callable[[], bool] = lambda: False
    moved: Callable[[], None] = lambda: None
    tally: Tally = field(default_factory=Tally)

    def through(self, queue: DeadLetters, seen_before: int = 0) -> None:
        """`seen_before`: how many a survey has seen, since SQS counts approximately."""
        # What fails once more while we are at it is left for the next time.
        arrived = max(seen_before, queue.depth().waiting)
        lying: dict[str, Held] = {}
        blocked: set[str] = set()
        seen: set[str] = set()
        try:
            while len(seen) < arrived and not self._enough():
                batch = queue.take()
                if all(held.message_id in seen for held in batch):
                    return  # the end, or locks that have run out
                seen |= {held.message_id for held in batch}
                lying |= {held.message_id: held for held in batch}
                for held in batch:
                    if self._enough():
                        return
                    if self._stays(queue, held, blocked):
                        # Many may be held, and none of them is read again.
                        lying[held.message_id] = replace(held, body="")
                    else:
                        del lying[held.message_id]
        finally:
            queue.give_back(lying.values())

    def _enough(self) -> bool:
        return self.tally.done >= self.most or self.tally.counts[Moved.FAILED] >= MOST_FAILURES or self.stopping()

    def _stays(self, queue: DeadLetters, held: Held, blocked: set[str]) -> bool:
        """Whether the letter is still in our hands, and to be given back."""
        letter = read(queue.name, held)
        if held.group in blocked or not self.wanted(letter):
            return True
        if not queue.keep_hold(held):
            return False  # in other hands by now
        try:
            outcome = self.act(queue, held, letter)
        except MarketplaceError as error:
            self.tally.errors[str(error)] += 1
            outcome = Moved.FAILED
            if held.group is not None:
                blocked.add(held.group)
        self.tally.counts[outcome] += 1
        self.moved()
        return outcome is Moved.FAILED
