"""One operator who migrates into one deployment: copy, follow, verify."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.aws_clients import client, translated
from adapters.dynamodb_migrations import DynamoMigrations
from adapters.dynamodb_values import from_item
from domain.conversations import FREE_FORM_WINDOW
from domain.product_feed import FeedDefaults
from domain.tenants import PhoneNumberId, TenantId
from ops.errors import OpsError
from ops.migrate.copying import StoppedError, Told, Work, copy
from ops.migrate.erased import erased
from ops.migrate.following import Follower, LostChangesError, follow_until_quiet, switch_on
from ops.migrate.journal import Journal
from ops.migrate.pace import Pace
from ops.migrate.rehearsing import rehearse
from ops.migrate.rows import TargetRow
from ops.migrate.sources import Source, find
from ops.migrate.transforms.context import Context
from ops.migrate.unfit import UnfitFile
from ops.migrate.verifying import Verdict, Verification
from ops.migrate.writing import REPLACED, WRITTEN, Writer

_MOST_ROUNDS = 20
_FOLLOW_SECONDS = 2.0

FIRST = "tenants"
"""Whose rows the other transforms need."""


@dataclass(slots=True)
class Settings:
    folder: Path
    rows_per_second: float
    segments: int
    streams: bool
    legacy_prefix: str


@dataclass(slots=True)
class Migration:
    tables: Mapping[str, str]
    secrets_prefix: str
    settings: Settings
    stopped: Callable[[], bool] = lambda: False
    told: Told = field(default=lambda _table, _rows: None)
    journal: Journal = field(init=False)
    sources: list[Source] = field(init=False)
    pace: Pace = field(init=False)
    unfit: UnfitFile = field(init=False)

    def __post_init__(self) -> None:
        self.journal = Journal.open(DynamoMigrations(self.tables["conversations"]))
        self.sources = find(self.tables, self.settings.legacy_prefix)
        self.pace = Pace(self.settings.rows_per_second)
        self.unfit = UnfitFile(self.settings.folder / "unfit.jsonl")

    # ---- run ---------------------------------------------------------------------------------------------------

    def run(self, *, again: bool = False) -> None:
        """Copies what is not copied yet, beside what is written meanwhile, and ends where nothing is left to tell.

        `again`: everything from the beginning, since something of the deployment was mended.
        """
        if not self.journal.begun:
            self.journal.begin(self.settings.segments)
        elif again:
            for source in self.sources:
                self.journal.next_round(source.table)
        if self.settings.streams:
            self._switch_streams_on()
        for attempt in range(2):
            try:
                self._copy_all()
                break
            except LostChangesError:
                if attempt:
                    raise OpsError(
                        "a stream has lost changes again", "run it again, and more often than daily"
                    ) from None
                for source in self.sources:
                    self.journal.next_round(source.table)

    def _switch_streams_on(self) -> None:
        """Before anything is copied: whatever is written from here on is told."""
        known = dict(self.journal.head.told.get("streams", {}))
        now = {source.table: switch_on(source) for source in self.sources}
        if now != known:
            self.journal.note(streams=known | now)
        for table in (table for table, arn in now.items() if known.get(table, arn) != arn):
            self.journal.next_round(table)  # it was off for a while: what was written then, nobody tells

    def _copy_all(self) -> None:
        first = [source for source in self.sources if source.kind == FIRST]
        work = self.work()
        for source in first:
            copy(work, source)
        work = self.work()  # that knows the tenants
        others = [source for source in self.sources if source.kind != FIRST]
        with self._followed_beside(work):
            for source in others:
                copy(work, source)
        self.catch_up(work)
        self._copy_again_until_quiet(work)

    @contextmanager
    def _followed_beside(self, work: Work) -> Iterator[None]:
        """A stream keeps its records for a day, and a copy may take longer."""
        ended, errors = threading.Event(), list[BaseException]()

        def follow() -> None:
            followers = self._followers(work)
            try:
                while not ended.wait(_FOLLOW_SECONDS):
                    for follower in followers:
                        follower.catch_up()
            except StoppedError:
                pass
            except BaseException as error:  # noqa: BLE001 (it is raised again, in the thread that waits for this one)
                errors.append(error)
                work.failed.set()

        thread = threading.Thread(target=follow, name="follow")
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
            if errors:
                raise errors[0]

    def _followers(self, work: Work) -> list[Follower]:
        streams = {source.table: self.journal.stream_of(source.table) for source in self.sources}
        return [Follower(work, source, streams[source.table]) for source in self.sources if streams[source.table]]

    def catch_up(self, work: Work) -> None:
        """Whatever has been written by now."""
        for follower in self._followers(work):
            follower.catch_up()

    def wait_for_silence(self, work: Work, seconds: float) -> None:
        followers = self._followers(work)
        if followers:
            follow_until_quiet(followers, seconds)

    def _copy_again_until_quiet(self, work: Work) -> None:
        """Of tables without a stream: once more from the beginning, until a round finds nothing new."""
        for source in self.sources:
            if self.journal.stream_of(source.table):
                continue
            for _ in range(_MOST_ROUNDS):
                self.journal.next_round(source.table)
                copy(work, source)
                counts = self.journal.counts(source.table)
                if not counts[WRITTEN] + counts[REPLACED]:
                    break

    # ---- what the transforms know ------------------------------------------------------------------------------

    def work(self) -> Work:
        return Work(
            self.journal,
            Writer(self.tables, self.pace),
            self.pace,
            self._context(),
            self.unfit,
            self.stopped,
            self.told,
        )

    def _context(self) -> Context:
        begun = self.journal.begun_at if self.journal.begun else datetime.now(UTC)
        context = Context(begun - FREE_FORM_WINDOW, self.secrets_prefix, erased=erased(self.tables["customers"]))
        return replace(context, **_of_tenants(_rows_of(self.tables["tenants"])))

    # ---- verify ------------------------------------------------------------------------------------------------

    def verify(self, *, note: bool = True) -> Verdict:
        if not self.journal.begun or not all(self.journal.copied(source.table) for source in self.sources):
            raise OpsError("not everything is copied yet", "`ai-marketplace migrate run` goes on where it ended")
        work = self.work()
        verdict = Verification(work, self.sources, lambda: self._look_for_news(work), self.settings.folder).run()
        if note:
            self.journal.note(
                verified=verdict.model_dump(mode="json", include={"at", "legacy_rows", "unfit"})
                | {"passed": verdict.passed}
            )
        return verdict

    def _look_for_news(self, work: Work) -> None:
        self.catch_up(work)
        self._copy_again_until_quiet(work)

    def verified_since(self, age: timedelta) -> bool:
        verified = self.journal.head.told.get("verified")
        if not verified or not verified["passed"]:
            return False
        return datetime.now(UTC) - datetime.fromisoformat(verified["at"]) <= age

    def counts(self) -> dict[str, Counter[str]]:
        return {source.table: self.journal.counts(source.table) for source in self.sources}

    def dry_run(self) -> dict[str, Counter[str]]:
        """What would become of every row; nothing is written but the list of what is unfit."""
        work, tenants = self.work(), list[TargetRow]()
        counts = {}
        for source in self.sources:
            if source.kind != FIRST:
                contents = [*_rows_of(self.tables["tenants"]), *(row.content for row in tenants)]
                work.context = replace(work.context, **_of_tenants(contents))
            counts[source.table] = rehearse(work, source, tenants if source.kind == FIRST else None)
        return counts


def _rows_of(table: str) -> Sequence[dict[str, Any]]:
    with translated("read the tenants"):
        pages = client("dynamodb").get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
        return [from_item(item) for page in pages for item in page["Items"]]


def _of_tenants(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    numbers: dict[TenantId, tuple[PhoneNumberId, ...]] = {}
    defaults = {}
    for row in rows:
        tenant_id = TenantId(row["tenantId"])
        if str(row["sk"]).startswith("number#"):
            known = {*numbers.get(tenant_id, ()), PhoneNumberId(row["phoneNumberId"])}
            numbers[tenant_id] = tuple(sorted(known))
        elif row["sk"] == "profile":
            defaults[tenant_id] = FeedDefaults(row["currency"], row["language"])
    return {"numbers": numbers, "defaults": defaults}
