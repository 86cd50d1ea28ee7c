"""The file beside the feed in which an import leaves its faulty rows."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from domain.faulty_rows import FaultyRowsCsv

if TYPE_CHECKING:
    from domain.import_catalogue import FaultyRow


class FaultsFile:
    """Made with the first faulty row; without any, a file of an earlier import is taken away."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._open = ExitStack()
        self._rows: FaultyRowsCsv | None = None

    def __enter__(self) -> Self:
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def add(self, faulty: FaultyRow) -> None:
        if self._rows is None:
            self._rows = FaultyRowsCsv(self._open.enter_context(self.path.open("w", encoding="utf-8-sig", newline="")))
        self._rows.add(faulty)
