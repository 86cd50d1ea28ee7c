"""Pythons of this machine other than our own."""

from __future__ import annotations

import os
from pathlib import Path


def find(version: str) -> Path | None:
    """`3.13` on PATH or among pyenv's. pyenv's shims run whatever pyenv is set to just now, so they do not count."""
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    folders += sorted(pyenv.glob(f"versions/{version}.*/bin"), reverse=True)
    found = (folder / f"python{version}" for folder in folders if folder.name != "shims")
    return next((python for python in found if os.access(python, os.X_OK)), None)
