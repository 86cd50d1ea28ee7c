"""The time of a run: what is remembered for a while ages with it, however long the machine takes."""

from __future__ import annotations

import time

from ops.prove.clock import Clock


def test_everything_that_tells_the_time_moves_when_it_is_moved() -> None:
    clock = Clock(1000.0)
    with clock.running():
        began = time.time(), time.monotonic()
        for _ in range(1000):
            assert (time.time(), time.monotonic()) == began

        clock.move_to(1060.0)
        time.sleep(2.5)
        assert (time.time() - began[0], time.monotonic() - began[1]) == (62.5, 62.5)


def test_afterwards_time_is_the_machine_s_again() -> None:
    before = time.sleep, time.monotonic
    with Clock(1000.0).running():
        pass
    assert (time.sleep, time.monotonic) == before
