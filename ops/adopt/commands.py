"""`ai-marketplace adopt`"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ops.audit.commands import TemplateOption
from ops.dlq.commands import DryRunOption, YesOption
from ops.local.commands import HomeOption, Output, OutputOption
from ops.local.places import DEFAULT_HOME, REPOSITORY
from ops.target import StackNameOption

_REFUSED = 1


def adopt(  # noqa: PLR0913, PLR0917 (the options of a command)
    parameters: Annotated[
        str, typer.Option("--parameters", help="Of a stack that is not there yet: `Key=Value …`, as in samconfig.toml.")
    ] = "",
    template: TemplateOption = REPOSITORY / "template.yaml",
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Bring what was made by hand under the stack, as it is. Nothing of it is changed, and nothing else is touched.

    Exit codes: 0 nothing is left outside, 1 something cannot be adopted. Deploy afterwards.
    """
    from ops import target
    from ops.adopt import view
    from ops.adopt.adopting import carry_out, draw_up
    from ops.adopt.report import report
    from ops.audit.clients import Clients
    from ops.local.project import parse_overrides

    aws = Clients()
    name = target.name_of_stack(home, stack_name)
    stack, plan = draw_up(Path(template), name, parse_overrides(parameters), aws)
    told = report(name, plan, new_stack=not stack.resources, done=False)
    if output is Output.TABLE:
        view.show(told)
    if plan.adoptions and not dry_run:
        if not yes:
            typer.confirm(view.question(told), abort=True, err=True)
        carry_out(stack, plan, aws)
        told = report(name, plan, new_stack=not stack.resources, done=True)
        if output is Output.TABLE:
            view.show(told)
    if output is Output.JSON:
        print(told.model_dump_json(indent=2))
    raise typer.Exit(_REFUSED if plan.refusals else 0)
