"""One account after the other; what fails in one keeps no other from its turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from domain.errors import MarketplaceError
from domain.learn_templates import SyncPorts, sync_templates
from domain.tenants import WhatsAppNumber
from ops.errors import OpsError
from ops.templates.report import AccountReport, SyncReport


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Synchroniser:
    numbers: Callable[[str | None], Sequence[WhatsAppNumber]]
    """One number of each account: of one tenant, or of all of them."""
    ports: SyncPorts
    clock: Callable[[], datetime] = _now
    console: Console | None = None

    def run(self, tenant: str | None, *, dry_run: bool = False) -> SyncReport:
        numbers = self.numbers(tenant)
        if tenant is not None and not numbers:
            raise OpsError(
                f"no active seller {tenant} with a WhatsApp number", "`templates sync --all` reads everyone's"
            )
        report = SyncReport(dry_run=dry_run)
        console = self.console or Console(stderr=True, highlight=False)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("Read the accounts", total=len(numbers))
            try:
                for number in numbers:
                    report.accounts.append(self._account(number, dry_run=dry_run))
                    bar.advance(task)
            except KeyboardInterrupt:  # every row is whole: the next run goes on
                report.interrupted = True
        return report

    def _account(self, number: WhatsAppNumber, *, dry_run: bool) -> AccountReport:
        report = AccountReport(tenant=number.tenant.tenant_id, waba_id=number.waba_id)
        try:
            synced = sync_templates(number, clock=self.clock, ports=self.ports, dry_run=dry_run)
        except MarketplaceError as error:
            return report.model_copy(update={"error": str(error)})
        found = {"new": synced.new, "changed": synced.changed, "removed": synced.removed}
        return report.model_copy(update={**found, "unchanged": len(synced.unchanged)})
