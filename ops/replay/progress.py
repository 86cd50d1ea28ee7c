"""How far a replay is: bars on a terminal, silence elsewhere. On stderr: stdout belongs to the report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ops.outcomes.settling import Watch
from ops.outcomes.states import FinalState, ItemOutcome


class ReplayProgress:
    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False)

    @contextmanager
    def posting(self, bodies: int) -> Iterator[Callable[[], None]]:
        with self._bar() as bar:
            task = bar.add_task("Post the bodies", total=bodies)
            yield lambda: bar.advance(task)

    @contextmanager
    def settling(self, items: int) -> Iterator[Watch]:
        with self._bar() as bar:
            task = bar.add_task("Wait for the functions", total=items)

            def watch(outcomes: Sequence[ItemOutcome]) -> None:
                bar.update(task, completed=sum(outcome.state is not FinalState.PENDING for outcome in outcomes))

            yield watch

    @contextmanager
    def searching_logs(self) -> Iterator[None]:
        with self._bar() as bar:
            bar.add_task("Search the logs", total=None)
            yield

    def _bar(self) -> Progress:
        return Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
