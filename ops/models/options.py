"""How a command is told which model to ask, and where."""

from __future__ import annotations

from typing import Annotated

import typer

ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model", help="Bedrock's model or inference profile. On AWS: with the AWS CLI's credentials and region."
    ),
]
ModelUrlOption = Annotated[
    str | None,
    typer.Option(
        "--model-url",
        help="Of a server with OpenAI's chat completions, to stand in for Bedrock behind a local AWS of its own.",
    ),
]
PersonaOption = Annotated[
    str | None, typer.Option("--persona", help="Who the model is to be, in place of the seller's.")
]
