"""The account on a terminal of a hundred columns."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from itertools import groupby

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table

from ops.demo.account import Account, Chat, Line

_WIDTH = 100
_TICKS = {
    "sent": "✓ sent",
    "delivered": "✓✓ delivered",
    "read": "[bright_blue]✓✓ read[/]",
}
_HOLDS = {
    "tenants": "sellers, their numbers, what Meta tells of their accounts",
    "customers": "one row per customer of each seller, and one per further name",
    "conversations": "messages in and out, states, escalations, quarantine",
    "tenant-usage": "one row per seller and month",
    "products": "the sellers' catalogues",
    "embeddings": "the vectors of the products",
    "idempotency": "what the API was asked under a key",
}
_OUTCOMES = {"answered": "green", "escalated": "cyan", "recorded": "dim", "quarantined": "yellow"}


def show(account: Account, *, quiet: bool = False) -> str:
    """Prints the account, unless `quiet`, and returns it as plain text."""
    console = Console(width=_WIDTH, highlight=False, record=True, file=StringIO() if quiet else None)
    for title, content in _sections(account):
        console.print()
        console.print(Rule(f"[bold]{title}", align="left", characters="─"))
        console.print(content)
    return console.export_text()


def _sections(account: Account) -> Iterator[tuple[str, RenderableType]]:
    for tenant, chats in groupby(sorted(account.chats, key=lambda chat: chat.tenant), key=lambda chat: chat.tenant):
        yield f"Conversations of {tenant}", Group(*map(_chat, chats))
    yield "Topic escalations, as its subscribers received it", _escalations(account)
    yield "Usage", _usage(account)
    yield "Customers", _customers(account)
    yield "Quarantine", _quarantine(account)
    yield "Tables", _tables(account)
    yield "Queues", _queues(account)
    yield "Checks", _checks(account)


def _chat(chat: Chat) -> RenderableType:
    title = f"[bold]{escape(chat.customer)}[/] [dim]{escape(chat.identity)} · with {chat.owner.replace('_', ' ')}[/]"
    lines = Table.grid(padding=(0, 1))
    lines.add_column(width=5)
    lines.add_column(width=62)
    lines.add_column(width=29, justify="right")
    for line in chat.lines:
        lines.add_row(*_line(line))
    return Group("", title, lines)


def _line(line: Line) -> tuple[RenderableType, RenderableType, RenderableType]:
    if line.inbound:  # how far an answer came is told by its own ticks
        state, _, detail = line.outcome.replace("_", " ").partition(": ")
        shown = f"[{_OUTCOMES.get(state, 'red')}]{state}[/]" + (
            f"[dim], {detail}[/]" if detail and state != "answered" else ""
        )
        return f"[dim]{line.at}[/]", escape(line.words), shown
    ticks = _TICKS.get(line.delivery, f"[red]{escape(line.delivery)}[/]")
    return "", Padding(f"[dim]{line.by}:[/] {escape(line.words)}", (0, 0, 0, 4)), ticks


def _escalations(account: Account) -> RenderableType:
    names = list(account.subscribers)
    table = _table("seller", "customer", "reason", "priority", *names)
    for line in account.escalations:
        got = ["[green]✓[/]" if name in line.received_by else "[dim]·[/]" for name in names]
        priority = f"[red]{line.priority}[/]" if line.priority == "high" else line.priority
        table.add_row(line.tenant, escape(line.customer), line.reason, priority, *got)
    return table


def _usage(account: Account) -> RenderableType:
    tenants = list(dict.fromkeys(line.tenant for line in account.usage))
    table = _table("counter", *(f"{tenant}: this day / in all" for tenant in tenants))
    cells = {(line.counter, line.tenant): f"{line.this_run} / {line.months}" for line in account.usage}
    for counter in sorted({line.counter for line in account.usage if line.this_run}):
        table.add_row(counter, *(cells.get((counter, tenant), "[dim]·[/]") for tenant in tenants))
    return table


def _customers(account: Account) -> RenderableType:
    table = _table("seller", "name", "known by", "messages", "last interaction (UTC)")
    for line in sorted(account.customers, key=lambda one: (one.tenant, one.name)):
        last = line.last_interaction[:16].replace("T", " ")
        table.add_row(line.tenant, escape(line.name), escape(line.known_by), str(line.messages), last)
    return table


def _quarantine(account: Account) -> RenderableType:
    table = _table("at", "sent to", "what", "reason")
    for line in account.quarantine:
        table.add_row(line.at, escape(line.to), line.kind, line.reason)
    return table


def _tables(account: Account) -> RenderableType:
    table = _table("table", "rows before", "rows after", "holds")
    for line in account.tables:
        table.add_row(line.table, str(line.rows_before), str(line.rows_after), _HOLDS.get(line.table, ""))
    return table


def _queues(account: Account) -> RenderableType:
    table = _table("queue", "waiting", "in flight", "delayed")
    for line in account.queues:
        table.add_row(line.queue, str(line.waiting), str(line.in_flight), str(line.delayed))
    return table


def _checks(account: Account) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    table.add_column(width=1)
    table.add_column(width=55)
    table.add_column(width=42)
    for check in account.checks:
        mark = "[green]✓[/]" if check.ok else "[bold red]✗[/]"
        table.add_row(mark, escape(check.check), f"[dim]{escape(check.evidence)}[/]")
    return table


def _table(*columns: str) -> Table:
    return Table(*columns, box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
