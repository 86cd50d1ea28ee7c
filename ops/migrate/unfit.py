"""What cannot be transformed, with its reason and whole: one JSON a line, for its owner's eyes only."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

from ops.migrate.rows import Unfit


class UnfitFile:
    """Each entry once, whichever run of the migration meets it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._known = set(path.read_text(encoding="utf-8").splitlines()) if path.exists() else set[str]()

    @classmethod
    @contextmanager
    def anew(cls, path: Path) -> Iterator[Self]:
        """In place of the file, once all rows have been looked at: what has been mended is in it no longer."""
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        yield cls(fresh)
        if fresh.exists():
            fresh.replace(path)
        else:
            path.unlink(missing_ok=True)

    def add(self, table: str, key: Mapping[str, Any], row: Mapping[str, Any], unfit: Sequence[Unfit]) -> None:
        """On disk before this returns: what is counted as done afterwards is not lost."""
        lines = [_line(table, key, row, one) for one in unfit]
        with self._lock:
            new = [line for line in lines if line not in self._known]
            if not new:
                return
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write("".join(f"{line}\n" for line in new))
                file.flush()
                os.fsync(file.fileno())
            self._known.update(new)


def _line(table: str, key: Mapping[str, Any], row: Mapping[str, Any], unfit: Unfit) -> str:
    what: dict[str, Any] = {"message": unfit.part} if unfit.part is not None else {"row": row}
    told = {"table": table, "key": key, "reason": unfit.reason, **what}
    return json.dumps(told, default=_plain, sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return sorted(map(str, value)) if isinstance(value, (set, frozenset)) else value.hex()
