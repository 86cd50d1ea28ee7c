"""The report for people."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ops.doctor.report import DoctorReport

_WIDE = 160


def show(report: DoctorReport) -> None:
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)
    if report.findings:
        table = Table("check", "of", "found", "remedy")
        for one in report.findings:
            table.add_row(*(escape(cell) for cell in (one.check, one.subject, one.found, one.remedy)))
        console.print(table)
    for unasked in report.unasked:
        console.print(f"[yellow]Not known:[/yellow] {escape(f'{unasked.check}, {unasked.subject}: {unasked.why}')}")
    for note in report.notes:
        console.print(escape(note))
    console.print(f"{report.stack}: {report.checks} checks. {verdict(report)}")


def verdict(report: DoctorReport) -> str:
    if report.findings:
        return f"{len(report.findings)} found ill, {len(report.unasked)} not known."
    if report.unasked:
        return f"Nothing was found ill, but {len(report.unasked)} could not be told."
    return "Healthy."
