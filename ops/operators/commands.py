"""`ai-marketplace operators …`"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ops.local.commands import HomeOption, Output, OutputOption
from ops.local.places import DEFAULT_HOME
from ops.target import StackNameOption

if TYPE_CHECKING:
    from pathlib import Path

    from ops.operators.desk import Desk, OperatorReport

app = typer.Typer(
    no_args_is_help=True,
    help="Who operates the marketplace: log-ins to the operator's pages. "
    "Exit codes: 0 done, 1 it could not be done, 2 wrong use.",
)

EmailArgument = Annotated[str, typer.Argument(help="The e-mail address with which they log in.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and do nothing.")]


@app.command("list")
def list_(
    stack_name: StackNameOption = None, home: HomeOption = DEFAULT_HOME, output: OutputOption = Output.TABLE
) -> None:
    """Every operator."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    report = _desk(home, stack_name).everybody()
    if output is Output.JSON:
        print(report.model_dump_json(indent=2))
        return
    table = Table("e-mail", "name", "since", "subject")
    for one in report.root:
        table.add_row(one.email, escape(one.name), one.since or "invite again", one.subject)
    Console(highlight=False, width=None if sys.stdout.isatty() else 160).print(table)


@app.command()
def invite(  # noqa: PLR0913, PLR0917 (the options of a command)
    email: EmailArgument,
    name: Annotated[str, typer.Option("--name", help="As others see it: in the audit trail, and above the pages.")],
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Let somebody operate the marketplace. Cognito sends them a password for their first log-in."""
    desk = _desk(home, stack_name)
    if dry_run:
        print(f"{email} would be invited to operate the marketplace.")
        return
    if not yes:
        typer.confirm(f"Let {email} operate the marketplace, all of its tenants?", abort=True, err=True)
    _tell(desk.invite(email, name), "is an operator", output)


@app.command()
def remove(  # noqa: PLR0913, PLR0917 (the options of a command)
    email: EmailArgument,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Let somebody operate it no more; at once, whatever they are logged in to."""
    desk = _desk(home, stack_name)
    if dry_run:
        print(f"{email} would operate the marketplace no more.")
        return
    if not yes:
        typer.confirm(f"Let {email} operate the marketplace no more?", abort=True, err=True)
    _tell(desk.remove(email), "is no operator any more", output)


def _desk(home: Path, stack_name: str | None) -> Desk:
    from ops import target
    from ops.operators import wiring

    return wiring.desk(target.find(home, stack_name))


def _tell(report: OperatorReport, what: str, output: Output) -> None:
    print(report.model_dump_json(indent=2) if output is Output.JSON else f"{report.email} {what}.")
