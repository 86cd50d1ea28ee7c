"""`ai-marketplace dlq …`"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from adapters.dead_letters.queues import QueueName
from ops.local.commands import HomeOption, Output, OutputOption
from ops.local.places import DEFAULT_HOME
from ops.target import StackNameOption

if TYPE_CHECKING:
    from pydantic import BaseModel

    from ops.dlq.report import MoveReport

app = typer.Typer(
    no_args_is_help=True,
    help="What the functions could not do: look at it, put it back to work, or take it away. "
    "Exit codes: 0 done, 1 something is left that could not be done, 2 wrong use, 130 interrupted.",
)

QueueOption = Annotated[QueueName | None, typer.Option("--queue", help="Of this queue alone.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and do nothing.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
FingerprintArgument = Annotated[str, typer.Argument(help="Of a group, as `dlq list` shows it.")]

_INTERRUPTED = 130


@app.command("list")
def list_(
    queue: QueueOption = None,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """The dead letters, grouped by cause."""
    from ops.dlq import view, wiring
    from ops.dlq.report import list_report

    desk = wiring.desk(wiring.find(home, stack_name), queue)
    found, groups = desk.look()
    report = list_report(found, groups, desk.tenants)
    if not _print(report, output):
        view.show_list(report)


@app.command()
def show(
    fingerprint: FingerprintArgument,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """The letters of one group: whose, how old, why; never what a customer wrote, nor their number."""
    from datetime import UTC, datetime

    from ops.dlq import view, wiring
    from ops.dlq.desk import Order
    from ops.dlq.report import show_report

    desk = wiring.desk(wiring.find(home, stack_name))
    found, groups = desk.look()
    desk.concerned(found, Order("show", fingerprint))
    group = next(group for group in groups if group.fingerprint == fingerprint)
    report = show_report(group, desk.tenants, datetime.now(UTC))
    if not _print(report, output):
        view.show_group(report)


@app.command()
def redrive(  # noqa: PLR0913, PLR0917 (the options of a command)
    fingerprint: Annotated[str | None, typer.Argument(help="Of a group, as `dlq list` shows it; or --all.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every letter.")] = False,
    queue: QueueOption = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many letters.")] = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Put letters back to work, in each customer's order.

    Nothing is counted or answered twice. A reply too late for the 24-hour window goes to a person instead.
    """
    from ops.dlq import wiring
    from ops.dlq.desk import Order

    if (fingerprint is None) is not everything:
        raise typer.BadParameter("name a FINGERPRINT, or give --all")
    target = wiring.find(home, stack_name)
    desk, act = wiring.desk(target, queue), wiring.redriving(target)
    order = Order("redrive", fingerprint, limit)
    found, _ = desk.look()
    if dry_run or not yes:
        rehearsal = desk.rehearse(found, order, act)
        _confirm_or_end(rehearsal, output, dry_run=dry_run)
    _end(desk.carry_out(found, order, act), output)


@app.command()
def discard(  # noqa: PLR0913, PLR0917 (the options of a command)
    fingerprint: FingerprintArgument,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the letters and in the history.")],
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Take a group's letters away for good. Each is kept whole in the quarantine, for 90 days."""
    from ops.dlq import wiring
    from ops.dlq.desk import Order

    if not reason.strip():
        raise typer.BadParameter("say why", param_hint="--reason")
    target = wiring.find(home, stack_name)
    desk, order = wiring.desk(target), Order("discard", fingerprint, reason=reason)
    found, _ = desk.look()
    if dry_run or not yes:
        _confirm_or_end(desk.rehearse(found, order, None), output, dry_run=dry_run)
    _end(desk.carry_out(found, order, wiring.discarding(target, reason, found.causes.why)), output)


@app.command()
def history(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 50,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Who redrove and discarded what, and when."""
    from ops.dlq import view, wiring
    from ops.dlq.report import HistoryReport, history_entry

    actions = wiring.operator_log(wiring.find(home, stack_name)).newest(limit)
    report = HistoryReport([history_entry(action) for action in actions])
    if not _print(report, output):
        view.show_history(report)


def _confirm_or_end(rehearsal: MoveReport, output: Output, *, dry_run: bool) -> None:
    from ops.dlq import view

    if dry_run:
        _end(rehearsal, output)
    if rehearsal.counts:
        typer.confirm(view.question(rehearsal), abort=True, err=True)


def _end(report: MoveReport, output: Output) -> None:
    from ops.dlq import view

    if not _print(report, output):
        view.show_moved(report)
    raise typer.Exit(_INTERRUPTED if report.interrupted else 0 if report.ok else 1)


def _print(report: BaseModel, output: Output) -> bool:
    """For programs; False where a person reads."""
    if output is Output.JSON:
        print(report.model_dump_json(indent=2))
    return output is Output.JSON
