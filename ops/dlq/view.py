"""The reports for people. Ids are shown by their ends: the front of a WhatsApp id encodes a phone number."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ops.dlq.report import GroupReport, HistoryReport, ListReport, MoveReport, ShowReport

_WIDE = 160
_ID_END = 8
_MOST_TENANTS = 3
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_WORDS = {
    "redriven": "redriven",
    "handed_over": "stale, to a person instead",
    "settled": "stale, and settled meanwhile",
    "discarded": "discarded, kept in the quarantine",
    "failed": "failed, left where they were",
}


def show_list(report: ListReport) -> None:
    console = _console()
    if report.groups:
        table = Table("fingerprint", "queue", "what", "why", "letters", "oldest", "newest", "sellers")
        for group in report.groups:
            table.add_row(*_row(group))
        console.print(table)
    elif not report.streams:
        console.print("No dead letters.")
    for name, lying in report.streams.items():
        console.print(f"{name}: about {lying} of a stream, not to be redriven; see docs/runbook.md#{name}")
    for queue in report.queues:
        if queue.unseen:
            console.print(
                f"{queue.queue}: about {queue.unseen} more lie behind others of the same customer; they come to light "
                "as those are redriven or discarded."
            )
        if queue.in_other_hands:
            console.print(f"{queue.queue}: about {queue.in_other_hands} are in somebody's hands just now.")


def _row(group: GroupReport) -> tuple[str, ...]:
    return (
        group.fingerprint,
        group.queue,
        f"{group.kind} {group.type}".strip(),
        escape(group.why),
        str(group.count),
        _ago(group.oldest),
        _ago(group.newest),
        _tenants(group),
    )


def _tenants(group: GroupReport) -> str:
    names = [tenant or "of nobody" for tenant in group.tenants]
    more = f" and {len(names) - _MOST_TENANTS} more" if len(names) > _MOST_TENANTS else ""
    return ", ".join(names[:_MOST_TENANTS]) + more


def show_group(report: ShowReport) -> None:
    console = _console()
    console.print(" · ".join(_row(report.group)[1:4]))
    table = Table("SQS message", "update", "seller", "came in", "received")
    for letter in report.letters:
        end = f"…{letter.update_id[-_ID_END:]}" if letter.update_id else ""
        table.add_row(
            letter.sqs_message_id,
            escape(end),
            letter.tenant or "of nobody",
            _ago(letter.at),
            f"{letter.receive_count} ×",
        )
    console.print(table)


def show_moved(report: MoveReport) -> None:
    console = _console()
    would = "would be " if report.dry_run else ""
    for name, count in report.counts.items():
        console.print(f"{count} {would}{_WORDS[name]}")
    if report.unseen:
        console.print(_behind(report.unseen))
    if not report.counts and not report.unseen:
        console.print("Nothing to do.")
    for error, count in report.errors.items():
        console.print(f"[red]{escape(error)}[/red] ({count} ×)")
    if report.interrupted:
        console.print("Interrupted: run it again to go on.")
    left = ", ".join(f"{queue} {count}" for queue, count in report.lying.items())
    if report.action_id:
        console.print(f"Left, as SQS counts: {left}. Recorded as {report.action_id}.")


def question(rehearsal: MoveReport) -> str:
    parts = ", ".join(f"{count} {_WORDS[name]}" for name, count in rehearsal.counts.items())
    behind = f" {_behind(rehearsal.unseen)}" if rehearsal.unseen else ""
    return f"{rehearsal.command}: {parts}.{behind} Go on?"


def _behind(unseen: int) -> str:
    return f"About {unseen} more lie behind others of the same customer, and may be concerned as well."


def show_history(report: HistoryReport) -> None:
    if not report.root:
        print("Nobody has redriven or discarded anything.")
        return
    table = Table("when", "who", "command", "what", "came to", "state", "reason")
    for entry in report.root:
        who = f"{entry.operator} ({entry.identity})" if entry.identity else entry.operator
        when = f"{entry.at:%Y-%m-%d %H:%M:%S}Z"
        table.add_row(
            when, escape(who), entry.command, entry.subject, _counts(entry.counts), entry.state, escape(entry.reason)
        )
    _console().print(table)


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def _ago(at: datetime) -> str:
    seconds = int((datetime.now(UTC) - at).total_seconds())
    if seconds < _HOUR:
        return f"{max(seconds, 0) // _MINUTE} min ago"
    return f"{seconds // _HOUR} h ago" if seconds < 2 * _DAY else f"{seconds // _DAY} days ago"


def _console() -> Console:
    # Into a pipe or a file, tables are as wide as they need to be.
    return Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)
