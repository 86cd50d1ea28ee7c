"""`ai-marketplace logs`"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from ops.local.commands import HomeOption, Output, OutputOption
from ops.local.places import DEFAULT_HOME
from ops.target import StackNameOption

if TYPE_CHECKING:
    from ops.logs.related import Related
    from ops.target import Target

_SPAN = re.compile(r"(\d{1,4})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def logs(  # noqa: PLR0913, PLR0917 (the options of a command)
    message: Annotated[
        str, typer.Option("--message", help="WhatsApp's id of a message: its way through all functions.")
    ] = "",
    tail: Annotated[bool, typer.Option("--tail", help="Go on with what comes, until Ctrl-C.")] = False,
    since: Annotated[str, typer.Option(help="How far to look back: 90s, 15m, 6h, 2d.")] = "15m",
    function: Annotated[list[str] | None, typer.Option(help="Of this function alone; may be given again.")] = None,
    level: Annotated[list[str] | None, typer.Option(help="Of this level alone; may be given again.")] = None,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """What the functions logged, in the order of time. With --message: also what became of its reply at Meta."""
    from ops import target
    from ops.logs.lines import Tail, as_json, chosen
    from ops.logs.view import show

    begin = datetime.now(UTC) - _span(since)
    found = target.find(home, stack_name)
    try:
        functions = chosen(found.functions, function or ())
    except KeyError as error:
        known = ", ".join(sorted(found.functions))
        raise typer.BadParameter(f"there is none named {error.args[0]}: {known}", param_hint="--function") from None
    levels = {one.upper() for one in level or ()}
    lines = Tail(functions, _ids(found, message) if message else tuple, levels)
    try:
        for line in lines.follow(begin) if tail else lines.since(begin):
            print(as_json(line) if output is Output.JSON else show(line), flush=True)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def _ids(found: Target, message: str) -> Related:
    from adapters.dynamodb_tenant_list import tenant_ids
    from ops.logs.related import Related
    from ops.outcomes.rows import DynamoRows

    return Related(message, list(tenant_ids(found.tables["tenants"])), DynamoRows(), found.tables["conversations"])


def _span(text: str) -> timedelta:
    matched = _SPAN.fullmatch(text)
    if matched is None:
        raise typer.BadParameter("is no span: 90s, 15m, 6h, 2d", param_hint="--since")
    return timedelta(**{_UNITS[matched[2]]: int(matched[1])})
