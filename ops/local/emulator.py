"""ministack, the embedded AWS: one process on a loopback port, its state beneath the home."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from ops.local import environment, health
from ops.local.processes import Daemon

if TYPE_CHECKING:
    from ops.local.home import Home, Settings

_LAUNCHER = Path(__file__).with_name("launch_ministack.py")
_START_SECONDS = 180  # a large state on a slow disk
_STOP_SECONDS = 180  # it writes its state first


def daemon(home: Home) -> Daemon:
    return Daemon("emulator", home.logs, _marker(home))


def _marker(home: Home) -> str:
    # Python lets -X carry anything: the one place in the command line where the home can stand.
    return f"ai-marketplace-home={home.root}"


def start(home: Home, settings: Settings) -> bool:
    """False if it ran already, in the way that is asked for."""
    process = daemon(home)
    installed = f"{environment.ENVIRONMENT.name} {environment.lock_fingerprint()}"
    started_with = f"{settings.aws_port} {settings.auth} {settings.model_url} {installed} {_LAUNCHER.read_text()}"
    fingerprint = hashlib.sha256(started_with.encode()).hexdigest()
    running = process.running()
    if running is not None and running.fingerprint == fingerprint and is_healthy(settings):
        return False
    stop(home)
    _move_state(home, settings.aws_port)
    _wipe_temporary_files(home)
    process.start(
        [str(environment.PYTHON), "-P", "-X", _marker(home), str(_LAUNCHER)],
        process_environment(home, settings),
        fingerprint,
        home.emulator,
    )
    process.wait_until(lambda: is_healthy(settings), _START_SECONDS)
    return True


def stop(home: Home) -> bool:
    return daemon(home).stop(_STOP_SECONDS)


def is_healthy(settings: Settings) -> bool:
    return health.answers(f"{settings.aws_endpoint_url}/_ministack/health")


def process_environment(home: Home, settings: Settings) -> dict[str, str]:
    """Only what is needed: functions inherit it, so nothing of the operator's may be in it."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home.emulator),  # neither ministack nor a function finds ~/.aws
        "LANG": "C.UTF-8",
        "BIND_HOST": "127.0.0.1",  # the default is every interface
        "GATEWAY_PORT": str(settings.aws_port),
        "AUTH": "true" if settings.auth else "false",
        "MINISTACK_BEDROCK_PROXY_URL": settings.model_url,
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        # It would otherwise remove containers of other ministacks from the operator's Docker.
        "DOCKER_HOST": f"unix://{home.emulator}/no-docker.sock",
        "TMPDIR": str(_temporary(home)),
        "PERSIST_STATE": "1",
        "STATE_DIR": str(_state(home)),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(home.emulator / "s3"),
    }


def _state(home: Home) -> Path:
    return home.emulator / "state"


def _temporary(home: Home) -> Path:
    return home.emulator / "tmp"


def _wipe_temporary_files(home: Home) -> None:
    # The folders of earlier workers stay behind, each a whole copy of the artifact.
    shutil.rmtree(_temporary(home), ignore_errors=True)
    _temporary(home).mkdir(parents=True)
    _state(home).mkdir(parents=True, exist_ok=True)


def _move_state(home: Home, port: int) -> None:
    """Queues are kept under URLs with the port in them: on another port their event source mappings lose them."""
    stamp = home.emulator / "port"
    before = stamp.read_text() if stamp.exists() else str(port)
    if before != str(port):
        for file in _state(home).glob("*.json"):
            file.write_text(file.read_text().replace(f"//localhost:{before}/", f"//localhost:{port}/"))
    home.emulator.mkdir(parents=True, exist_ok=True)
    stamp.write_text(str(port))
