"""`ai-marketplace quarantine`: what the service kept because it belongs to no active tenant."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from ops.local.commands import HomeOption, Output, OutputOption
from ops.local.places import DEFAULT_HOME
from ops.target import StackNameOption


def quarantine(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 50,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """List what belongs to no active seller: id, reason and time, never the content."""
    from adapters.dynamodb_quarantine import DynamoQuarantine
    from ops import target

    found = target.find(home, stack_name)
    kept = DynamoQuarantine(found.tables["conversations"]).newest(limit)
    if output is Output.JSON:
        print(json.dumps(kept, indent=2))
        return
    _show(kept)


def _show(kept: list[dict[str, str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    if not kept:
        print("Nothing is in quarantine.")
        return
    shown = Table("received", "reason")
    shown.add_column("update", overflow="fold")
    for row in kept:
        shown.add_row(row["received_at"], row["reason"], row["update_id"])
    Console().print(shown)
