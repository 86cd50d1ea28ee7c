"""`ai-marketplace rehearse`"""

from __future__ import annotations

from typing import Annotated

import typer

from ops.local.commands import HomeOption, Output, OutputOption
from ops.local.places import DEFAULT_HOME
from ops.models.options import ModelOption, ModelUrlOption, PersonaOption
from ops.target import StackNameOption


def rehearse(  # noqa: PLR0913, PLR0917 (the command's options)
    conversation: Annotated[str, typer.Argument(help="Its id: tenantId#customerId.")],
    persona: PersonaOption = None,
    model: ModelOption = None,
    model_url: ModelUrlOption = None,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Answer an old conversation again, behind the guard, and show the differences. Nothing is sent or written.

    Without a model, the seller's own is asked; the catalogue assistant where the seller has named none.
    """
    from ops import target
    from ops.models.standing_in import standing_in
    from ops.rehearse import view, wiring

    found = target.find(home, stack_name)
    with standing_in(model_url):
        rehearsal = wiring.rehearsed(found, conversation, model, persona)
    if output is Output.JSON:
        print(rehearsal.model_dump_json(indent=2))
    else:
        view.show(rehearsal)
