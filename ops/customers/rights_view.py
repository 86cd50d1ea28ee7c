"""The reports of export and erasure, for people."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from domain.erase_customer import Step
from ops.customers.rights_report import ExportReport, ReceiptReport

_WIDE = 160


def show_receipt(report: ReceiptReport) -> None:
    console = _console()
    table = Table("place", "what is there", "found", "deleted", "left")
    for place in report.places:
        table.add_row(place.place, place.holds, str(place.found), str(place.deleted), str(place.left))
    console.print(table)
    kept = Table("kept", "what is there", "because")
    for one in report.kept:
        kept.add_row(one.place, one.holds, one.because)
    console.print(kept)
    if report.replies_on_their_way:
        console.print(f"{report.replies_on_their_way} replies were being sent: they may arrive all the same.")
    if report.dry_run:
        console.print("Nothing was done.")
    elif report.complete:
        more = " (gone on with, after one that was stopped)" if report.resumed else ""
        console.print(f"Erased as of {report.erased_at:%Y-%m-%d %H:%M:%S}Z{more}: 0 left. Receipt {report.receipt_id}.")
    else:
        console.print("[red]Something is left[/red]: somebody else may have it in hand. Run it again in two minutes.")


def question(report: ReceiptReport) -> str:
    found = ", ".join(f"{place.found} in {place.place}" for place in report.places if place.found)
    return f"Erase one customer of {report.tenant} for good: {found or 'nothing is stored'}. Go on?"


def show_export(report: ExportReport) -> None:
    console = _console()
    table = Table("place", "records", "count")
    for place, kinds in report.found.items():
        for kind, count in kinds.items():
            table.add_row(place, kind, str(count))
    if report.found:
        console.print(table)
    console.print(f"Nothing was found in: {', '.join(report.nothing_found_in) or 'no place'}.")
    console.print(f"Written to {escape(report.file)}. Recorded as {report.export_id}.")


@contextmanager
def working() -> Iterator[Step]:
    """How far it is, on a terminal. On stderr: stdout belongs to the report."""
    console = Console(stderr=True, highlight=False)
    with console.status("look") as status:
        yield status.update


def _console() -> Console:
    # Into a pipe or a file, tables are as wide as they need to be.
    return Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)
