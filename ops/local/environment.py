"""ministack's own virtual environment: it pins another botocore than ours."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any

from ops.local import interpreters
from ops.local.places import DEFAULT_HOME, REPOSITORY
from ops.local.uv import run_uv

_GROUP = "ministack"
# Functions run in ministack's interpreter, whatever the template's Runtime. Where the machine has that very Python,
# ministack gets it, so that what `sam build` compiled can be imported.
_RUNTIME = "3.13"
_INTERPRETER = interpreters.find(_RUNTIME)
# One environment for every home: it depends on the repository's lock alone.
ENVIRONMENT = DEFAULT_HOME / "venvs" / (f"{_GROUP}-{_RUNTIME}" if _INTERPRETER else _GROUP)
PYTHON = ENVIRONMENT / "bin" / "python"
_STAMP = ENVIRONMENT / ".locked"


def is_current() -> bool:
    return PYTHON.exists() and _STAMP.exists() and _STAMP.read_text() == lock_fingerprint()


def refresh() -> None:
    run_uv(
        # Compiled now, ministack starts in half the time ever after.
        [
            *("sync", "--frozen", "--only-group", _GROUP, "--compile-bytecode"),
            *(("--python", str(_INTERPRETER)) if _INTERPRETER else ()),
        ],
        "install ministack",
        {"UV_PROJECT_ENVIRONMENT": str(ENVIRONMENT)},
    )
    _STAMP.write_text(lock_fingerprint())


def lock_fingerprint(lock_file: Path = REPOSITORY / "uv.lock") -> str:
    """Changes when a package that ministack's group needs changes, and not with any other package of the lock."""
    locked = tomllib.loads(lock_file.read_text())
    packages: dict[str, list[dict[str, Any]]] = {}
    for package in locked["package"]:
        packages.setdefault(package["name"], []).append(package)
    project = next(p for p in locked["package"] if _GROUP in p.get("dev-dependencies", {}))
    wanted = [dependency["name"] for dependency in project["dev-dependencies"][_GROUP]]
    seen: dict[str, list[str]] = {}
    while wanted:
        name = wanted.pop()
        if name not in seen:
            seen[name] = sorted(package["version"] for package in packages.get(name, []))
            wanted += [d["name"] for package in packages.get(name, []) for d in package.get("dependencies", [])]
    return hashlib.sha256(repr(sorted(seen.items())).encode()).hexdigest()
