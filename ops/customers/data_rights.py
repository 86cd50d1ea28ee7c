"""`ai-marketplace customers export` and `… erase`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ops.customers.naming import CustomerIdOption, PhoneOption, TenantOption, UserIdOption, asked_for
from ops.local.commands import HomeOption, Output, OutputOption
from ops.local.places import DEFAULT_HOME
from ops.target import StackNameOption

if TYPE_CHECKING:
    from pydantic import BaseModel

    from domain.customer_data import Asked
    from domain.tenants import TenantId
    from ops.target import Target


def export(  # noqa: PLR0913, PLR0917 (the options of a command)
    file: Annotated[Path, typer.Argument(help="The ZIP to write.", dir_okay=False)],
    tenant: TenantOption,
    phone: PhoneOption = None,
    user_id: UserIdOption = None,
    customer_id: CustomerIdOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what there is, and write nothing.")] = False,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Everything that is stored of one customer, as a ZIP of JSON lines and the files that they sent."""
    import secrets
    from datetime import UTC, datetime

    from domain.export_customer import export as export_customer
    from ops import target
    from ops.customers import rights_view, wiring
    from ops.customers.archive import zip_archive
    from ops.customers.rights_report import export_report

    asked = asked_for(phone, user_id, customer_id)
    found = target.find(home, stack_name)
    tenant_id = wiring.seller(found, tenant)
    if dry_run:
        _rehearse(found, tenant_id, asked, output)
    with rights_view.working() as step, zip_archive(file) as archive:
        exported = export_customer(
            tenant_id,
            asked,
            export_id=secrets.token_hex(4),
            by=wiring.by(found),
            now=datetime.now(UTC),
            archive=archive,
            ports=wiring.export_ports(found),
            step=step,
        )
        archive.finish(exported)
    report = export_report(exported, str(file))
    if not _print(report, output):
        rights_view.show_export(report)


def erase(  # noqa: PLR0913, PLR0917 (the options of a command)
    tenant: TenantOption,
    phone: PhoneOption = None,
    user_id: UserIdOption = None,
    customer_id: CustomerIdOption = None,
    receipt: Annotated[
        Path | None, typer.Option("--receipt", help="Where to write the receipt, as JSON.", dir_okay=False)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what would go, and do nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Delete everything of one customer, look again, and give a receipt. What was stopped is run again."""
    import secrets
    from datetime import UTC, datetime

    from domain.erase_customer import erase as erase_customer
    from ops import target
    from ops.customers import rights_view, wiring
    from ops.customers.rights_report import receipt_report
    from ops.stack_file import write_private

    asked = asked_for(phone, user_id, customer_id)
    found = target.find(home, stack_name)
    tenant_id = wiring.seller(found, tenant)
    if dry_run or not yes:
        _rehearse(found, tenant_id, asked, output, ask=not dry_run)
    with rights_view.working() as step:
        erased = erase_customer(
            tenant_id,
            asked,
            receipt_id=secrets.token_hex(8),
            by=wiring.by(found),
            now=datetime.now(UTC),
            ports=wiring.erase_ports(found),
            step=step,
        )
    report = receipt_report(erased, datetime.now(UTC))
    if receipt is not None:
        write_private(receipt, report.model_dump_json(indent=2) + "\n")
    if not _print(report, output):
        rights_view.show_receipt(report)
    raise typer.Exit(0 if report.complete else 1)


def _rehearse(found: Target, tenant_id: TenantId, asked: Asked, output: Output, *, ask: bool = False) -> None:
    """Ends the command, unless it only asks."""
    from datetime import UTC, datetime

    from domain.erase_customer import would_erase
    from ops.customers import rights_view, wiring
    from ops.customers.rights_report import receipt_report

    with rights_view.working():
        rehearsal = would_erase(
            tenant_id, asked, by=wiring.by(found), now=datetime.now(UTC), ports=wiring.erase_ports(found)
        )
    report = receipt_report(rehearsal, datetime.now(UTC))
    if ask:
        typer.confirm(rights_view.question(report), abort=True, err=True)
        return
    if not _print(report, output):
        rights_view.show_receipt(report)
    raise typer.Exit


def _print(report: BaseModel, output: Output) -> bool:
    """For programs; False where a person reads."""
    if output is Output.JSON:
        print(report.model_dump_json(indent=2))
    return output is Output.JSON
