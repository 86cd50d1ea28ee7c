"""`ai-marketplace audit`"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ops.errors import OpsError
from ops.local.commands import HomeOption
from ops.local.places import DEFAULT_HOME, REPOSITORY
from ops.target import StackNameOption


class Form(StrEnum):
    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"


FormOption = Annotated[Form, typer.Option("--output", help="For people, for programs, or as a page to keep.")]
TemplateOption = Annotated[Path, typer.Option("--template", help="What is declared. Default: the checkout's template.")]


def audit(
    template: TemplateOption = REPOSITORY / "template.yaml",
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: FormOption = Form.TABLE,
) -> None:
    """Compare what is declared with what is deployed, asking each service itself. Changes nothing.

    Exit codes: 0 clean, 1 something was found, 2 it could not look at everything.
    """
    from ops import target
    from ops.audit import view
    from ops.audit.clients import Clients
    from ops.audit.report import NOT_LOOKED, report
    from ops.audit.survey import survey

    try:
        found = report(survey(template, target.find(home, stack_name).stack_name, Clients()))
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
