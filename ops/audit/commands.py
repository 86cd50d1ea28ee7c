"""`ai-marketplace audit`"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ops.errors import OpsError
from ops.local.commands import HomeOption
from ops.local.places import DEFAULT_HOME, REPOSITORY
from ops.target import StackNameOption

if TYPE_CHECKING:
    from ops.audit.clients import Clients
    from ops.audit.report import StepReport


class Form(StrEnum):
    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"


FormOption = Annotated[Form, typer.Option("--output", help="For people, for programs, or as a page to keep.")]
TemplateOption = Annotated[Path, typer.Option("--template", help="What is declared. Default: the checkout's template.")]


def audit(  # noqa: PLR0913, PLR0917 (the options of a command)
    template: TemplateOption = REPOSITORY / "template.yaml",
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    smoke: Annotated[
        bool,
        typer.Option("--smoke", help="Also try it: marked rows, topics, one message. All of it is taken away again."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before --smoke writes to AWS.")] = False,
    output: FormOption = Form.TABLE,
) -> None:
    """Compare what is declared with what is deployed, asking each service itself. Without --smoke, changes nothing.

    Exit codes: 0 clean, 1 something was found or does not work, 2 it could not look at everything.
    """
    from ops import target
    from ops.audit import view
    from ops.audit.clients import Clients
    from ops.audit.report import NOT_LOOKED, report
    from ops.audit.survey import survey

    try:
        name, aws = target.name_of_stack(home, stack_name), Clients()
        found = report(survey(template, name, aws))
        if smoke:
            if stack_name and not yes:
                typer.confirm(_question(name), abort=True, err=True)
            found.tried = _try(home, stack_name, aws)
    except OpsError as error:
        print(f"error: {error.message}\n  {error.hint}", file=sys.stderr)
        raise typer.Exit(NOT_LOOKED) from error
    match output:
        case Form.JSON:
            print(found.model_dump_json(indent=2))
        case Form.MARKDOWN:
            print(view.markdown(found))
        case Form.TABLE:
            view.show(found)
    raise typer.Exit(found.exit_code)


def _question(stack_name: str) -> str:
    return (
        f"Write marked rows of a reserved tenant to every table of {stack_name}, and take them away again? "
        "Who subscribes to a topic without a filter hears of it."
    )


def _try(home: Path, stack_name: str | None, aws: Clients) -> list[StepReport]:
    from ops import target
    from ops.audit.report import StepReport
    from ops.dlq.stopping import stopped_by_signals
    from ops.smoke import wiring
    from ops.smoke.bench import State
    from ops.smoke.run import run

    try:
        with stopped_by_signals() as stopped:
            steps = run(wiring.bench(target.find(home, stack_name), home, aws, stopped))
    except OpsError as error:  # what was found before is told all the same
        return [StepReport(what="smoke test", name="begun", state=State.FAILS, detail=error.message)]
    return [StepReport.model_validate(step, from_attributes=True) for step in steps]
