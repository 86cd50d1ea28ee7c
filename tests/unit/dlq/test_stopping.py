from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from ops.dlq.stopping import stopped_by_signals


@pytest.fixture(autouse=True)
def _interruptible() -> Iterator[None]:
    """What runs in the background of a shell is started with SIGINT ignored."""
    inherited = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, inherited)


def test_the_first_signal_asks_and_the_second_interrupts() -> None:
    before = signal.getsignal(signal.SIGINT)
    with stopped_by_signals() as stopping:
        assert not stopping()
        os.kill(os.getpid(), signal.SIGINT)
        assert stopping()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
