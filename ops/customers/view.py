"""The reports for people. Of numbers and ids the ends alone are shown; `--output json` has them whole."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from ops.customers.report import CustomerReport, MergeLine, SideReport, UnmergeReport

_END = 4


def show_customer(report: CustomerReport) -> None:
    console = Console(highlight=False)
    current = {key for key in (report.phone, report.user_id) if key}
    console.print(f"{report.customer_id} of {report.tenant}: {report.messages} messages, {_owned(report)}")
    table = Table("known by", "")
    for key in (report.filed_under, *report.aliases):
        table.add_row(_end(key), "current" if key in current else "former, or another name")
    console.print(table)
    if report.merges:
        merges = Table("merged", "former customer", "because of message", "undone")
        for merge in report.merges:
            merges.add_row(f"{merge.at:%Y-%m-%d %H:%M}Z", merge.former_customer_id, _end(merge.cause), _undone(merge))
        console.print(merges)


def show_unmerged(report: UnmergeReport) -> None:
    if report.survivor is None or report.former is None:
        print(f"{report.former_customer_id} is not merged into another customer: nothing to undo.")
        return
    words = "would be" if report.dry_run else "is"
    for name, side in (("survivor", report.survivor), ("former", report.former)):
        print(f"{name} {side.customer_id} {words}: {_described(side)}")
    if report.action_id:
        print(f"Recorded as {report.action_id}.")


def question(report: UnmergeReport) -> str:
    return f"unmerge {report.former_customer_id}: they will not be merged again by any message. Go on?"


def _described(side: SideReport) -> str:
    waits = ", awaits an answer" if side.awaits_answer else ""
    return f"{side.messages} messages, {side.identities} identities, {side.owner}{waits}"


def _owned(report: CustomerReport) -> str:
    return f"{report.owner}{', awaits an answer' if report.awaits_answer else ''}"


def _undone(merge: MergeLine) -> str:
    return f"{merge.undone_at:%Y-%m-%d %H:%M}Z by {merge.undone_by}" if merge.undone_at else ""


def _end(name: str) -> str:
    return f"…{name[-_END:]}"
