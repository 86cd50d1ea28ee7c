"""The front process: one on the front port, started anew when what it serves has changed."""

from __future__ import annotations

import hashlib
import os
import sys
from typing import TYPE_CHECKING

from ops.local import health
from ops.local.front_config import CONFIG_NAME
from ops.local.places import REPOSITORY
from ops.local.processes import Daemon
from ops.stack_file import write_private

if TYPE_CHECKING:
    from ops.local.front_config import FrontConfig
    from ops.local.home import Home, Settings

_START_SECONDS = 180
_STOP_SECONDS = 60


def daemon(home: Home) -> Daemon:
    return Daemon("front", home.logs, f"ops.local.front {home.root}")


def start(home: Home, settings: Settings, config: FrontConfig) -> bool:
    """False if it ran already, with the same configuration and sources."""
    process = daemon(home)
    text = config.model_dump_json(indent=2)
    fingerprint = hashlib.sha256(text.encode() + _sources()).hexdigest()
    running = process.running()
    if running is not None and running.fingerprint == fingerprint and is_healthy(settings):
        return False
    stop(home)
    write_private(home.root / CONFIG_NAME, text)
    process.start(
        [sys.executable, "-m", "ops.local.front", str(home.root)], _environment(), fingerprint, cwd=REPOSITORY
    )
    process.wait_until(lambda: is_healthy(settings), _START_SECONDS)
    return True


def stop(home: Home) -> bool:
    return daemon(home).stop(_STOP_SECONDS)


def is_healthy(settings: Settings) -> bool:
    return health.answers(f"{settings.front_url}/healthz")


def _environment() -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "src")]),
    }


def _sources() -> bytes:
    folder = REPOSITORY / "ops"
    files = [
        folder / "local" / "front.py",
        folder / "local" / "front_config.py",
        *sorted((folder / "simulator").rglob("*")),
    ]
    return b"\0".join(file.read_bytes() for file in files if file.is_file() and file.suffix != ".pyc")
