"""While the queues lag, a burst may not be complete when its job is looked at."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.answer import await_burst
from domain.errors import BurstIncompleteError
from domain.messages import Position, received_at_of
from tests.builders import job

JOB = dataclasses.replace(job(), position=Position("2026-11-16T11:59:58Z#1794830400000#wamid.1"))
RECEIVED = received_at_of(JOB.position)


def seconds_to_wait(lag: float, waited: float) -> int:
    asked_at = RECEIVED + timedelta(seconds=lag)
    try:
        await_burst(JOB, asked_at=asked_at, now=asked_at + timedelta(seconds=waited))
    except BurstIncompleteError as error:
        return error.seconds
    return 0


@pytest.mark.parametrize(
    ("lag", "waited", "wait"),
    [
        (0.1, 2, 0),  # as nearly always: the queue's own delay is enough
        (10, 2, 0),
        (12, 2, 10),
        (12, 12, 0),
        (40, 2, 38),
        (40, 40.5, 0),
        (3600, 2, 58),  # after an outage: a minute at most
        (3600, 60, 0),
        (-5, 2, 0),  # clocks differ
    ],
)
def test_as_long_again_as_the_message_took_to_be_recorded(lag: float, waited: float, wait: int) -> None:
    assert seconds_to_wait(lag, waited) == wait


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_who_comes_back_when_told_need_not_come_again(lag: float, waited: float) -> None:
    wait = seconds_to_wait(lag, waited)
    assert 0 <= wait <= 60
    assert seconds_to_wait(lag, waited + wait) == 0


def test_the_time_of_receipt_stands_in_the_position() -> None:
    assert datetime.fromisoformat("2026-11-16T12:00:00+00:00") == RECEIVED
