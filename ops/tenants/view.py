"""The reports for people."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ops.tenants.report import DeletionReport, RotationReport, TenantReport

_WIDE = 160


def show_list(tenants: Sequence[TenantReport]) -> None:
    if not tenants:
        print("No tenants.")
        return
    table = Table("tenant", "name", "status", "plan", "language", "currency", "time zone")
    for one in tenants:
        table.add_row(one.id, escape(one.name), one.status, one.plan, one.language, one.currency, one.timezone)
    _print(table)


def show_tenant(tenant: TenantReport) -> None:
    show_list([tenant])
    for number in tenant.numbers or ():
        paused = ", paused" if number.paused else ""
        print(f"number {number.phone_number_id} of account {number.waba_id}: {number.display_phone_number}{paused}")


def show_rotation(report: RotationReport) -> None:
    if report.put_back:
        print(f"The token before holds again for {report.phone_number_id}.")
        return
    print(f"The new token holds for {report.phone_number_id}. The old one is kept beside it:")
    print("revoke it at Meta after five minutes, when no worker remembers it; `--put-back` makes it current again.")


def show_deletion(report: DeletionReport) -> None:
    table = Table("place", "found", "deleted", "left")
    for one in report.places:
        table.add_row(one.place, f"{one.found:,}", f"{one.deleted:,}", f"{one.left:,}")
    _print(table)
    for place, why in report.kept.items():
        print(f"not deleted: {place}, {why}")
    print("Nothing was deleted." if report.dry_run else f"{report.tenant} is gone.")


def show_step(step: str) -> None:
    print(f"{step} …", file=sys.stderr)


def _print(table: Table) -> None:
    Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE).print(table)
