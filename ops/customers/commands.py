"""`ai-marketplace customers …`"""

from __future__ import annotations

from typing import Annotated

import typer

from ops.local.commands import HomeOption, Output, OutputOption
from ops.local.places import DEFAULT_HOME
from ops.target import StackNameOption

app = typer.Typer(
    no_args_is_help=True,
    help="Who is known by which identities, and which customers were found to be one. "
    "Exit codes: 0 done, 1 it could not be done, 2 wrong use.",
)

TenantArgument = Annotated[str, typer.Argument(help="The seller's id.")]


@app.command()
def show(
    tenant: TenantArgument,
    who: Annotated[str, typer.Argument(help="A customer id, of former customers too; a phone number; or a user id.")],
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """One customer: identities, who speaks for the seller, and what was merged. The table shows the ends of ids."""
    from ops.customers import view
    from ops.customers.desk import desk

    report = desk(home, stack_name).show(tenant, who)
    if output is Output.JSON:
        print(report.model_dump_json(indent=2))
        return
    view.show_customer(report)


@app.command()
def unmerge(  # noqa: PLR0913, PLR0917 (the options of a command)
    tenant: TenantArgument,
    former: Annotated[
        str, typer.Argument(help="The customer id that went into another, as `customers show` lists it.")
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept in the operators' history.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and do nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Make two customers again of two who were merged. What came since stays with the one who survived.

    They are not merged again, whatever messages tell. Run twice, it does nothing the second time.
    """
    from ops.customers import view
    from ops.customers.desk import desk

    if not reason.strip():
        raise typer.BadParameter("say why", param_hint="--reason")
    here = desk(home, stack_name)
    report = here.rehearse(tenant, former)
    if report.merged and not dry_run:
        if not yes:
            typer.confirm(view.question(report), abort=True, err=True)
        report = here.unmerge(tenant, former, reason)
    if output is Output.JSON:
        print(report.model_dump_json(indent=2))
        return
    view.show_unmerged(report)
