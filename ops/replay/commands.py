"""`ai-marketplace replay`"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ops.errors import OpsError
from ops.local.commands import HomeOption, Output, OutputOption
from ops.local.places import DEFAULT_HOME

if TYPE_CHECKING:
    from ops.replay.bodies import Body
    from ops.stack_file import StackFile, StackTenant


class StackName(StrEnum):
    LOCAL = "local"


def replay(  # noqa: PLR0913, PLR0917 (the options of a command)
    paths: Annotated[list[Path], typer.Argument(help="Webhook bodies: files, or folders of *.json.")],
    stack: Annotated[StackName, typer.Option(help="Where to post them.")] = StackName.LOCAL,  # noqa: ARG001 (the one there is)
    map_numbers: Annotated[
        bool, typer.Option("--map-numbers", help="Readdress numbers and accounts of nobody here to a seller.")
    ] = False,
    tenant: Annotated[str | None, typer.Option(help="With --map-numbers: to this seller.")] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="New message ids, sent now: else a second run meets only duplicates.")
    ] = False,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds to wait until all have settled.")] = 180,
    concurrency: Annotated[int, typer.Option(min=1, max=64, help="Bodies posted at once.")] = 4,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Post recorded webhook bodies, signed, and follow each update to its end. Exit code 1 if one got lost."""
    from ops import stack_file
    from ops.local.aws import LocalAws
    from ops.outcomes.log_search import LogSearch
    from ops.replay import bodies, view
    from ops.replay.progress import ReplayProgress
    from ops.replay.run import replay_on

    found = stack_file.load(home.resolve())
    LocalAws(found.aws_endpoint_url, found.region).be_the_environments()
    recorded = _prepared(bodies.read(paths), found, tenant, map_numbers=map_numbers, fresh=fresh)
    logs = LogSearch(tuple(found.functions.values()), home.resolve() / "logs")
    report = replay_on(found, logs, ReplayProgress()).run(recorded, concurrency, timeout)
    if output is Output.JSON:
        print(report.model_dump_json(indent=2))
    else:
        view.show(report)
    if not report.ok:
        raise typer.Exit(1)


def _prepared(
    recorded: list[Body], stack: StackFile, tenant: str | None, *, map_numbers: bool, fresh: bool
) -> list[Body]:
    import secrets
    import time

    from ops.replay.addressing import Readdressing
    from ops.replay.freshness import freshened

    if map_numbers:
        readdressing = Readdressing(stack.tenants, _targets(stack, tenant))
        recorded = [readdressing.applied(body) for body in recorded]
    return freshened(recorded, secrets.token_hex(4), int(time.time())) if fresh else recorded


def _targets(stack: StackFile, tenant: str | None) -> list[StackTenant]:
    from adapters.dynamodb_tenants import DynamoTenants
    from domain.tenants import PhoneNumberId

    if tenant is None:
        stored = DynamoTenants(stack.tables["tenants"], cache_seconds=0)
        numbers = [(seller, stored.number(PhoneNumberId(seller.phone_number_id))) for seller in stack.tenants]
        return [seller for seller, number in numbers if number is not None and number.active]
    named = [seller for seller in stack.tenants if seller.id == tenant]
    if not named:
        raise OpsError(f"no seller is called {tenant}", f"there are {', '.join(one.id for one in stack.tenants)}")
    return named
