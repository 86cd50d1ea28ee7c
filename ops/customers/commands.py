"""`ai-marketplace customers …`."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.customers import data_rights
from ops.customers.naming import CustomerIdOption, PhoneOption, TenantOption, UserIdOption, asked_for
from ops.local.commands import HomeOption, Output, OutputOption
from ops.local.places import DEFAULT_HOME
from ops.target import StackNameOption

app = typer.Typer(
    no_args_is_help=True,
    help="One customer of one seller: identities, merges, export and erasure. "
    "Exit codes: 0 done, 1 something is left or went wrong, 2 wrong use.",
)


@app.command()
def show(  # noqa: PLR0913, PLR0917 (the options of a command)
    tenant: TenantOption,
    phone: PhoneOption = None,
    user_id: UserIdOption = None,
    customer_id: CustomerIdOption = None,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """One customer: identities, who speaks for the seller, and what was merged. The table shows the ends of ids."""
    from ops.customers import view
    from ops.customers.desk import desk

    asked = asked_for(phone, user_id, customer_id)
    report = desk(home, stack_name).show(tenant, asked)
    if output is Output.JSON:
        print(report.model_dump_json(indent=2))
        return
    view.show_customer(report)


@app.command()
def unmerge(  # noqa: PLR0913, PLR0917 (the options of a command)
    tenant: TenantOption,
    customer_id: Annotated[
        str, typer.Option("--customer-id", help="Of the one who went into another, as `customers show` lists it.")
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
    report = here.rehearse(tenant, customer_id)
    if report.merged and not dry_run:
        if not yes:
            typer.confirm(view.question(report), abort=True, err=True)
        report = here.unmerge(tenant, customer_id, reason)
    if output is Output.JSON:
        print(report.model_dump_json(indent=2))
        return
    view.show_unmerged(report)


app.command()(data_rights.export)
app.command()(data_rights.erase)
