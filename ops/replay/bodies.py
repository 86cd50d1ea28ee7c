"""The files that hold webhook bodies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ops.errors import OpsError

_OF_LAMBDA = "lambda"
"""Events of Lambda's own form, for `sam local invoke`: no bodies of Meta's."""


@dataclass(frozen=True, slots=True)
class Body:
    name: str
    content: bytes


def read(paths: Iterable[Path]) -> list[Body]:
    """Files as they are named; of folders every `*.json` in them, however deep. Each file once."""
    found = {file.resolve(): name for path in paths for file, name in _files(path)}
    if not found:
        raise OpsError("there is nothing to replay", "name files, or folders that hold *.json")
    return [Body(name, file.read_bytes()) for file, name in found.items()]


def _files(path: Path) -> Iterator[tuple[Path, str]]:
    if path.is_file():
        yield path, path.name
        return
    if not path.is_dir():
        raise OpsError(f"{path} does not exist")
    for file in sorted(path.rglob("*.json")):
        inside = file.relative_to(path)
        if file.is_file() and _OF_LAMBDA not in inside.parts[:-1]:
            yield file, str(inside)
