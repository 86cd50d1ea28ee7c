"""A rehearsal for people: what was said, and what would be, side by side."""

from __future__ import annotations

import re
import sys
from difflib import SequenceMatcher

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from ops.models.view import told_of_model
from ops.rehearse.rehearsing import Rehearsal

_WIDE = 140
_WORD = re.compile(r"\s+|\S+")


def show(rehearsal: Rehearsal) -> None:
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)
    table = Table("asked", "then", "now", "", title=rehearsal.conversation, show_lines=True)
    for turn in rehearsal.turns:
        then, now = _apart(turn.then, turn.now)
        table.add_row(escape(turn.asked), then, now, "=" if turn.same else "[yellow]≠[/yellow]")
    console.print(table)
    differ = sum(not turn.same for turn in rehearsal.turns)
    if rehearsal.model is not None:
        console.print(escape(told_of_model(rehearsal.model)))
    console.print(f"{len(rehearsal.turns)} answers, {differ} differ; nothing was sent or written")


def _apart(then: str, now: str) -> tuple[Text, Text]:
    """With those words marked that the other has not."""
    before, after = _WORD.findall(then), _WORD.findall(now)
    old, new = Text(), Text()
    for kind, start, end, from_, to in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        old.append("".join(before[start:end]), style="" if kind == "equal" else "red")
        new.append("".join(after[from_:to]), style="" if kind == "equal" else "green")
    return old, new
