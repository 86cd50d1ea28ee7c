"""Detached processes with a pid file, stopped only when they are certainly ours."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from ops.errors import ProcessError
from ops.stack_file import write_private

_POLL = 0.03
_LOG_LINES_SHOWN = 5
_LOG_KEPT_BYTES = 5_000_000


class Record(BaseModel):
    """What the pid file holds."""

    model_config = ConfigDict(frozen=True)

    pid: int
    fingerprint: str
    """What the process was started with; another one means that it has to be started anew."""
    started_at: float


@dataclass(frozen=True)
class Daemon:
    name: str
    folder: Path
    """Holds pid file and log."""
    marker: str
    """Stands in the command line of every process that we start for this folder, and in no other's."""

    @property
    def pid_file(self) -> Path:
        return self.folder / f"{self.name}.pid"

    @property
    def log_file(self) -> Path:
        return self.folder / f"{self.name}.log"

    def running(self) -> Record | None:
        """The record, if its process lives and really is ours: pids are used again after a reboot."""
        try:
            record = Record.model_validate_json(self.pid_file.read_bytes())
        except (FileNotFoundError, ValidationError):
            return None
        return record if self.marker in command_line(record.pid) else None

    def start(self, command: Sequence[str], environment: Mapping[str, str], fingerprint: str, cwd: Path) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._bound_log()
        with self.log_file.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell, arguments made by us
                list(command),
                env=dict(environment),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # lives on when the terminal closes
            )
        # Between exec and the first instruction a process has no command line.
        while self.marker not in command_line(process.pid) and process.poll() is None:
            time.sleep(_POLL)
        record = Record(pid=process.pid, fingerprint=fingerprint, started_at=time.time())
        write_private(self.pid_file, record.model_dump_json() + "\n")
        # The process outlives this command: without a value the destructor does not warn of it.
        process.returncode = 0

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not ready():
            if self.running() is None:
                raise ProcessError(f"{self.name} ended while it started{self._last_words()}", f"log: {self.log_file}")
            if time.monotonic() > deadline:
                raise ProcessError(
                    f"{self.name} was not ready after {seconds:.0f} s{self._last_words()}", f"log: {self.log_file}"
                )
            time.sleep(_POLL)

    def stop(self, seconds: float) -> bool:
        """By SIGTERM alone, so that nothing is lost; False if nothing was running."""
        record = self.running()
        if record is None:
            self.pid_file.unlink(missing_ok=True)
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(record.pid, signal.SIGTERM)
        deadline = time.monotonic() + seconds
        while self.marker in command_line(record.pid):
            if time.monotonic() > deadline:
                raise ProcessError(
                    f"{self.name} (process {record.pid}) did not stop within {seconds:.0f} s of SIGTERM",
                    f"look at {self.log_file}; `kill -9 {record.pid}` ends it, but loses what it has not saved",
                )
            _reap(record.pid)
            time.sleep(_POLL)
        self.pid_file.unlink(missing_ok=True)
        return True

    def _bound_log(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            if self.log_file.stat().st_size > _LOG_KEPT_BYTES:
                self.log_file.replace(self.log_file.with_suffix(".log.1"))

    def _last_words(self) -> str:
        try:
            lines = self.log_file.read_text(errors="replace").strip().splitlines()[-_LOG_LINES_SHOWN:]
        except FileNotFoundError:
            return ""
        return ":\n  " + "\n  ".join(lines) if lines else ""


def command_line(pid: int) -> str:
    """Empty if there is no such process, or only its zombie."""
    proc = Path("/proc")
    if (proc / "self").exists():
        try:
            return (proc / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    listed = subprocess.run(  # noqa: S603 - a fixed command; the only variable is an integer
        [shutil.which("ps") or "/bin/ps", "-ww", "-o", "command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return listed.stdout


def _reap(pid: int) -> None:
    # Started by this very command, the process stays a zombie until someone asks for its end.
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
