"""`ai-marketplace reconcile`"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from ops.local.commands import HomeOption, Output, OutputOption
from ops.local.places import DEFAULT_HOME
from ops.target import StackNameOption

_DAYS = 7


def reconcile(  # noqa: PLR0913, PLR0917 (the options of a command)
    tenant: Annotated[str | None, typer.Option(help="Of this seller alone.")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day, UTC. Default: a week ago.")
    ] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day, UTC. Default: today.")] = None,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """received = answered + escalated + recorded + pending + dead, per seller and day; what does not add up, by name.

    Months that lie whole in the window are compared with what was counted. Exit codes: 0 it adds up, 1 it does not.
    """
    from domain.tenants import TenantId
    from ops import target
    from ops.reconcile import view
    from ops.reconcile.looking import look
    from ops.reconcile.report import report_of

    last = until or datetime.now(UTC)
    first = since or last - timedelta(days=_DAYS - 1)
    window = (f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}")
    if window[0] > window[1]:
        raise typer.BadParameter("ends before it begins", param_hint="--until")
    books, months = look(target.find(home, stack_name), TenantId(tenant) if tenant else None, window)
    report = report_of(books, months, window)
    if output is Output.JSON:
        print(report.model_dump_json(indent=2))
    else:
        view.show(report)
    raise typer.Exit(0 if report.adds_up else 1)
