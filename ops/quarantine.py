"""`ai-marketplace quarantine`: what the service kept because it belongs to no active tenant."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from ops.local.commands import HomeOption, Output, OutputOption
from ops.local.places import DEFAULT_HOME


def quarantine(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 50,
    table: Annotated[
        str | None,
        typer.Option(help="On AWS: the conversations table; credentials as the AWS CLI's. Default: the local one."),
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """List what belongs to no active seller: id, reason and time, never the content."""
    from adapters.dynamodb_quarantine import DynamoQuarantine
    from ops import stack_file
    from ops.local.aws import LocalAws

    if table is None:
        stack = stack_file.load(home.resolve())
        LocalAws(stack.aws_endpoint_url, stack.region).be_the_environments()
        table = stack.tables["conversations"]
    kept = DynamoQuarantine(table).newest(limit)
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
