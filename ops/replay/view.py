"""The report of a replay for people. Ids are shown by their ends: the front of a WhatsApp id encodes a phone number."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ops.outcomes.states import FinalState
from ops.replay.report import BAD, BodyReport, ItemReport, ReplayReport

_WIDE = 140
_MOST_ITEMS = 8
"""Of one body, shown line by line; of more, only counts."""
_ID_END = 8
_OK = 200
_STYLES = {
    FinalState.ANSWERED: "green",
    FinalState.ESCALATED: "cyan",
    FinalState.RECORDED: "",
    FinalState.QUARANTINED: "yellow",
    **dict.fromkeys(BAD, "bold red"),
}


def show(report: ReplayReport) -> None:
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)
    table = Table("body", "HTTP", "item", "final state")
    for body in report.bodies:
        for row in _rows(body):
            table.add_row(*row)
    console.print(table)
    console.print(_summary(report))
    for leak in report.leaks:
        console.print(f"[bold red]leak[/bold red] {escape(leak)}")


def _rows(body: BodyReport) -> Iterator[tuple[str, str, str, str]]:
    name, status = escape(body.name), _status(body.http_status)
    lines = [
        *_item_lines(body.items),
        *((kind, _styled(FinalState.LOST, "not accepted")) for kind in body.not_accepted),
    ]
    for what, state in lines or [("[dim]nothing in it[/dim]", "")]:
        yield name, status, what, state
        name = status = ""


def _item_lines(items: Sequence[ItemReport]) -> list[tuple[str, str]]:
    if len(items) <= _MOST_ITEMS:
        return [(f"{escape(item.kind)} [dim]…{escape(_end(item))}[/dim]", _state(item)) for item in items]
    counted = Counter((item.kind, item.state) for item in items)
    return [(f"{escape(kind)} × {count}", _styled(state, "")) for (kind, state), count in counted.items()]


def _end(item: ItemReport) -> str:
    message_id, colon, status = item.update_id.partition(":")
    return f"{message_id[-_ID_END:]}{colon}{status}"


def _state(item: ItemReport) -> str:
    return _styled(item.state, f"{item.detail}{', duplicate' if item.duplicate else ''}".removeprefix(", "))


def _styled(state: FinalState, detail: str) -> str:
    style, words = _STYLES[state], f"{state}{f' ({escape(detail)})' if detail else ''}"
    return f"[{style}]{words}[/]" if style else words


def _status(status: int | None) -> str:
    return str(status) if status == _OK else f"[bold red]{status or 'no answer'}[/]"


def _summary(report: ReplayReport) -> str:
    answered = Counter(body.http_status for body in report.bodies)
    statuses = ", ".join(f"{count} × {_status(status)}" for status, count in answered.items())
    states = ", ".join(f"{count} {_styled(FinalState(state), '')}" for state, count in report.states.items())
    leaks = f"{len(report.leaks)} leaks" if report.leaks else "none tells a phone number, name or text"
    return (
        f"{len(report.bodies)} bodies: {statuses}. {sum(report.states.values())} items: {states or 'none'}. "
        f"{report.log_lines} log lines searched: {leaks}. {report.seconds} s"
    )
