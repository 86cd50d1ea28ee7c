"""The rows that were not stored, with line and reasons: mended in a spreadsheet, the file can be imported itself."""

from __future__ import annotations

import csv
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from domain.import_catalogue import FaultyRow

_MOST_ROWS = 10_000
"""Who has more faulty rows has one fault in all of them, and sees it in the first."""

# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class FaultsFile:
    """Made with the first faulty row; without any, a file of an earlier import is taken away."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._open = ExitStack()
        self._writer: Any = None
        self._columns: tuple[str, ...] = ()
        self._rows = 0

    def __enter__(self) -> Self:
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def add(self, faulty: FaultyRow) -> None:
        self._rows += 1
        if self._rows > _MOST_ROWS:
            return
        fields = faulty.row.fields
        if self._writer is None:
            self._columns = faulty.row.columns
            file = self._open.enter_context(self.path.open("w", encoding="utf-8-sig", newline=""))
            self._writer = csv.writer(file)
            self._writer.writerow(["line", "reasons", *map(_inert, self._columns), "more"])
        more = ", ".join(f"{name}: {value}" for name, value in fields.items() if name not in self._columns)
        cells = ("; ".join(faulty.reasons), *(fields.get(name, "") for name in self._columns), more)
        self._writer.writerow([faulty.row.line, *map(_inert, cells)])


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
