"""`ai-marketplace catalogue …`"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ops.local.commands import HomeOption, Output, OutputOption
from ops.local.places import DEFAULT_HOME
from ops.target import StackNameOption

app = typer.Typer(no_args_is_help=True, help="What a seller has to offer.")

_INTERRUPTED = 130


@app.command("import")
def import_(  # noqa: PLR0913, PLR0917 (the options of a command)
    file: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            readable=True,
            help="CSV, TSV or JSON lines, as for Meta's or Google's catalogues.",
        ),
    ],
    tenant: Annotated[str, typer.Option(help="The seller's id.")],
    delete_missing: Annotated[
        bool, typer.Option("--delete-missing", help="Delete the products that the file lacks; asks before it does.")
    ] = False,
    errors: Annotated[
        Path | None, typer.Option(help="Where to write the faulty rows. Default: beside the file, as FILE.errors.csv.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every row, store nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Store a seller's products from a file; faulty rows go to a file of their own, with line and reason.

    Safe to interrupt and to run again. Exit codes: 0 every row is stored, 1 some are not, 2 wrong use, 130 interrupted.
    """
    from ops import target
    from ops.catalogue import importing, view

    found = target.find(home, stack_name)
    order = importing.Order(
        file=file,
        tenant=tenant,
        errors=errors or file.with_name(f"{file.name}.errors.csv"),
        delete_missing=delete_missing,
        dry_run=dry_run,
        confirmed=yes,
    )
    try:
        result = importing.run(order, found.tables)
    except KeyboardInterrupt:
        view.show_interrupted()
        raise typer.Exit(_INTERRUPTED) from None
    if output is Output.JSON:
        print(result.model_dump_json(indent=2))
    else:
        view.show(result)
    if not result.complete:
        raise typer.Exit(1)


@app.command()
def reindex(
    tenant: Annotated[str, typer.Option(help="The seller's id.")],
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Embed what has changed of a seller's products, all of them after a change of the model, and index them anew.

    Safe to interrupt and to run again. Needs to call the model (on AWS, of Bedrock) with these credentials.
    """
    from ops import target
    from ops.catalogue import reindexing, view

    try:
        result = reindexing.run(tenant, target.find(home, stack_name))
    except KeyboardInterrupt:
        view.show_interrupted()
        raise typer.Exit(_INTERRUPTED) from None
    if output is Output.JSON:
        print(result.model_dump_json(indent=2))
    else:
        view.show_reindexed(result)
