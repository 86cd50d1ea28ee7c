"""`ai-marketplace media …`: customers' files, and links to them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ops.errors import OpsError
from ops.local.commands import HomeOption, Output, OutputOption
from ops.local.places import DEFAULT_HOME
from ops.target import StackNameOption

if TYPE_CHECKING:
    from adapters.dynamodb_media import MessageWithMedia
    from domain.ports import MediaLinks
    from ops.target import Target

app = typer.Typer(no_args_is_help=True, help="Customers' pictures, voice notes and files.")

TenantOption = Annotated[str, typer.Option("--tenant", help="The seller's id.")]


@app.command("list")
def list_(  # noqa: PLR0913, PLR0917 (the options of a command)
    tenant: TenantOption,
    days: Annotated[int, typer.Option(min=1, max=3650, help="Of customers who wrote within so many days.")] = 7,
    missing: Annotated[bool, typer.Option("--missing", help="Only what is not stored: awaited, or refused.")] = False,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """A seller's files: message, kind, state, reason; never a word or a file's name."""
    from datetime import UTC, datetime, timedelta

    from adapters.dynamodb_media import DynamoMediaLists
    from domain.media import MediaState
    from domain.tenants import TenantId
    from ops import target

    found = target.find(home, stack_name)
    lists = DynamoMediaLists(found.tables["conversations"], found.tables["customers"])
    since = datetime.now(UTC) - timedelta(days=days)
    rows = [
        _described(one)
        for one in lists.since(TenantId(tenant), since)
        if not missing or one.media.state is not MediaState.STORED
    ]
    if output is Output.JSON:
        print(json.dumps(rows, indent=2))
        return
    _show(rows)


@app.command()
def link(
    message_id: Annotated[str, typer.Argument(help="WhatsApp's id of the message (wamid.…).")],
    tenant: TenantOption,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Print an address that gives a message's file out, as an attachment, for five minutes to whoever holds it."""
    from adapters.dynamodb_media import DynamoMediaLists
    from domain.messages import MessageId
    from domain.tenants import TenantId
    from ops import target

    found = target.find(home, stack_name)
    lists = DynamoMediaLists(found.tables["conversations"], found.tables["customers"])
    media = lists.of_message(TenantId(tenant), MessageId(message_id))
    if media is None:
        raise OpsError(f"{tenant} has no message of that id that carries a file")
    if media.key is None:
        raise OpsError(f"the file is {media.state}" + (f": {media.refusal}" if media.refusal else ""))
    print(_links(found).link(TenantId(tenant), media))


def _links(found: Target) -> MediaLinks:
    from adapters.s3_media import S3MediaLinks

    return S3MediaLinks(found.buckets["media"])


def _described(one: MessageWithMedia) -> dict[str, Any]:
    return {
        "message_id": one.message_id,
        "at": one.at,
        "kind": "voice" if one.media.voice else one.media.kind,
        "state": one.media.state,
        "mime_type": one.media.mime_type,
        "bytes": one.media.size,
        "refused_because": one.media.refusal,
    }


def _show(rows: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    if not rows:
        print("No files.")
        return
    shown = Table("at", "kind", "state", "why", "bytes")
    shown.add_column("message", overflow="fold")
    for row in rows:
        size = "" if row["bytes"] is None else str(row["bytes"])
        shown.add_row(row["at"], row["kind"], row["state"], row["refused_because"] or "", size, row["message_id"])
    Console().print(shown)
