"""Counts and checksums of two sides, in a file: however many rows there are, memory stays small."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ops.migrate.rows import TargetRow

_TABLES = """
create table expected (
  name text primary key, target text, source text, source_key text, version text, digest text, verdict text default ''
) without rowid;
create table standing (name text primary key, target text, source text, digest text) without rowid;
"""
_MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class Side:
    rows: int
    checksum: str
    """Sum of the rows' SHA-256 digests, modulo 2^256: the same in whatever order they are read."""


@dataclass(frozen=True, slots=True)
class Open:
    """A row that is not as it should be, and the legacy row of which it is made."""

    name: str
    source: str
    source_key: dict[str, Any]


class Tally:
    """`expected`: what the legacy rows become. `standing`: what the deployment holds of it."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        self._db = sqlite3.connect(path)
        self._db.executescript(f"pragma journal_mode = off; pragma synchronous = off; {_TABLES}")

    def close(self) -> None:
        self._db.close()

    def expect(self, source: str, source_key: str, rows: Sequence[TargetRow]) -> None:
        """Of several legacy rows that become one, the newest counts."""
        values = [(row.name, row.table, source, source_key, row.version, row.digest) for row in rows]
        self._db.executemany(
            "insert into expected (name, target, source, source_key, version, digest) values (?, ?, ?, ?, ?, ?) "
            "on conflict (name) do update set source = excluded.source, source_key = excluded.source_key, "
            "version = excluded.version, digest = excluded.digest where excluded.version >= version",
            values,
        )

    def stands(self, name: str, table: str, source: str, digest: str) -> None:
        self._db.execute("insert or replace into standing values (?, ?, ?, ?)", (name, table, source, digest))

    def forget(self, name: str) -> None:
        """It is looked at anew."""
        self._db.execute("delete from standing where name = ?", (name,))
        self._db.execute("update expected set verdict = '' where name = ?", (name,))

    def no_longer_expected(self, name: str) -> None:
        self._db.execute("delete from expected where name = ?", (name,))

    def left_to(self, name: str, verdict: str) -> None:
        """The new system has written or changed it: it is compared no longer."""
        self._db.execute("update expected set verdict = ? where name = ?", (verdict, name))

    def expects(self, name: str) -> bool:
        return self._db.execute("select 1 from expected where name = ?", (name,)).fetchone() is not None

    def open(self) -> list[Open]:
        """Missing, or another than is expected."""
        rows = self._db.execute(
            "select expected.name, expected.source, source_key from expected left join standing using (name) "
            "where verdict = '' and (standing.digest is null or standing.digest <> expected.digest)"
        )
        return [Open(name, source, json.loads(key)) for name, source, key in rows]

    def extra(self) -> list[tuple[str, str]]:
        """Name, and the table from which it came: a legacy row that is gone."""
        rows = self._db.execute(
            "select standing.name, standing.source from standing left join expected using (name) "
            "where expected.name is null"
        )
        return [(name, source) for name, source in rows]

    def tables(self) -> list[str]:
        rows = self._db.execute("select distinct target from expected union select distinct target from standing")
        return sorted(name for (name,) in rows)

    def expected(self, table: str) -> Side:
        return _side(self._db.execute("select digest from expected where verdict = '' and target = ?", (table,)))

    def standing(self, table: str) -> Side:
        return _side(
            self._db.execute(
                "select standing.digest from standing left join expected using (name) "
                "where standing.target = ? and coalesce(expected.verdict, '') = ''",
                (table,),
            )
        )

    def left(self, table: str) -> dict[str, int]:
        rows = self._db.execute(
            "select verdict, count(*) from expected where verdict <> '' and target = ? group by verdict", (table,)
        )
        return dict(rows.fetchall())


def _side(digests: sqlite3.Cursor) -> Side:
    rows = checksum = 0
    with closing(digests):
        for (digest,) in _each(digests):
            rows, checksum = rows + 1, (checksum + int(digest, 16)) % _MODULUS
    return Side(rows, f"{checksum:064x}")


def _each(cursor: sqlite3.Cursor) -> Iterator[tuple[str]]:
    yield from cursor
