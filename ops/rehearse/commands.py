"""`ai-marketplace rehearse`"""

from __future__ import annotations

from typing import Annotated

import typer

from ops.local.commands import HomeOption, Output, OutputOption
from ops.local.places import DEFAULT_HOME
from ops.target import StackNameOption


def rehearse(
    conversation: Annotated[str, typer.Argument(help="Its id: tenantId#customerId.")],
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Answer an old conversation again, behind the guard, and show the differences. Nothing is sent or written."""
    from ops import target
    from ops.rehearse import view, wiring

    rehearsal = wiring.rehearsed(target.find(home, stack_name), conversation)
    if output is Output.JSON:
        print(rehearsal.model_dump_json(indent=2))
    else:
        view.show(rehearsal)
