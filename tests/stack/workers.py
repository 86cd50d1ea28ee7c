"""The emulator's worker processes, so that they can be killed."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

from ops.local import emulator
from tests.stack.deployed import Deployed

_PROC = Path("/proc")


def workers(stack: Deployed, function: str) -> set[int]:
    """Process ids of the workers of one function, running or idle."""
    record = emulator.daemon(stack.home).running()
    assert record is not None
    wanted = f"AWS_LAMBDA_FUNCTION_NAME={stack.file.functions[function]}".encode()
    return {pid for pid in _children(record.pid) if wanted in _read(pid, "environ").split(b"\0")}


def at_work(stack: Deployed, function: str) -> set[int]:
    """Those that are past their start: they have connections open, which the first piece of work opens."""
    return {pid for pid in workers(stack, function) if _has_sockets(pid)}


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def deaths_at_work(stack: Deployed, function: str) -> int:
    """How many invocations ended because their worker did, as the emulator tells."""
    log = emulator.daemon(stack.home).log_file.read_text(encoding="utf-8", errors="replace")
    failed = f"Lambda {stack.file.functions[function]} failed"
    return sum(failed in line and "Worker process died" in line for line in log.splitlines())


def _has_sockets(pid: int) -> bool:
    try:
        return any(str(link.readlink()).startswith("socket:") for link in (_PROC / str(pid) / "fd").iterdir())
    except OSError:
        return False


def _children(parent: int) -> list[int]:
    found = [int(path.name) for path in _PROC.iterdir() if path.name.isdecimal()]
    return [pid for pid in found if _parent(pid) == parent and b"_worker.py" in _read(pid, "cmdline")]


def _parent(pid: int) -> int:
    status = _read(pid, "stat")
    # The name of the program, in brackets, may hold anything.
    return int(status.rpartition(b")")[2].split()[1]) if status else 0


def _read(pid: int, name: str) -> bytes:
    try:
        return (_PROC / str(pid) / name).read_bytes()
    except OSError:
        return b""
