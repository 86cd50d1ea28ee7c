"""What Lambda would unpack: our functions and layers as `sam build` makes them, a peer as it leaves one."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ops.local import interpreters
from ops.local.places import REPOSITORY
from ops.local.uv import run_uv

_VERSION = "3.13"
_DATED_1980 = 315532800
PEER = Path(__file__).parent / "peers" / "plain_webhook"


@dataclass(frozen=True)
class Artifacts:
    """Folders, as they stand on a function's import path."""

    python: Path
    code: Path
    runtime: Path
    search: Path
    peer: Path
    boto3: Path
    """The Lambda runtime's own, with its byte code."""

    @property
    def ours(self) -> tuple[Path, ...]:
        return self.code, self.runtime, self.search, self.boto3


def interpreter() -> Path:
    """The Lambda runtime's version where this machine has it, else the one that runs."""
    running = f"python{platform.python_version_tuple()[0]}.{platform.python_version_tuple()[1]}"
    found = interpreters.find(_VERSION) or shutil.which(running)
    assert found is not None
    return Path(found)


def build(folder: Path) -> Artifacts:
    python = interpreter()
    arch = "arm64" if platform.machine() in {"aarch64", "arm64"} else "x86_64"
    place = REPOSITORY / "layers" / "platforms" / arch
    layers = {name: folder / f"layer-{name}" for name in ("runtime", "search")}
    for name, target in layers.items():
        _make(REPOSITORY / "layers" / name / "Makefile", place, target, python)
    _make(REPOSITORY / "src" / "Makefile", REPOSITORY / "src", folder / "code", python)
    _install(python, folder / "peer", "--requirements", str(PEER / "requirements.txt"))
    shutil.copy(PEER / "app.py", folder / "peer")
    for code in [*(folder / "peer").rglob("__pycache__")]:
        shutil.rmtree(code)
    _install(python, folder / "boto3", "boto3")
    _run([str(python), "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", str(folder / "boto3")])
    for path in folder.rglob("*"):
        os.utime(path, (_DATED_1980, _DATED_1980))
    return Artifacts(
        python=python,
        code=folder / "code",
        runtime=layers["runtime"] / "python",
        search=layers["search"] / "python",
        peer=folder / "peer",
        boto3=folder / "boto3",
    )


def _make(makefile: Path, place: Path, target: Path, python: Path) -> None:
    target.mkdir(parents=True)
    environment = {"ARTIFACTS_DIR": str(target), "LAMBDA_PYTHON": str(python), "PATH": os.environ["PATH"]}
    _run(["make", "--silent", "--makefile", str(makefile), "build-it"], place, environment)


def _install(python: Path, target: Path, *what: str) -> None:
    run_uv(
        ["pip", "install", "--quiet", "--target", str(target), "--python", str(python), *what], f"install {what[-1]}"
    )


def _run(command: list[str], place: Path | None = None, environment: dict[str, str] | None = None) -> None:
    subprocess.run(command, check=True, cwd=place, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 (ours)
