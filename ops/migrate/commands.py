"""`ai-marketplace migrate …`"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ops.local.commands import HomeOption, Output, OutputOption
from ops.local.places import DEFAULT_HOME
from ops.target import StackNameOption

if TYPE_CHECKING:
    from pydantic import BaseModel

    from ops.migrate.desk import Migration
    from ops.migrate.progress import Bars
    from ops.migrate.wiring import Outputs

app = typer.Typer(
    no_args_is_help=True,
    help="From the tables of the earlier system into this one, while both are at work. "
    "Exit codes: 0 done, 1 something is left or does not agree, 2 wrong use, 130 interrupted: run it again.",
)

FolderOption = Annotated[Path, typer.Option(help="For the list of what is unfit, and for the comparison.")]
PrefixOption = Annotated[str, typer.Option("--legacy-prefix", help="How the legacy tables' names begin.")]
RateOption = Annotated[float, typer.Option("--rate", min=1, help="At most so many rows a second, read or written.")]

_FOLDER = Path(".local/migration")
_PREFIX = "ai-marketplace"
_RATE = 1000.0
_SEGMENTS = 4
_INTERRUPTED = 130


@app.command()
def plan(
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    prefix: PrefixOption = _PREFIX,
    output: OutputOption = Output.TABLE,
) -> None:
    """What there is to migrate, how far it is, and each step: what the commands do, and what to do at Meta."""
    from ops.migrate import view
    from ops.migrate.report import plan_of

    with _session(stack_name, home, prefix) as session:
        report = plan_of(session.migration, session.stack_name, session.outputs)
    if not _print(report, output):
        view.show_plan(report)


@app.command()
def run(  # noqa: PLR0913, PLR0917 (the options of a command)
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Transform every row, write none.")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Everything from the beginning: something of the deployment was mended.")
    ] = False,
    rate: RateOption = _RATE,
    segments: Annotated[int, typer.Option(min=1, max=64, help="Of each table, copied at once. Of the first run.")] = (
        _SEGMENTS
    ),
    streams: Annotated[
        bool,
        typer.Option(help="Read what is written meanwhile from the tables' streams, else by copying again."),
    ] = True,
    folder: FolderOption = _FOLDER,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    prefix: PrefixOption = _PREFIX,
    output: OutputOption = Output.TABLE,
) -> None:
    """Copy what is not copied yet, and what has been written since. Safe to kill and to run again."""
    import time

    from ops.migrate import view
    from ops.migrate.report import run_report

    began = time.monotonic()
    chosen = {"rows_per_second": rate, "segments": segments, "streams": streams}
    with _session(stack_name, home, prefix, folder=folder, **chosen) as session:
        migration = session.migration
        if dry_run:
            counts = migration.dry_run()
        else:
            migration.run(again=again)
            counts = migration.counts()
        report = run_report(counts, migration.pace.throttled, migration.unfit.path, time.monotonic() - began)
    report.dry_run = dry_run
    if not _print(report, output):
        view.show_run(report)


@app.command()
def verify(  # noqa: PLR0913, PLR0917 (the options of a command)
    rate: RateOption = _RATE * 10,
    folder: FolderOption = _FOLDER,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    prefix: PrefixOption = _PREFIX,
    output: OutputOption = Output.TABLE,
) -> None:
    """Count and sum up both sides; writes nothing but what the streams still have to tell."""
    from ops.migrate import view

    with _session(stack_name, home, prefix, folder=folder, rows_per_second=rate) as session:
        verdict = session.migration.verify()
    if not _print(verdict, output):
        view.show_verdict(verdict)
    raise typer.Exit(0 if verdict.passed else 1)


@app.command()
def cutover(  # noqa: PLR0913, PLR0917 (the options of a command)
    webhook_switched: Annotated[
        bool, typer.Option("--webhook-switched", help="Meta calls the new system already: do not ask.")
    ] = False,
    fence: Annotated[bool, typer.Option(help="Close the legacy tables to writes.")] = True,
    undo: Annotated[bool, typer.Option("--undo", help="Open them again, and forget the cutover.")] = False,
    quiet_seconds: Annotated[
        float, typer.Option(min=0, help="How long the earlier system must have written nothing.")
    ] = 60.0,
    folder: FolderOption = _FOLDER,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    prefix: PrefixOption = _PREFIX,
    output: OutputOption = Output.TABLE,
) -> None:
    """Leave the earlier system, once Meta calls the new one. Refuses unless a verification has just passed."""
    from ops.migrate import cutting_over, view

    with _session(stack_name, home, prefix, folder=folder) as session:
        migration = session.migration
        if undo:
            cutting_over.undo(migration)
            view.show_undone()
            return
        cutting_over.check(migration)
        if not webhook_switched:
            view.show_what_to_do_at_meta(session.outputs)
            typer.confirm("Does Meta call the new URL?", abort=True, err=True)
        verdict = cutting_over.cut_over(migration, quiet_seconds=quiet_seconds, fenced=fence, step=view.show_step)
    if not _print(verdict, output):
        view.show_cut_over(verdict)
    raise typer.Exit(0 if verdict.passed else 1)


@app.command()
def cleanup(  # noqa: PLR0913, PLR0917 (the options of a command)
    tables: Annotated[list[str] | None, typer.Argument(help="Legacy tables. Default: all of them.")] = None,
    unfit_seen: Annotated[bool, typer.Option("--unfit-seen", help="What could not be transformed may go too.")] = False,
    backup: Annotated[bool, typer.Option(help="Take an on-demand backup of each first.")] = True,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; the tables must be named.")] = False,
    folder: FolderOption = _FOLDER,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    prefix: PrefixOption = _PREFIX,
    output: OutputOption = Output.TABLE,
) -> None:
    """Delete the legacy tables: after a cutover and one more comparison, each by its typed name."""
    from ops.migrate import cleaning, view

    if yes and not tables:
        raise typer.BadParameter("name the tables that --yes is about", param_hint="TABLES")
    with _session(stack_name, home, prefix, folder=folder) as session:
        names = {source.table: source for source in session.migration.sources}
        unknown = set(tables or ()) - names.keys()
        if unknown:
            raise typer.BadParameter(f"no legacy table: {', '.join(sorted(unknown))}", param_hint="TABLES")
        cleaning.check(session.migration, unfit_seen=unfit_seen)
        session.bars.stop()
        for table in tables or list(names):
            if not yes and typer.prompt(f"Type {table} to delete it", default="", err=True) != table:
                view.show_kept(table)
                continue
            deleted = cleaning.delete(names[table], backed_up=backup)
            if not _print(deleted, output):
                view.show_deleted(deleted)


@dataclass(frozen=True, slots=True)
class _Session:
    migration: Migration
    outputs: Outputs
    stack_name: str
    bars: Bars


@contextmanager
def _session(stack_name: str | None, home: Path, prefix: str, **chosen: object) -> Iterator[_Session]:
    """With a bar, and stopped between two pages by Ctrl-C."""
    from ops import target
    from ops.dlq.stopping import stopped_by_signals
    from ops.migrate import wiring
    from ops.migrate.copying import StoppedError
    from ops.migrate.desk import Settings
    from ops.migrate.progress import bars

    found = target.find(home, stack_name)
    usual = {
        "folder": _FOLDER,
        "rows_per_second": _RATE,
        "segments": _SEGMENTS,
        "streams": True,
    }
    settings = Settings(legacy_prefix=prefix, **(usual | chosen))  # type: ignore[arg-type]  # as the options say
    with stopped_by_signals() as stopped, bars() as moved:
        migration = wiring.migration(found, settings, stopped, moved.told)
        moved.expect(migration.sources)
        try:
            yield _Session(migration, wiring.outputs(found), found.stack_name, moved)
        except StoppedError:
            moved.stop()
            typer.echo("Stopped. Run it again: it goes on where it ended.", err=True)
            raise typer.Exit(_INTERRUPTED) from None


def _print(report: BaseModel, output: Output) -> bool:
    """For programs; False where a person reads."""
    if output is Output.JSON:
        print(report.model_dump_json(indent=2))
    return output is Output.JSON
