"""`ai-marketplace evaluate`"""

from __future__ import annotations

from typing import Annotated

import typer

from ops.errors import OpsError
from ops.evaluate.names import AssistantName
from ops.local.commands import Output, OutputOption
from ops.models.options import ModelOption, ModelUrlOption, PersonaOption


def evaluate(  # noqa: PLR0913, PLR0917 (the command's options)
    assistant: Annotated[AssistantName, typer.Option(help="Which assistant is asked.")] = AssistantName.CATALOGUE,
    model: ModelOption = None,
    model_url: ModelUrlOption = None,
    persona: PersonaOption = None,
    tenant: Annotated[str | None, typer.Option(help="The questions of this demo seller alone.")] = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Ask the assistant the demo sellers' questions, behind the guard. Exit code 1 below a threshold."""
    from ops.evaluate import run, view
    from ops.models.standing_in import standing_in

    if (assistant is AssistantName.BEDROCK) != (model is not None):
        raise OpsError("--assistant bedrock and --model go together")
    if model is None and (model_url or persona):
        raise OpsError("--model-url and --persona are a model's: name it with --model")
    candidate = run.Candidate(assistant, model or "", persona)
    with standing_in(model_url):
        evaluation = run.evaluate(candidate, tenant)
    if output is Output.JSON:
        print(evaluation.model_dump_json(indent=2))
    else:
        view.show(evaluation)
    if not evaluation.ok:
        raise typer.Exit(1)
