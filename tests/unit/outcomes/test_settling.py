"""When the waiting ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest

from adapters.sqs_depths import Depth
from domain.conversations import Owner
from ops.outcomes import settling as module
from ops.outcomes.items import Address, Item
from ops.outcomes.judge import Judge
from ops.outcomes.queues import Queues
from ops.outcomes.rows import Row
from ops.outcomes.settling import Settling
from ops.outcomes.states import FinalState, ItemOutcome
from tests.builders import ACME_NUMBER, number
from tests.fakes.tenants import FakeTenants
from tests.unit.outcomes import rows as made
from tests.unit.outcomes.rows import TABLES, FakeRows

ITEM = Item("message", "wamid.1", (Address(ACME_NUMBER, "waba-acme"),))
RECORDED = (made.pointer("wamid.1"), made.message("wamid.1", "record", "late"), made.state(Owner.ASSISTANT))


@dataclass(frozen=True, slots=True)
class FakeQueues(Queues):
    waiting: Iterator[int] = field(default_factory=lambda: iter(()))
    dead: frozenset[tuple[str, str]] = frozenset()

    def depths(self) -> list[Depth]:
        return [Depth("inbox", next(self.waiting, 0), 0, 0), Depth("inbox-dlq", len(self.dead), 0, 0)]

    def dead_letters(self) -> set[tuple[str, str]]:
        return set(self.dead)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def settled(
    *rows: Row, waiting: Sequence[int] = (), dead: frozenset[tuple[str, str]] = frozenset(), seconds: float = 30
) -> tuple[ItemOutcome, float]:
    clock = Clock()
    judge = Judge(FakeRows(*rows), FakeTenants(number()), TABLES)
    [outcome] = Settling(judge, FakeQueues({}, iter(waiting), dead), clock, clock.sleep).wait([ITEM], seconds)
    return outcome, clock.now - 100.0


def test_at_once_when_all_is_settled_and_the_queues_are_empty() -> None:
    outcome, seconds = settled(*RECORDED)
    assert outcome.state is FinalState.RECORDED
    assert seconds < 1


def test_not_before_the_queues_are_empty() -> None:
    _, seconds = settled(*RECORDED, waiting=[3] * 20)
    assert seconds >= 20 * module._POLL_SECONDS


def test_what_others_left_on_the_queues_is_not_waited_for_for_ever() -> None:
    outcome, seconds = settled(*RECORDED, waiting=[2] * 1000, seconds=180)
    assert outcome.state is FinalState.RECORDED
    assert 15 <= seconds < 17


def test_lost_only_beside_empty_queues() -> None:
    assert settled()[0].state is FinalState.LOST
    assert settled(waiting=[1] * 1000, seconds=3)[0].state is FinalState.PENDING


def test_what_nothing_moves_on_is_waited_for_a_while() -> None:
    unanswered = (made.pointer("wamid.1"), made.message("wamid.1", "answer"), made.state(Owner.ASSISTANT))
    outcome, seconds = settled(*unanswered)
    assert outcome.state is FinalState.PENDING
    assert module._PATIENCE_SECONDS < seconds < 2 * module._PATIENCE_SECONDS


@pytest.mark.parametrize("owner", [ACME_NUMBER, "acme"], ids=["from the inbox", "a reply job"])
def test_dead_lettered(owner: str) -> None:
    assert settled(*RECORDED, dead=frozenset({(owner, "wamid.1")}))[0].state is FinalState.DEAD_LETTERED


def test_another_dead_letter_is_not_ours() -> None:
    assert settled(*RECORDED, dead=frozenset({("acme", "wamid.2")}))[0].state is FinalState.RECORDED
