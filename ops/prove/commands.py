"""`ai-marketplace prove`"""

from __future__ import annotations

from typing import Annotated

import typer

from ops.errors import OpsError

DEFAULT_SEED = 20261122


def prove(
    seed: Annotated[int, typer.Option(help="Everything that happens follows from it.")] = DEFAULT_SEED,
    runs: Annotated[int, typer.Option(min=1, help="How many.")] = 200,
    run: Annotated[int | None, typer.Option("--run", help="This one alone, told step by step.")] = None,
    only: Annotated[str | None, typer.Option(help="With --run: these of its parts.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes. Default: one per processor.")] = None,
) -> None:
    """Kill, repeat, shuffle and throttle everything, and see whether every promise holds.

    The real handlers and adapters run on an AWS inside the process: nothing leaves the machine, no stack is needed.
    Exit codes: 0 every promise held, 1 one was broken.
    """
    try:
        from ops.prove import pool, view
    except ModuleNotFoundError as error:
        raise OpsError(
            f"`prove` needs {error.name}, which is not installed",
            "it runs from a checkout: `make setup`, then `.venv/bin/ai-marketplace prove`",
        ) from error

    if only is not None and run is None:
        raise typer.BadParameter("name the run that the parts are of", param_hint="--only")
    if run is not None:
        kept = None if only is None else [int(part) for part in only.split(",") if part]
        raise typer.Exit(view.show_run(pool.one(seed, run, kept)))
    raise typer.Exit(view.show_proof(seed, runs, pool.results(seed, runs, workers)))
