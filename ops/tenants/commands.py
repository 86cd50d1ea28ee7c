"""`ai-marketplace tenant …`"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ops.local.commands import HomeOption, Output, OutputOption
from ops.local.places import DEFAULT_HOME
from ops.target import StackNameOption
from ops.tenants.resolved import file_resolved

if TYPE_CHECKING:
    from pydantic import BaseModel

    from domain.tenants import Tenant, TenantStatus
    from ops.target import Target

app = typer.Typer(
    no_args_is_help=True,
    help="Sellers: let in, suspended, let in again, given another token, taken away. "
    "Exit codes: 0 done, 1 it could not be done, 2 wrong use.",
)

app.command("file-resolved")(file_resolved)

TenantArgument = Annotated[str, typer.Argument(help="The seller's id.")]
_PAGE = 100
_WORKERS_BELIEVE_SECONDS = 70.0
_FROM_STDIN = "-"


@app.command()
def create(  # noqa: PLR0913, PLR0917 (the options of a command)
    tenant: TenantArgument,
    name: Annotated[str, typer.Option(help="As people read it.")],
    language: Annotated[str, typer.Option(help="ISO 639-1.")] = "en",
    currency: Annotated[str, typer.Option(help="ISO 4217.")] = "USD",
    timezone: Annotated[str, typer.Option(help="Of the IANA time zones.")] = "UTC",
    plan: Annotated[str, typer.Option(help="What the seller pays for.")] = "standard",
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Let a seller in. Their numbers are connected through the API or the pages, where Meta is asked for them."""
    from domain.administer_tenants import create_tenant
    from domain.tenants import Tenant, TenantId
    from ops import target
    from ops.tenants import wiring

    found = target.find(home, stack_name)
    new = Tenant(TenantId(tenant), name, language=language, currency=currency, timezone=timezone, plan=plan)
    made = create_tenant(wiring.who(found), new, now=datetime.now(UTC), ports=wiring.administer(found))
    _show(made, output)


@app.command("list")
def list_(
    stack_name: StackNameOption = None, home: HomeOption = DEFAULT_HOME, output: OutputOption = Output.TABLE
) -> None:
    """Every seller, by id."""
    from domain.administer_tenants import list_tenants
    from ops import target
    from ops.tenants import view, wiring
    from ops.tenants.report import TenantReport, TenantsReport

    found = target.find(home, stack_name)
    who, ports, after, tenants = wiring.who(found), wiring.administer(found), None, list["Tenant"]()
    while True:
        page, after = list_tenants(who, after, _PAGE, ports=ports)
        tenants += page
        if after is None:
            break
    report = TenantsReport(tenants=[TenantReport.of(one) for one in tenants])
    if not _print(report, output):
        view.show_list(report.tenants)


