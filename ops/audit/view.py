"""The report for people, on a terminal and as a page."""

from __future__ import annotations

import sys
from collections import Counter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ops.audit.report import AuditReport, FindingReport, StepReport

_WIDE = 160
_MOST_NAMED = 4


def show(report: AuditReport) -> None:
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)
    console.print(f"{report.stack}, {report.account} in {report.region}: {report.looked_at} resources looked at.")
    if report.findings:
        table = Table("kind", "what", "name", "where", "declared", "found")
        for one in report.findings:
            table.add_row(*(escape(cell) for cell in _cells(one)))
        console.print(table)
        console.print("What to do:")
        for remedy, names in remedies(report).items():
            console.print(f"- {escape(f'{names}: {remedy}')}")
    for unread in report.unread:
        console.print(f"[yellow]Not looked at:[/yellow] {escape(f'{unread.resource}, {unread.what}: {unread.why}')}")
    for step in report.tried:
        console.print(escape(_told(step)))
    for note in report.notes:
        console.print(escape(note))
    console.print(verdict(report))


def verdict(report: AuditReport) -> str:
    if report.findings:
        counts = Counter(str(one.kind) for one in report.findings)
        return ", ".join(f"{count} {kind}" for kind, count in counts.items()) + "."
    if report.unread:
        return "Nothing was found, but not everything could be looked at."
    return "Clean: what is deployed is what is declared."


def markdown(report: AuditReport) -> str:
    lines = [
        f"# Audit of {report.stack}",
        "",
        f"Account {report.account} in {report.region}, {report.at:%Y-%m-%d %H:%M:%S}Z.",
        f"{report.looked_at} resources looked at. {verdict(report)}",
    ]
    if report.findings:
        lines += ["", "| kind | what | name | where | declared | found |", "|---|---|---|---|---|---|"]
        lines += [_row(_cells(one)) for one in report.findings]
        lines += ["", "## What to do", ""]
        lines += [f"- {names}: {remedy}" for remedy, names in remedies(report).items()]
    if report.unread:
        lines += ["", "## Not looked at", ""]
        lines += [f"- {one.resource}, {one.what}: {one.why}" for one in report.unread]
    if report.tried:
        lines += ["", "## Tried", "", *(f"- {_told(step)}" for step in report.tried)]
    if report.notes:
        lines += ["", *(f"- {note}" for note in report.notes)]
    return "\n".join(lines)


def remedies(report: AuditReport) -> dict[str, str]:
    """Each once, with what it is for."""
    told: dict[str, list[str]] = {}
    for one in report.findings:
        told.setdefault(one.remedy, []).append(one.resource)
    return {remedy: _some(list(dict.fromkeys(names))) for remedy, names in told.items()}


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _told(step: StepReport) -> str:
    detail = f": {step.detail}" if step.detail else ""
    return f"{step.what} {step.name} {step.state}{detail}"


def _row(cells: tuple[str, ...]) -> str:
    escaped = (cell.replace("|", r"\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"


def _cells(one: FindingReport) -> tuple[str, ...]:
    kind = one.type.removeprefix("AWS::").replace("::", " ")
    name = one.name if one.name == one.resource else f"{one.resource} ({one.name})"
    return one.kind, kind, name, one.where, one.declared, one.found
