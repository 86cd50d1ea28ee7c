from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pytest

from ops.errors import ProcessError
from ops.local.processes import Daemon

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GIVE_UP_SECONDS = 60


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    process = Daemon("sleeper", tmp_path, f"home={tmp_path}")
    yield process
    process.stop(GIVE_UP_SECONDS)


def start(daemon: Daemon, code: str) -> None:
    daemon.start([sys.executable, "-X", daemon.marker, "-c", code], {}, "v1", daemon.folder)


def test_a_started_process_is_known_until_it_is_stopped(daemon: Daemon) -> None:
    start(daemon, "import time; time.sleep(60)")
    record = daemon.running()
    assert record is not None
    assert record.fingerprint == "v1"
    assert daemon.stop(GIVE_UP_SECONDS)
    assert daemon.running() is None
    assert not daemon.pid_file.exists()


def test_stopping_what_does_not_run_is_no_error(daemon: Daemon) -> None:
    assert not daemon.stop(GIVE_UP_SECONDS)


def test_a_pid_that_now_belongs_to_another_process_is_left_alone(daemon: Daemon) -> None:
    daemon.pid_file.write_text(json.dumps({"pid": os.getpid(), "fingerprint": "v1", "started_at": 0}))
    assert daemon.running() is None
    assert not daemon.stop(GIVE_UP_SECONDS)


def test_a_process_that_ends_while_it_starts_is_reported_with_its_last_words(daemon: Daemon) -> None:
    start(daemon, "raise SystemExit('no room')")
    with pytest.raises(ProcessError, match="no room"):
        daemon.wait_until(lambda: False, GIVE_UP_SECONDS)


def test_a_process_that_never_gets_ready_is_reported(daemon: Daemon) -> None:
    start(daemon, "import time; time.sleep(60)")
    with pytest.raises(ProcessError, match="not ready"):
        daemon.wait_until(lambda: False, 0.1)


def test_a_process_that_ignores_sigterm_is_not_killed(daemon: Daemon) -> None:
    start(
        daemon,
        "import os, signal, time; signal.signal(signal.SIGTERM, lambda *_: None); print('deaf', flush=True)\n"
        "while not os.path.exists('enough'): time.sleep(0.01)",
    )
    daemon.wait_until(lambda: "deaf" in daemon.log_file.read_text(), GIVE_UP_SECONDS)
    with pytest.raises(ProcessError, match="did not stop"):
        daemon.stop(0.1)
    assert daemon.running() is not None
    (daemon.folder / "enough").touch()
