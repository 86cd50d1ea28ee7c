from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from domain.errors import ContentionError, ServiceUnavailableError
from ops.errors import OpsError
from ops.migrate.pace import Pace


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def throttled() -> ServiceUnavailableError:
    error = ServiceUnavailableError("no room")
    error.__cause__ = ClientError({"Error": {"Code": "ProvisionedThroughputExceededException"}}, "PutItem")
    return error


def pace(clock: Clock, rate: float = 10) -> Pace:
    return Pace(rate, clock, clock.sleep)


def test_no_more_rows_a_second_than_asked_for() -> None:
    clock = Clock()
    ours = pace(clock)
    for _ in range(10):
        ours.wait(5)
    assert clock.now == pytest.approx(4.5)  # the first five go at once


def test_a_table_without_room_is_asked_again_and_more_slowly() -> None:
    clock, answers = Clock(), [throttled(), throttled(), None]
    ours = pace(clock)

    def do() -> str:
        answer = answers.pop(0)
        if answer:
            raise answer
        return "done"

    assert ours.call(1, do) == "done"
    assert ours.throttled == 2
    assert ours.rate < 10


def test_it_grows_faster_again() -> None:
    clock, answers = Clock(), [throttled(), None]
    ours = pace(clock)

    def do() -> None:
        answer = answers.pop(0)
        if answer:
            raise answer

    ours.call(1, do)
    clock.now += 60
    ours.wait(1)
    assert ours.rate == 10


def test_contention_is_waited_out_and_anything_else_is_told() -> None:
    clock, answers = Clock(), [ContentionError("held"), ServiceUnavailableError("down")]
    with pytest.raises(ServiceUnavailableError, match="down"):
        pace(clock).call(1, lambda: (_ for _ in ()).throw(answers.pop(0)))


def test_it_ends_where_there_is_never_room() -> None:
    clock = Clock()
    with pytest.raises(OpsError, match="takes no more"):
        pace(clock).call(1, lambda: (_ for _ in ()).throw(throttled()))
