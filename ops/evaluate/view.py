"""An evaluation for people: a line for each category, and each question that was not answered rightly."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ops.evaluate.report import Evaluation, TenantReport
from ops.models.view import told_of_model

_WIDE = 140


def show(evaluation: Evaluation) -> None:
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)
    for report in evaluation.tenants:
        console.print(_table(report))
        for one in report.asked:
            if one.faults:
                console.print(f"[red]✗[/red] {one.id} ({one.language}) {escape(one.question)}")
                console.print(f"  {escape('; '.join(one.faults))}", style="dim")
                if one.text:
                    console.print(f"  {escape(one.text)}", style="dim")
    if evaluation.model is not None:
        console.print(escape(told_of_model(evaluation.model)))
        if not evaluation.model.ok:
            console.print("[bold red]half of the answers are not the model's[/bold red]")
    console.print("[green]all thresholds met[/green]" if evaluation.ok else "[bold red]below a threshold[/bold red]")


def _table(report: TenantReport) -> Table:
    table = Table("category", "right", "share", "at least", "", title=f"{report.tenant}, {report.assistant} assistant")
    for category, score in report.scores.items():
        mark = "[green]✓[/green]" if score.ok else "[bold red]✗[/bold red]"
        table.add_row(category, f"{score.right}/{score.of}", f"{score.share:.2f}", f"{score.threshold:.2f}", mark)
    return table
