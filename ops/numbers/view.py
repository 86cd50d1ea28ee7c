"""The reports for people."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ops.numbers.report import ListReport, NumberReport, ResumeReport

_WIDE = 160


def show_list(report: ListReport) -> None:
    if not report.root:
        print("No numbers.")
        return
    table = Table("seller", "phone_number_id", "sending", "Meta's words", "account", "quality", "alert")
    for number in report.root:
        table.add_row(
            number.tenant,
            number.phone_number_id,
            _sending(number),
            escape(number.title or ""),
            number.account_update or "",
            number.quality_update or "",
            number.account_alert or "",
        )
    Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE).print(table)


def _sending(number: NumberReport) -> str:
    if number.paused_at is None:
        return "yes"
    code = "no code" if number.code is None else f"code {number.code}"
    return f"paused since {number.paused_at[:19]}Z, {code}"


def show_resumed(report: ResumeReport) -> None:
    if report.meta:
        print(f"Meta says: {report.meta}.")
    if not report.was_paused:
        print("It is not paused.")
    elif report.resumed:
        print(f"{report.phone_number_id} of {report.tenant} {'would be' if report.dry_run else 'is'} resumed.")
    else:
        print("Somebody else resumed it, or it was paused anew: look again with `ai-marketplace numbers list`.")
