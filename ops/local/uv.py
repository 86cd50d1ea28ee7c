"""The package installer that `make setup` puts beside our interpreter."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from ops.errors import ToolError
from ops.local.places import REPOSITORY

_LINES_SHOWN = 8


def uv_binary() -> Path:
    beside = Path(sys.executable).parent / "uv"
    if beside.exists():
        return beside
    on_path = shutil.which("uv")
    if on_path is None:
        raise ToolError("uv is not installed", "run `make setup`")
    return Path(on_path)


def run_uv(arguments: Sequence[str], purpose: str, environment: Mapping[str, str] | None = None) -> None:
    """In the repository, quiet unless it fails."""
    finished = subprocess.run(  # noqa: S603 - a known program, no shell, arguments made by us
        [str(uv_binary()), *arguments],
        # An active virtual environment of the caller's is not the one that we write to.
        env={**{k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}, **(environment or {})},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode != 0:
        words = "\n  ".join(finished.stderr.strip().splitlines()[-_LINES_SHOWN:])
        raise ToolError(
            f"uv could not {purpose}:\n  {words}", "a first run needs the package index (or a warm uv cache)"
        )
