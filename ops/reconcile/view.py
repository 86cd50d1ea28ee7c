"""The books for people."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table

from ops.reconcile.report import ReconcileReport

_WIDE = 160


def show(report: ReconcileReport) -> None:
    table = Table("tenant", "day", "received", "answered", "escalated", "recorded", "pending", "dead", "adds up")
    for day in report.days:
        counts = (day.received, day.answered, day.escalated, day.recorded, day.pending, day.dead)
        tenant = day.tenant or "(nobody's)"
        table.add_row(tenant, day.day, *(f"{count:,}" for count in counts), "yes" if day.adds_up else "NO")
    Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE).print(table)
    for month in report.months:
        if not month.adds_up:
            print(f"{month.tenant} {month.month}: {month.received:,} received, {month.counted:,} counted")
    for problem in report.problems:
        print(f"{problem.tenant} {problem.day} {problem.message_id}: {problem.what}")
    if report.further_problems:
        print(f"and {report.further_problems:,} more")
    print(f"{report.since} to {report.until}: it {'adds up' if report.adds_up else 'does NOT add up'}.")
