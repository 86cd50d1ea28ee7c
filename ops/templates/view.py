"""The reports for people."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ops.templates.report import ListReport, SyncReport

_WIDE = 160


def show_synced(report: SyncReport) -> None:
    console = _console()
    if not report.accounts:
        console.print("No active seller has a WhatsApp number.")
    would = "would be " if report.dry_run else ""
    for account in report.accounts:
        console.print(f"[bold]{account.tenant}[/bold], account {account.waba_id}")
        if account.error:
            console.print(f"  [red]{escape(account.error)}[/red]")
            continue
        for what in ("new", "changed", "removed"):
            for name in getattr(account, what):
                console.print(f"  {would}{what}: {name}")
        console.print(f"  unchanged: {account.unchanged}")
    if report.interrupted:
        console.print("Interrupted: run it again to go on.")


def show_list(report: ListReport) -> None:
    if not report.root:
        print("No templates are known. `ai-marketplace templates sync --all` reads them from Meta.")
        return
    table = Table("seller", "name", "language", "category", "status", "quality", "as of")
    for one in report.root:
        status = f"{one.status} ({one.rejected_reason})" if one.rejected_reason else one.status
        as_of = f"{one.updated_at:%Y-%m-%d %H:%M}Z" if one.updated_at else ""
        table.add_row(one.tenant, one.name, one.language, one.category.lower(), escape(status), one.quality, as_of)
    _console().print(table)


def _console() -> Console:
    # Into a pipe or a file, tables are as wide as they need to be.
    return Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)
