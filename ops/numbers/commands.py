"""`ai-marketplace numbers …`"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ops.local.commands import HomeOption, Output, OutputOption
from ops.local.places import DEFAULT_HOME
from ops.target import StackNameOption

if TYPE_CHECKING:
    from pydantic import BaseModel

app = typer.Typer(
    no_args_is_help=True,
    help="The sellers' WhatsApp numbers: which of them can send, and why not. "
    "Exit codes: 0 done, 1 it could not be done, 2 wrong use.",
)


@app.command("list")
def list_(
    paused: Annotated[bool, typer.Option("--paused", help="Only those that are paused.")] = False,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Every number, whether it sends, and Meta's newest words on it."""
    from ops import target
    from ops.numbers import view, wiring
    from ops.numbers.report import ListReport, NumberReport

    rows = wiring.number_states(target.find(home, stack_name)).every_number()
    numbers = sorted(map(NumberReport.of, rows), key=lambda number: (number.tenant, number.phone_number_id))
    report = ListReport([number for number in numbers if number.paused_at or not paused])
    if not _print(report, output):
        view.show_list(report)


@app.command()
def resume(  # noqa: PLR0913, PLR0917 (the options of a command)
    phone_number_id: Annotated[str, typer.Argument(help="Meta's id of the number, as `numbers list` shows it.")],
    check: Annotated[bool, typer.Option("--check", help="Ask Meta first, which sends nothing.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept in the history.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and do nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Let a paused number send again. If Meta still refuses, the next message pauses it anew."""
    from ops import target
    from ops.numbers import view, wiring
    from ops.numbers.report import ResumeReport

    found = target.find(home, stack_name)
    desk = wiring.desk(found)
    number = desk.find(phone_number_id)
    is_paused = number.sending_pause is not None
    meta = desk.check(number, wiring.meta(found)) if check and is_paused else None
    if dry_run or not is_paused:
        report = ResumeReport.of(number, resumed=is_paused, dry_run=dry_run)
    else:
        if not yes:
            typer.confirm(f"Resume {phone_number_id} of {number.tenant.tenant_id}?", abort=True, err=True)
        report = desk.resume(number, reason)
    report = report.model_copy(update={"meta": meta})
    if not _print(report, output):
        view.show_resumed(report)
    raise typer.Exit(0 if report.resumed or not report.was_paused else 1)


def _print(report: BaseModel, output: Output) -> bool:
    """For programs; False where a person reads."""
    if output is Output.JSON:
        print(report.model_dump_json(indent=2))
    return output is Output.JSON
