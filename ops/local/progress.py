"""Steps with the time that each took: a spinner on a terminal, one plain line per step elsewhere."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.status import Status


class Step:
    def __init__(self, title: str, spinner: Status | None) -> None:
        self._title = title
        self._spinner = spinner
        self.outcome = ""

    def note(self, text: str) -> None:
        """What stands behind the title when the step has ended."""
        self.outcome = text

    def at(self, text: str) -> None:
        """What the step is doing just now; seen on a terminal only."""
        if self._spinner is not None:
            self._spinner.update(f"{escape(self._title)} [dim]{escape(text)}[/dim]")


class Progress:
    """Writes to stderr: stdout belongs to what a command returns."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True, highlight=False, soft_wrap=True)

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        started = time.perf_counter()
        try:
            if self.console.is_terminal:
                with self.console.status(escape(title)) as spinner:
                    step = Step(title, spinner)
                    yield step
            else:
                step = Step(title, None)
                yield step
        except BaseException:
            self._line("[red]failed[/red]", title, "", started)
            raise
        self._line("[green]ok[/green]    ", title, step.outcome, started)

    def _line(self, mark: str, title: str, outcome: str, started: float) -> None:
        seconds = time.perf_counter() - started
        suffix = f": {escape(outcome)}" if outcome else ""
        self.console.print(f"{mark} {escape(title)}{suffix} [dim]({seconds:.1f} s)[/dim]")
