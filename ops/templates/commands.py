"""`ai-marketplace templates …`"""

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
    help="Message templates: what Meta has approved, as the product knows it. "
    "Exit codes: 0 done, 1 an account could not be read, 2 wrong use, 130 interrupted.",
)

TenantOption = Annotated[str | None, typer.Option("--tenant", help="Of this seller alone.")]

_INTERRUPTED = 130


@app.command()
def sync(  # noqa: PLR0913, PLR0917 (the options of a command)
    tenant: TenantOption = None,
    everyone: Annotated[bool, typer.Option("--all", help="Of every active seller.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")] = False,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Read the sellers' templates from Meta into the catalogue; what Meta has deleted goes.

    It may be run at any time, again, and beside webhooks: newer news is never undone.
    """
    from ops.templates import view, wiring

    if (tenant is None) is not everyone:
        raise typer.BadParameter("name a seller by --tenant, or give --all")
    report = wiring.synchroniser(home, stack_name).run(tenant, dry_run=dry_run)
    if not _print(report, output):
        view.show_synced(report)
    raise typer.Exit(_INTERRUPTED if report.interrupted else 0 if report.ok else 1)


@app.command("list")
def list_(
    tenant: TenantOption = None,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """The catalogue as it is: name, language, category, status, quality. Meta is not asked."""
    from ops.templates import view, wiring

    report = wiring.catalogue(home, stack_name, tenant)
    if not _print(report, output):
        view.show_list(report)


def _print(report: BaseModel, output: Output) -> bool:
    """For programs; False where a person reads."""
    if output is Output.JSON:
        print(report.model_dump_json(indent=2))
    return output is Output.JSON
