"""`ai-marketplace doctor`"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from domain.errors import MarketplaceError
from ops.errors import OpsError
from ops.local.commands import HomeOption, Output, OutputOption
from ops.local.places import DEFAULT_HOME
from ops.target import StackNameOption


def doctor(
    tenant: Annotated[str | None, typer.Option("--tenant", help="Of this seller alone.")] = None,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Ask Meta and the secrets what ails the deployment, and say what to do about it. Sends and changes nothing.

    Exit codes: 0 healthy, 1 something is ill, 2 wrong use, or something could not be asked.
    """
    from ops.doctor import view, wiring
    from ops.doctor.examination import examine
    from ops.doctor.report import NOT_ASKED

    try:
        report = examine(wiring.patient(home, stack_name, tenant), tenant)
    except OpsError as error:
        print(f"error: {error.message}\n  {error.hint}", file=sys.stderr)
        raise typer.Exit(NOT_ASKED) from error
    except MarketplaceError as error:
        print(f"error: {error}", file=sys.stderr)
        raise typer.Exit(NOT_ASKED) from error
    if output is Output.JSON:
        print(report.model_dump_json(indent=2))
    else:
        view.show(report)
    raise typer.Exit(report.exit_code)
