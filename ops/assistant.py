"""`ai-marketplace assistant …`: how a seller's assistant answers, and what its model cost this month."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from ops.errors import OpsError
from ops.local.commands import HomeOption
from ops.local.places import DEFAULT_HOME
from ops.target import StackNameOption

app = typer.Typer(no_args_is_help=True, help="How a seller's assistant answers.")

TenantArgument = Annotated[str, typer.Argument(help="The seller's id.")]


@app.command()
def show(tenant: TenantArgument, stack_name: StackNameOption = None, home: HomeOption = DEFAULT_HOME) -> None:
    """Its settings, as `set` takes them, and what its model has used this month; JSON."""
    from adapters.assistant_settings_rows import given_settings
    from adapters.dynamodb_assistant_settings import DynamoAssistantSettings
    from adapters.dynamodb_month_usage import DynamoUsage
    from domain.model_use import spent
    from domain.tenants import TenantId
    from domain.usage import month_of
    from ops import target

    found, tenant_id, month = target.find(home, stack_name), TenantId(tenant), month_of(datetime.now(UTC))
    settings = DynamoAssistantSettings(found.tables["tenants"]).read(tenant_id)
    if settings is None:
        raise _unknown(tenant)
    so_far = spent(DynamoUsage(found.tables["tenant-usage"]).month(tenant_id, month).counters)
    used = {"month": month, "tokens": so_far.tokens, "micro_usd": so_far.micro_usd}
    print(json.dumps({"settings": given_settings(settings), "used": used}, indent=2, ensure_ascii=False))


@app.command("set")
def set_(
    tenant: TenantArgument,
    file: Annotated[
        Path, typer.Argument(help="JSON object of settings; `-`: from standard input. Others are defaults.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check it.")] = False,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Replace its settings. What cannot be is named, all of it at once, and nothing is changed."""
    from adapters.assistant_settings_rows import read_settings
    from adapters.dynamodb_assistant_settings import DynamoAssistantSettings
    from domain.errors import InvalidSettingsError
    from domain.tenants import TenantId
    from ops import target

    try:
        settings = read_settings(_read(file))
    except InvalidSettingsError as error:
        raise OpsError("\n  ".join(["these settings cannot be:", *error.problems])) from error
    if dry_run:
        print("These settings can be.")
        return
    found = target.find(home, stack_name)
    if not DynamoAssistantSettings(found.tables["tenants"]).save(TenantId(tenant), settings):
        raise _unknown(tenant)
    print("Set. Workers heed it within a minute.")


def _read(file: Path) -> dict[str, Any]:
    try:
        given = json.loads(sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise OpsError(f"{file} cannot be read as JSON: {error}") from error
    if not isinstance(given, dict):
        raise OpsError(f"{file} is no JSON object")
    return given


def _unknown(tenant: str) -> OpsError:
    return OpsError(f"there is no seller {tenant}")
