"""`ai-marketplace tenant file-resolved`"""

from __future__ import annotations

import json
from typing import Annotated

import typer

from ops.local.commands import HomeOption, Output, OutputOption
from ops.local.places import DEFAULT_HOME
from ops.target import StackNameOption


def file_resolved(
    tenant: Annotated[str | None, typer.Argument(help="The seller's id; without one, every seller's.")] = None,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """List among the resolved what was resolved by a version before they had a list of their own. Safe to run again."""
    from adapters.dynamodb_resolved_lines import file_resolved
    from adapters.dynamodb_tenant_list import tenant_ids
    from domain.tenants import TenantId
    from ops import target

    found = target.find(home, stack_name)
    asked = [TenantId(tenant)] if tenant else tenant_ids(found.tables["tenants"])
    filed = {one: file_resolved(found.tables["conversations"], one) for one in asked}
    if output is Output.JSON:
        print(json.dumps(filed, indent=2))
        return
    for one, count in filed.items():
        print(f"{one}: {count}")
