"""One import: the file read with a bar, the products stored, the faulty rows written down."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.prompt import Confirm

from adapters.dynamodb_catalogue import DynamoProducts
from adapters.dynamodb_tenants import DynamoTenants
from domain.feed_rows import read_rows
from domain.import_catalogue import ImportOrder, ImportReport, import_catalogue
from domain.product_feed import FeedDefaults
from domain.tenants import Tenant, TenantId
from ops.catalogue.faults import FaultsFile
from ops.errors import OpsError

if TYPE_CHECKING:
    from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Order:
    file: Path
    tenant: str
    errors: Path
    delete_missing: bool
    dry_run: bool
    confirmed: bool


class ImportResult(BaseModel):
    tenant: str
    dry_run: bool
    rows: int
    stored: int
    faulty: int
    deleted: int
    missing: int
    not_deleted: str
    stopped: str
    ignored_columns: list[str]
    faulty_rows_file: str
    seconds: float

    @property
    def complete(self) -> bool:
        return not self.faulty and not self.stopped


def run(order: Order, tables: Mapping[str, str]) -> ImportResult:
    tenant = tenant_of(order.tenant, tables["tenants"])
    console = Console(stderr=True, highlight=False)
    began = time.monotonic()
    with ExitStack() as stack:
        file = stack.enter_context(order.file.open("rb"))
        faults = stack.enter_context(FaultsFile(order.errors))
        bar = stack.enter_context(_bar(console))
        task = bar.add_task("Import", total=order.file.stat().st_size)

        def agreed(missing: int, known: int) -> bool:
            bar.stop()
            return order.delete_missing and _agreed(order, missing, known, console)

        report = import_catalogue(
            read_rows(file),
            ImportOrder(
                tenant_id=tenant.tenant_id,
                defaults=FeedDefaults(tenant.currency, tenant.language),
                dry_run=order.dry_run,
                may_delete=agreed,
                on_fault=faults.add,
                on_progress=lambda report: bar.update(task, completed=_read(file), description=_said(report)),
            ),
            DynamoProducts(tables["products"]),
        )
    return _result(order, report, faults, time.monotonic() - began)


def tenant_of(tenant_id: str, table: str) -> Tenant:
    tenant = DynamoTenants(table, cache_seconds=0).tenant(TenantId(tenant_id))
    if tenant is None:
        raise OpsError(f"there is no seller {tenant_id!r} in this deployment", "give the seller's id with --tenant")
    return tenant


def _bar(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _read(file: BinaryIO) -> int:
    return 0 if file.closed else file.tell()


def _said(report: ImportReport) -> str:
    return f"{report.stored:,} products" + (f", {report.faulty:,} faulty rows" if report.faulty else "")


def _agreed(order: Order, missing: int, known: int, console: Console) -> bool:
    if order.confirmed or order.dry_run:
        return True
    if not sys.stdin.isatty():
        raise OpsError(f"{missing:,} of {known:,} products would be deleted", "say --yes to delete them, or --dry-run")
    return Confirm.ask(f"Delete {missing:,} of {known:,} products that the file lacks?", console=console, default=False)


def _result(order: Order, report: ImportReport, faults: FaultsFile, seconds: float) -> ImportResult:
    return ImportResult(
        tenant=order.tenant,
        dry_run=order.dry_run,
        rows=report.rows,
        stored=report.stored,
        faulty=report.faulty,
        deleted=report.deleted,
        missing=report.missing,
        not_deleted=report.not_deleted if order.delete_missing else "",
        stopped=report.stopped,
        ignored_columns=sorted(report.ignored_columns),
        faulty_rows_file=str(faults.path) if report.faulty else "",
        seconds=round(seconds, 3),
    )
