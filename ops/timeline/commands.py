"""`ai-marketplace timeline`"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from ops.asking import asking_for
from ops.local.commands import HomeOption
from ops.local.places import DEFAULT_HOME
from ops.target import StackNameOption


class Form(StrEnum):
    MARKDOWN = "markdown"
    JSON = "json"


def timeline(
    limit: Annotated[int, typer.Option(min=1, help="How many operations, newest first.")] = 50,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: Annotated[Form, typer.Option("--output", help="As a page to keep, or for programs.")] = Form.MARKDOWN,
) -> None:
    """What was deployed when, and by which change: from the stack's own events and change sets."""
    from ops import target
    from ops.audit.clients import Clients
    from ops.timeline import history, view

    name = target.name_of_stack(home, stack_name)
    with asking_for(name):
        told = history.read(Clients()("cloudformation"), name)
    told.operations = told.operations[:limit]
    print(told.model_dump_json(indent=2) if output is Form.JSON else view.markdown(told))
