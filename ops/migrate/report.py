"""What the `migrate` commands answer, for programs and for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel

from ops.migrate.copying import READ, UNFIT
from ops.migrate.cutting_over import cut_over_at
from ops.migrate.desk import Migration
from ops.migrate.sources import Source
from ops.migrate.wiring import Outputs
from ops.migrate.writing import CHANGED, OLDER, REFUSED, REPLACED, SAME, THEIRS, WRITTEN


class SourceReport(BaseModel):
    table: str
    into: str
    items: int
    """As DynamoDB counts them, every six hours."""
    bytes: int
    stream: bool
    """Whether one is on already."""


class Plan(BaseModel):
    stack: str
    sources: list[SourceReport]
    not_copied: list[str]
    begun: bool
    copied: list[str]
    cut_over_at: datetime | None
    steps: list[str]


class CopyReport(BaseModel):
    table: str
    read: int
    written: int
    replaced: int
    there_already: int
    newer_there: int
    left_to_the_new_system: int
    refused: int
    """Rows that DynamoDB does not take."""
    unfit: int


class RunReport(BaseModel):
    tables: list[CopyReport]
    throttled: int
    unfit_file: str
    seconds: float
    dry_run: bool = False


def plan_of(migration: Migration, stack: str, told: Outputs) -> Plan:
    journal = migration.journal
    return Plan(
        stack=stack,
        sources=[_source(source, migration.tables) for source in migration.sources],
        not_copied=["embeddings: made anew from the products"],
        begun=journal.begun,
        copied=[one.table for one in migration.sources if journal.begun and journal.copied(one.table)],
        cut_over_at=cut_over_at(migration),
        steps=_steps(migration.sources, told),
    )


def _source(source: Source, tables: Mapping[str, str]) -> SourceReport:
    return SourceReport(
        table=source.table,
        into=tables[source.kind],
        items=source.items,
        bytes=source.bytes,
        stream=bool(source.stream_arn),
    )


def _steps(sources: Sequence[Source], told: Outputs) -> list[str]:
    names = ", ".join(source.table for source in sources)
    return [
        "`migrate run --dry-run`: what would become of every row; the file of what is unfit says what to mend first.",
        (
            f"`migrate run`: switches on the streams of {names}; copies them; reads what is written meanwhile. "
            "Again at least daily until the cutover: a stream forgets after 24 hours."
        ),
        "`migrate verify`: counts and checksums of both sides.",
        (
            "At Meta, app dashboard, WhatsApp, Configuration, Webhook: callback URL "
            f"{told.webhook_url}, verify token as `verify_token` in the secret {told.platform_secret}. "
            "The app's secret must stand there as `app_secret` before: whatever Meta signs with another is refused, "
            "and sent again for seven days."
        ),
        (
            "`migrate cutover`: waits until the earlier system is silent, closes the legacy tables to writes, compares "
            "everything a last time. Until the cleanup, `--undo` and the old callback URL lead back."
        ),
        "`migrate cleanup`: backs each legacy table up, then deletes it.",
    ]


def run_report(counts: Mapping[str, Counter[str]], throttled: int, unfit: Path, seconds: float) -> RunReport:
    return RunReport(
        tables=[
            CopyReport(
                table=table,
                read=count[READ],
                written=count[WRITTEN],
                replaced=count[REPLACED],
                there_already=count[SAME],
                newer_there=count[OLDER],
                left_to_the_new_system=count[THEIRS] + count[CHANGED],
                refused=count[REFUSED],
                unfit=count[UNFIT],
            )
            for table, count in counts.items()
        ],
        throttled=throttled,
        unfit_file=str(unfit) if unfit.exists() else "",
        seconds=round(seconds, 3),
    )