@app.command()
def show(
    tenant: TenantArgument,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """One seller, with the numbers."""
    from domain.administer_tenants import find_tenant
    from domain.tenants import TenantId
    from ops import target
    from ops.tenants import view, wiring
    from ops.tenants.report import TenantReport

    found = target.find(home, stack_name)
    known = find_tenant(wiring.who(found), TenantId(tenant), ports=wiring.administer(found))
    report = TenantReport.of(known, wiring.numbers(found).of_tenant(known.tenant_id))
    if not _print(report, output):
        view.show_tenant(report)


@app.command()
def suspend(
    tenant: TenantArgument,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Nothing is answered or counted any more; what comes is put aside for 90 days. Holds within a minute."""
    from domain.tenants import TenantStatus

    _set_status(tenant, TenantStatus.SUSPENDED, stack_name, home, output)


@app.command()
def activate(
    tenant: TenantArgument,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Let a suspended seller in again."""
    from domain.tenants import TenantStatus

    _set_status(tenant, TenantStatus.ACTIVE, stack_name, home, output)


@app.command()
def connect(  # noqa: PLR0913, PLR0917 (the options of a command)
    tenant: TenantArgument,
    phone_number_id: Annotated[str, typer.Argument(help="Meta's id of the number.")],
    waba_id: Annotated[str, typer.Argument(help="Of the WhatsApp Business Account.")],
    catalog_id: Annotated[str | None, typer.Option(help="Of Meta's catalogue, where the number has one.")] = None,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Give a seller a number, with its access token, typed or on standard input. Meta is asked whose it is."""
    from domain.administer_tenants import find_tenant
    from domain.connect_numbers import Connection, connect_number
    from domain.tenants import PhoneNumberId, TenantId
    from ops import target
    from ops.tenants import view, wiring
    from ops.tenants.report import TenantReport

    found = target.find(home, stack_name)
    who, tenant_id = wiring.who(found), TenantId(tenant)
    known = find_tenant(who, tenant_id, ports=wiring.administer(found))
    asked = Connection(PhoneNumberId(phone_number_id), waba_id, _token(), catalog_id)
    connect_number(who, tenant_id, asked, now=datetime.now(UTC), ports=wiring.connection(found))
    report = TenantReport.of(known, wiring.numbers(found).of_tenant(tenant_id))
    if not _print(report, output):
        view.show_tenant(report)


@app.command("rotate-token")
def rotate_token(  # noqa: PLR0913, PLR0917 (the options of a command)
    tenant: TenantArgument,
    phone_number_id: Annotated[str, typer.Argument(help="Meta's id of the number.")],
    put_back: Annotated[bool, typer.Option("--put-back", help="Make the token before current again.")] = False,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Give a number another access token, typed or on standard input, while messages go out. It is never shown."""
    from domain import rotate_token as rotating
    from domain.tenants import PhoneNumberId, TenantId
    from ops import target
    from ops.errors import OpsError
    from ops.tenants import view, wiring
    from ops.tenants.report import RotationReport

    found = target.find(home, stack_name)
    who, ports, now = wiring.who(found), wiring.rotation(found), datetime.now(UTC)
    tenant_id, number = TenantId(tenant), PhoneNumberId(phone_number_id)
    if put_back:
        if not rotating.put_token_back(who, tenant_id, number, now=now, ports=ports):
            raise OpsError("there is no token before", "give a new one, without --put-back")
    else:
        rotating.rotate_token(who, tenant_id, number, _token(), now=now, ports=ports)
    report = RotationReport(tenant=tenant, phone_number_id=phone_number_id, put_back=put_back, at=now)
    if not _print(report, output):
        view.show_rotation(report)


@app.command()
def delete(  # noqa: PLR0913, PLR0917 (the options of a command)
    tenant: TenantArgument,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what would go, and do nothing.")] = False,
    receipt: Annotated[
        Path | None, typer.Option("--receipt", help="Where to write the receipt, as JSON.", dir_okay=False)
    ] = None,
    confirm: Annotated[str, typer.Option("--confirm", help="The seller's id once more, so as not to be asked.")] = "",
    wait_seconds: Annotated[
        float, typer.Option(min=0, help="Until workers no longer believe what they have read of the seller.")
    ] = _WORKERS_BELIEVE_SECONDS,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Delete everything of a seller, in every place, and give a receipt. What was stopped is run again."""
    from domain.delete_tenant import delete_tenant, would_delete
    from domain.tenants import TenantId
    from ops import target
    from ops.tenants import view, wiring
    from ops.tenants.report import deletion_report

    found = target.find(home, stack_name)
    ports, action = wiring.deletion(found, wait_seconds), wiring.action(found)
    planned = would_delete(TenantId(tenant), action, ports)
    if dry_run:
        done = planned
    else:
        rows = sum(place.found for place in planned.places)
        typed = confirm or typer.prompt(f"{rows:,} things of {planned.name} go. Type {tenant}", default="", err=True)
        if typed != tenant:
            raise typer.Abort
        done = delete_tenant(TenantId(tenant), action, ports, view.show_step)
    report = deletion_report(done)
    if receipt is not None:
        receipt.write_text(report.model_dump_json(indent=2) + "\n")
    if not _print(report, output):
        view.show_deletion(report)


def _set_status(tenant: str, status: TenantStatus, stack_name: str | None, home: Path, output: Output) -> None:
    from domain.administer_tenants import set_status
    from domain.tenants import TenantId
    from ops import target
    from ops.tenants import wiring

    found: Target = target.find(home, stack_name)
    now, ports = datetime.now(UTC), wiring.administer(found)
    _show(set_status(wiring.who(found), TenantId(tenant), status, now=now, ports=ports), output)


def _token() -> str:
    """Never an argument: those stand in the shell's history and in the list of processes."""
    if sys.stdin.isatty():
        return str(typer.prompt("Access token", hide_input=True, err=True)).strip()
    return sys.stdin.readline().strip()


def _show(tenant: Tenant, output: Output) -> None:
    from ops.tenants import view
    from ops.tenants.report import TenantReport

    report = TenantReport.of(tenant)
    if not _print(report, output):
        view.show_list([report])


def _print(report: BaseModel, output: Output) -> bool:
    """For programs; False where a person reads."""
    if output is Output.JSON:
        print(report.model_dump_json(indent=2))
    return output is Output.JSON
