"""How far it is: a bar on a terminal, silence elsewhere. On stderr: stdout belongs to the report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class DlqProgress:
    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False)

    @contextmanager
    def looking(self) -> Iterator[None]:
        with self._console.status("Look through the dead-letter queues and the functions' logs"):
            yield

    @contextmanager
    def moving(self, title: str, letters: int) -> Iterator[Callable[[], None]]:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self._console, transient=True, disable=not self._console.is_terminal) as bar:
            task = bar.add_task(title, total=letters)
            yield lambda: bar.advance(task)
