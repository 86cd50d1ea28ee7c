"""`ai-marketplace evaluate`"""

from __future__ import annotations

from typing import Annotated

import typer

from ops.evaluate.run import AssistantName
from ops.local.commands import Output, OutputOption


def evaluate(
    assistant: Annotated[AssistantName, typer.Option(help="Which assistant is asked.")] = AssistantName.CATALOGUE,
    tenant: Annotated[str | None, typer.Option(help="The questions of this demo seller alone.")] = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Ask the assistant the demo sellers' questions, behind the guard. Exit code 1 below a threshold."""
    from ops.evaluate import run, view

    evaluation = run.evaluate(assistant, tenant)
    if output is Output.JSON:
        print(evaluation.model_dump_json(indent=2))
    else:
        view.show(evaluation)
    if not evaluation.ok:
        raise typer.Exit(1)
