"""`ai-marketplace local …`"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ops.local.places import DEFAULT_HOME

app = typer.Typer(no_args_is_help=True, help="The whole product on this machine, without AWS and without Meta.")

HomeOption = Annotated[
    Path, typer.Option("--home", envvar="AI_MARKETPLACE_HOME", help="The folder that holds the stack and its state.")
]


class Output(StrEnum):
    TABLE = "table"
    JSON = "json"


OutputOption = Annotated[Output, typer.Option("--output", help="For people, or for programs.")]


@app.command()
def up(  # noqa: PLR0913, PLR0917 (the options of one command)
    port: Annotated[
        int | None,
        typer.Option(envvar="AI_MARKETPLACE_PORT", help="Webhook, phone and Graph API. Default: as before, or 8080."),
    ] = None,
    aws_port: Annotated[
        int | None,
        typer.Option(envvar="AI_MARKETPLACE_AWS_PORT", help="The local AWS. Default: as before, or 4566."),
    ] = None,
    auth: Annotated[
        bool | None,
        typer.Option(help="Enforce the template's IAM policies. Default: as before, or not."),
    ] = None,
    model_url: Annotated[
        str | None,
        typer.Option(
            help="Of a server with OpenAI's chat completions, for Bedrock's models. Default: as before, or none."
        ),
    ] = None,
    model_id: Annotated[
        str | None, typer.Option(help="Its model that answers customers. Default: as before, or the rules alone.")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Start the local stack, or bring a running one up to date: deploys what has changed, keeps the state."""
    from ops.local.home import Home, Settings
    from ops.local.progress import Progress
    from ops.local.project import Project
    from ops.local.stack import Stack
    from ops.local.view import show_stack

    place = Home(home.resolve())
    asked = {"front_port": port, "aws_port": aws_port, "auth": auth, "model_url": model_url, "model_id": model_id}
    settings = (place.settings() or Settings()).model_copy(
        update={name: value for name, value in asked.items() if value is not None}
    )
    stack = Stack(place, Project(), Progress()).up(settings)
    if output is Output.JSON:
        print(stack.model_dump_json(indent=2))
    else:
        show_stack(stack)


@app.command()
def down(home: HomeOption = DEFAULT_HOME) -> None:
    """Stop the local stack. Its state is kept for the next `up`."""
    from ops.local.home import Home
    from ops.local.progress import Progress
    from ops.local.project import Project
    from ops.local.stack import Stack

    Stack(Home(home.resolve()), Project(), Progress()).down()


@app.command()
def status(home: HomeOption = DEFAULT_HOME, output: OutputOption = Output.TABLE) -> None:
    """Processes, stack, queues, sellers. Exit code 1 unless everything runs."""
    from ops.local.home import Home
    from ops.local.report import look
    from ops.local.view import show_report

    report = look(Home(home.resolve()))
    if output is Output.JSON:
        print(report.model_dump_json(indent=2))
    else:
        show_report(report)
    if not report.healthy:
        raise typer.Exit(1)


@app.command()
def reset(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Stop the local stack and wipe its state: every message, customer and secret in it."""
    from ops.local.home import Home
    from ops.local.progress import Progress
    from ops.local.project import Project
    from ops.local.stack import Stack

    if not yes:
        typer.confirm(f"Wipe the local stack in {home}?", abort=True)
    Stack(Home(home.resolve()), Project(), Progress()).reset()
