"""A rehearsal for people: what was said, and what would be, side by side."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ops.rehearse.rehearsing import Rehearsal

_WIDE = 140


def show(rehearsal: Rehearsal) -> None:
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)
    table = Table("asked", "then", "now", "", title=rehearsal.conversation, show_lines=True)
    for turn in rehearsal.turns:
        mark = "=" if turn.same else "[yellow]≠[/yellow]"
        table.add_row(escape(turn.asked), escape(turn.then), escape(turn.now), mark)
    console.print(table)
    differ = sum(not turn.same for turn in rehearsal.turns)
    console.print(f"{len(rehearsal.turns)} answers, {differ} differ; nothing was sent or written")
