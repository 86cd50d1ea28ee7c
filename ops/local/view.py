"""The stack and its state as tables."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from ops.local.report import StackReport
    from ops.stack_file import StackFile, StackTenant, StackUser

_MINUTE, _HOUR = 60, 3600
_WIDE = 160


def show_stack(stack: StackFile) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_row("Phone", f"{stack.front_url}/phone/")
    table.add_row("Seller's pages", stack.pages_url)
    table.add_row("Operator's pages", stack.operator_url)
    table.add_row("API", stack.api_url)
    table.add_row("Everything", f"{stack.front_url}/local")
    table.add_row("Webhook", stack.webhook_url)
    table.add_row("Graph API", stack.graph_url)
    table.add_row("AWS", f"AWS_ENDPOINT_URL={stack.aws_endpoint_url}, stack {stack.stack_name}")
    table.add_row("Sellers", ", ".join(tenant.name for tenant in stack.tenants))
    _console().print(table)
    _console().print(_users(stack.users))


def show_report(report: StackReport) -> None:
    console = _console()
    console.print(f"Stack {report.stack_name}: {report.stack_status}" if report.stack_name else "No stack is deployed")
    console.print(_processes(report))
    if report.queues:
        console.print(_queues(report))
    if report.tenants:
        console.print(_tenants(report.tenants))


def _processes(report: StackReport) -> Table:
    table = Table("process", "address", "pid", "up", "state")
    for process in report.processes:
        state = (
            "[green]ok[/green]" if process.healthy else "[red]down[/red]" if process.pid is None else "[red]mute[/red]"
        )
        table.add_row(process.name, process.url, str(process.pid or ""), _duration(process.up_seconds), state)
    return table


def _queues(report: StackReport) -> Table:
    table = Table("queue", "waiting", "in flight", "delayed")
    for queue in report.queues:
        style = "red" if queue.dead_letters and queue.waiting + queue.in_flight else ""
        table.add_row(queue.name, str(queue.waiting), str(queue.in_flight), str(queue.delayed), style=style)
    return table


def _tenants(tenants: list[StackTenant]) -> Table:
    table = Table("seller", "name", "number", "phone_number_id", "WABA")
    for tenant in tenants:
        table.add_row(tenant.id, tenant.name, f"+{tenant.display_phone_number}", tenant.phone_number_id, tenant.waba_id)
    return table


def _users(users: list[StackUser]) -> Table:
    table = Table("log in as", "password", "role", "seller")
    for user in users:
        table.add_row(user.email, user.password, user.role, user.tenant_id or "")
    return table


def _duration(seconds: int) -> str:
    if seconds < _MINUTE:
        return f"{seconds} s" if seconds else ""
    return f"{seconds // _MINUTE} min" if seconds < _HOUR else f"{seconds // _HOUR} h {seconds % _HOUR // _MINUTE} min"


def _console() -> Console:
    # Into a pipe or a file, tables are as wide as they need to be.
    return Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)
