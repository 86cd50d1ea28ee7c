"""The schedule of what is throttled, and its proportion to the queue and the sweeper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from domain.due import PATIENCE as SWEEPERS
from domain.due import DueKind
from domain.pacing import (
    LONGEST_PAUSE,
    MOST_OFFERS,
    PATIENCE,
    NumberPace,
    pause_after,
    seconds_until_received_again,
    shortest_pause,
    whole_seconds,
)
from tests.builders import ACME_NUMBER, GLOBEX_NUMBER, NOON

VISIBILITY = timedelta(seconds=180)
MOST_RECEIVES = 9
"""Of the replies queue; tests/integration/test_throttling.py compares both with the template."""
BURST, STATUS = 1, 1
"""Receives that throttling has no part in: a burst that is awaited once, an unclear send that is awaited once."""


def seconds(pause: timedelta) -> float:
    return pause.total_seconds()


def offers(stretch: float) -> list[timedelta]:
    """When a reply that is always refused is offered, in pauses of which each is so much longer than the shortest."""
    at, times = timedelta(0), [timedelta(0)]
    while (at := at + shortest_pause(len(times)) * stretch) <= PATIENCE:
        times.append(at)
    return times


def test_four_to_the_n_seconds_up_to_a_longest() -> None:
    assert [seconds(shortest_pause(n)) for n in range(1, 7)] == [4, 16, 64, 256, 256, 256]
    assert seconds(shortest_pause(10_000)) == 256


@pytest.mark.parametrize("refusals", range(1, 8))
def test_a_quarter_more_at_most_and_not_always_the_same(refusals: int) -> None:
    pauses = {pause_after(refusals) for _ in range(200)}
    assert shortest_pause(refusals) <= min(pauses) < max(pauses) <= shortest_pause(refusals) * 1.25
    assert len(pauses) > 100


@pytest.mark.parametrize("stretch", [1, 1.1, 1.25])
def test_however_the_pauses_fall_there_are_as_many_offers(stretch: float) -> None:
    assert len(offers(stretch)) == MOST_OFFERS
    assert offers(stretch)[-1] >= timedelta(minutes=9)  # minutes, not seconds


def receives() -> Iterator[timedelta]:
    """Of a job that comes as often as it may: it is held back each time, for no longer than it must be."""
    at, count = timedelta(0), 1
    while True:
        yield at
        if at > PATIENCE:
            return
        at += timedelta(seconds=seconds_until_received_again(count, retry_after=1))
        count += 1


def test_the_queue_brings_it_often_enough_for_all_of_it_and_one_worker_that_dies() -> None:
    assert len(list(receives())) + STATUS + 1 <= MOST_RECEIVES


def test_who_was_received_before_for_another_reason_is_not_received_the_more_often() -> None:
    """The count goes on from there, and the pauses with it."""
    at, count = timedelta(0), 1 + BURST
    while at <= PATIENCE:
        at += timedelta(seconds=seconds_until_received_again(count, retry_after=1))
        count += 1
    assert count <= len(list(receives())) + 1


def test_all_of_it_is_over_before_the_sweeper_looks() -> None:
    assert SWEEPERS[DueKind.CONVERSATION] > VISIBILITY * MOST_RECEIVES
    assert SWEEPERS[DueKind.CONVERSATION] > PATIENCE + LONGEST_PAUSE * 1.25
    assert SWEEPERS[DueKind.REPLY] > LONGEST_PAUSE * 1.25


def test_the_longer_of_what_the_reply_and_the_queue_ask_for() -> None:
    assert seconds_until_received_again(1, 70) == 70
    assert seconds_until_received_again(4, 70) == 256


def test_whole_seconds_are_never_too_early() -> None:
    assert whole_seconds(timedelta(seconds=4.001)) == 5
    assert whole_seconds(timedelta(seconds=4)) == 4


class TestNumberPace:
    def test_nobody_is_held_back_until_meta_throttles(self) -> None:
        pace = NumberPace()
        assert not pace.held_back(ACME_NUMBER, NOON)
        pace.throttled(ACME_NUMBER, NOON)
        assert pace.held_back(ACME_NUMBER, NOON) == timedelta(seconds=2)
        assert pace.held_back(ACME_NUMBER, NOON + timedelta(seconds=1)) == timedelta(seconds=1)
        assert not pace.held_back(ACME_NUMBER, NOON + timedelta(seconds=2))

    def test_other_numbers_are_not(self) -> None:
        pace = NumberPace()
        pace.throttled(ACME_NUMBER, NOON)
        assert not pace.held_back(GLOBEX_NUMBER, NOON)

    def test_it_doubles_up_to_a_longest_and_ends_with_what_meta_takes(self) -> None:
        pace, now, holds = NumberPace(), NOON, []
        for _ in range(8):
            pace.throttled(ACME_NUMBER, now)
            holds.append(seconds(pace.held_back(ACME_NUMBER, now)))
            now += timedelta(seconds=holds[-1])
        assert holds == [2, 4, 8, 16, 32, 64, 64, 64]
        pace.accepted(ACME_NUMBER)
        assert not pace.held_back(ACME_NUMBER, now)
        pace.throttled(ACME_NUMBER, now)
        assert seconds(pace.held_back(ACME_NUMBER, now)) == 2

    def test_a_worker_makes_seventeen_calls_within_the_patience_however_many_wait(self) -> None:
        pace, now, calls = NumberPace(), NOON, 0
        while now - NOON <= PATIENCE:
            if not pace.held_back(ACME_NUMBER, now):
                calls += 1
                pace.throttled(ACME_NUMBER, now)
            now += timedelta(seconds=1)
        assert calls == 17
