"""Whether everything has arrived: the legacy rows transformed once more, against what stands in the deployment.

Both sides are counted and summed up. Live writes go on meanwhile, so whatever differs is looked at again, one by one,
until it agrees or the streams have nothing left to tell.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from adapters.aws_clients import client, translated
from adapters.dynamodb_erasures import read_row
from adapters.dynamodb_values import from_item
from ops.migrate.copying import Work
from ops.migrate.rows import DIGEST, FROM, KEYS, TargetRow, digest_of
from ops.migrate.sources import Source, pages
from ops.migrate.tally import Open, Tally
from ops.migrate.unfit import UnfitFile
from ops.migrate.writing import CHANGED, THEIRS, verdict_on

_PAGE = 500
_LOOKS = 6
_NAMED = 20
"""So many of the rows that do not agree are named; what is wrong with one is mostly wrong with all."""


class TableVerdict(BaseModel):
    table: str
    expected: int
    """Rows that the legacy rows become and the new system has neither written nor changed itself."""
    standing: int
    expected_checksum: str
    standing_checksum: str
    written_by_the_new_system: int
    changed_by_the_new_system: int

    @property
    def agrees(self) -> bool:
        return (self.expected, self.expected_checksum) == (self.standing, self.standing_checksum)


class Verdict(BaseModel):
    at: datetime
    legacy_rows: dict[str, int]
    unfit: int
    tables: list[TableVerdict]
    not_arrived: list[str]
    """Names of rows, at most so many."""
    without_a_legacy_row: list[str]

    @property
    def passed(self) -> bool:
        return all(table.agrees for table in self.tables) and not self.not_arrived and not self.without_a_legacy_row


@dataclass(slots=True)
class Verification:
    work: Work
    sources: Sequence[Source]
    catch_up: Callable[[], None]
    """Reads what the streams have to tell."""
    folder: Path
    _unfit: int = 0
    _read: dict[str, int] = field(default_factory=dict)

    def run(self) -> Verdict:
        self.catch_up()
        tally = Tally(self.folder / "verify.sqlite")
        try:
            with UnfitFile.anew(self.work.unfit.path) as unfit:
                for source in self.sources:
                    self._expect(tally, source, unfit)
            for table in KEYS:
                self._look_at(tally, table)
            for _ in range(_LOOKS):
                open_rows, extra = tally.open(), tally.extra()
                if not open_rows and not extra:
                    break
                self.catch_up()
                self._look_again(tally, open_rows, extra)
            return self._verdict(tally)
        finally:
            tally.close()

    def _expect(self, tally: Tally, source: Source, unfit: UnfitFile) -> None:
        segments = self.work.journal.segments
        self._read[source.table] = 0
        with ThreadPoolExecutor(1) as ahead:  # the next page is read while this one is transformed
            for segment in range(segments):
                found = pages(source, segment, segments, None, _PAGE)
                coming = ahead.submit(next, found, None)
                while (page := coming.result()) is not None:
                    coming = ahead.submit(next, found, None)
                    self._expect_page(tally, source, page[0], unfit)

    def _expect_page(self, tally: Tally, source: Source, rows: Sequence[Mapping[str, Any]], unfit: UnfitFile) -> None:
        self.work.check_whether_to_go_on()
        self.work.pace.wait(len(rows))
        for row in rows:
            done = self.work.transformed(source, row)
            self._unfit += len(done.unfit)
            if done.unfit:
                unfit.add(source.table, source.key_of(row), row, done.unfit)
            tally.expect(source.table, json.dumps(source.key_of(row), default=str), done.rows)
        self._read[source.table] += len(rows)
        self.work.told(source.table, len(rows))

    def _look_at(self, tally: Tally, table: str) -> None:
        for item in _scan(self.work.writer.tables[table]):
            row = TargetRow(table, item, "")
            if item.get(FROM) in self._read or (table == "tenant-usage" and tally.expects(row.name)):
                tally.stands(row.name, table, str(item.get(FROM, "")), digest_of(item))

    def _look_again(self, tally: Tally, open_rows: Sequence[Open], extra: Sequence[tuple[str, str]]) -> None:
        sources = {source.table: source for source in self.sources}
        for one in open_rows:
            row = sources[one.source].row(one.source_key)
            groups = self.work.transformed(sources[one.source], row).groups if row is not None else ()
            group = next((group for group in groups if any(target.name == one.name for target in group)), None)
            if group is None:
                tally.no_longer_expected(one.name)
                self._compare_extra(tally, one.name)
            else:
                expected = next(target for target in group if target.name == one.name)
                tally.expect(one.source, json.dumps(one.source_key, default=str), [expected])
                self._compare(tally, expected, group[0])
        for name, _ in extra:
            self._compare_extra(tally, name)

    def _compare(self, tally: Tally, expected: TargetRow, first: TargetRow) -> None:
        tally.forget(expected.name)
        stored = self._stored(expected.name)
        if stored:
            verdict = verdict_on(expected, stored)
            tally.stands(expected.name, expected.table, str(stored.get(FROM, "")), digest_of(stored))
        else:
            # A message that the new system has recorded itself stands elsewhere; its pointer leads there.
            deciding = self._stored(first.name)
            verdict = verdict_on(first, deciding) if deciding else ""
        if verdict in {THEIRS, CHANGED}:
            tally.left_to(expected.name, verdict)

    def _compare_extra(self, tally: Tally, name: str) -> None:
        tally.forget(name)
        stored = self._stored(name)
        if stored.get(DIGEST) == digest_of(stored):  # else the new system has made it its own
            tally.stands(name, json.loads(name)[0], str(stored[FROM]), stored[DIGEST])

    def _stored(self, name: str) -> dict[str, Any]:
        table, *values = json.loads(name)
        return dict(read_row(self.work.writer.tables[table], dict(zip(KEYS[table], values, strict=True))))

    def _verdict(self, tally: Tally) -> Verdict:
        return Verdict(
            at=datetime.now(UTC),
            legacy_rows=self._read,
            unfit=self._unfit,
            tables=[_of_table(tally, table) for table in tally.tables()],
            not_arrived=[_shown(one.name) for one in tally.open()[:_NAMED]],
            without_a_legacy_row=[_shown(name) for name, _ in tally.extra()[:_NAMED]],
        )


def _of_table(tally: Tally, table: str) -> TableVerdict:
    expected, standing, left = tally.expected(table), tally.standing(table), tally.left(table)
    return TableVerdict(
        table=table,
        expected=expected.rows,
        standing=standing.rows,
        expected_checksum=expected.checksum,
        standing_checksum=standing.checksum,
        written_by_the_new_system=left.get(THEIRS, 0),
        changed_by_the_new_system=left.get(CHANGED, 0),
    )


def _shown(name: str) -> str:
    """A row's name without the phone number that may be in it."""
    table, first, *rest = json.loads(name)
    tenant, _, identity = first.partition("#")
    return " ".join([table, f"{tenant}#…{identity[-4:]}" if table == "customers" else first, *rest])


def _scan(table: str) -> Iterator[dict[str, Any]]:
    with translated(f"read {table}"):
        for page in client("dynamodb").get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
            yield from (from_item(item) for item in page["Items"])
