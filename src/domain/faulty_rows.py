"""The rows that were not stored, as CSV with line and reasons: mended there, the file can be imported itself."""

from __future__ import annotations

import csv
from typing import Any, TextIO

from domain.import_catalogue import FaultyRow
from domain.inert_cells import inert

MOST_ROWS = 10_000
"""Who has more faulty rows has one fault in all of them, and sees it in the first."""


class FaultyRowsCsv:
    """The first row decides about the columns; what another has beyond them stands in the last."""

    def __init__(self, file: TextIO) -> None:
        self._writer: Any = csv.writer(file)
        self._columns: tuple[str, ...] | None = None
        self._rows = 0

    def add(self, faulty: FaultyRow) -> None:
        self._rows += 1
        if self._rows > MOST_ROWS:
            return
        fields = faulty.row.fields
        if self._columns is None:
            self._columns = faulty.row.columns
            self._writer.writerow(["line", "reasons", *map(inert, self._columns), "more"])
        more = ", ".join(f"{name}: {value}" for name, value in fields.items() if name not in self._columns)
        cells = ("; ".join(faulty.reasons), *(fields.get(name, "") for name in self._columns), more)
        self._writer.writerow([faulty.row.line, *map(inert, cells)])
