"""`ai-marketplace customers …`"""

from __future__ import annotations

import typer

from ops.customers import data_rights

app = typer.Typer(
    no_args_is_help=True,
    help="One customer of one seller. Exit codes: 0 done, 1 something is left or went wrong, 2 wrong use.",
)
app.command()(data_rights.export)
app.command()(data_rights.erase)
