"""How far it is: a bar for each table on a terminal, silence elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from ops.migrate.sources import Source


class Bars:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}
        self._expected: dict[str, int] = {}

    def expect(self, sources: Sequence[Source]) -> None:
        self._expected = {source.table: source.items for source in sources}

    def told(self, table: str, rows: int) -> None:
        self._progress.start()
        if table not in self._tasks:
            self._tasks[table] = self._progress.add_task(table, total=self._expected.get(table) or None)
        self._progress.advance(self._tasks[table], rows)

    def stop(self) -> None:
        """Until there is more to tell: a question is asked on a quiet screen."""
        self._progress.stop()


@contextmanager
def bars() -> Iterator[Bars]:
    console = Console(stderr=True, highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    try:
        yield Bars(progress)
    finally:
        progress.stop()
