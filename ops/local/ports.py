"""Who listens where."""

from __future__ import annotations

import contextlib
import itertools
import secrets
import shutil
import socket
import subprocess
from pathlib import Path

from ops.errors import PortTakenError

_LISTEN = "0A"  # the state TCP_LISTEN in /proc/net/tcp
_LSOF_TIMEOUT = 5
_candidates = itertools.count(20_000 + secrets.randbelow(10_000))
"""Below those that the system lends to whoever calls out: such a one may be taken before it is listened on."""


def require_free(port: int, option: str, what: str) -> None:
    if is_free(port):
        return
    holder = holder_of(port)
    raise PortTakenError(
        f"port {port}, which {what} wants, is taken{f' by {holder}' if holder else ''}",
        f"end that process, or choose another port with {option} NUMBER",
    )


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Without it a port counts as taken for a minute after its last connection has closed.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Another one each time."""
    return next(port for port in _candidates if is_free(port))


def holder_of(port: int) -> str | None:
    """Name and id of the process that listens on the port, where the system tells."""
    return _holder_from_proc(port) if Path("/proc/net/tcp").exists() else _holder_from_lsof(port)


def _holder_from_proc(port: int) -> str | None:
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    if not sockets:
        return None
    for descriptors in Path("/proc").glob("[0-9]*/fd"):
        # Processes end while we look, and those of other users do not let us.
        with contextlib.suppress(OSError):
            if any(str(link.readlink()) in sockets for link in descriptors.iterdir()):
                process = descriptors.parent
                return f"{(process / 'comm').read_text().strip()} (process {process.name})"
    return None


def _listening_inodes(port: int) -> list[str]:
    inodes = []
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                fields = line.split()
                if int(fields[1].rsplit(":", 1)[1], 16) == port and fields[3] == _LISTEN:
                    inodes.append(fields[9])
    return inodes


def _holder_from_lsof(port: int) -> str | None:
    lsof = shutil.which("lsof")
    if lsof is None:
        return None
    listed = subprocess.run(  # noqa: S603 - a fixed command; the only variable is an integer
        [lsof, "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-Fpc"],
        capture_output=True,
        text=True,
        check=False,
        timeout=_LSOF_TIMEOUT,
    )
    fields = {line[0]: line[1:] for line in listed.stdout.splitlines() if line}
    return f"{fields.get('c', 'a process')} (process {fields['p']})" if "p" in fields else None
