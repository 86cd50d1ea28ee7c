from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.migrate.rows import TargetRow
from ops.migrate.tally import Tally


def row(name: str, value: int, version: str = "1") -> TargetRow:
    return TargetRow("customers", {"phoneNumber": name, "value": value}, version)


@pytest.fixture
def tally(tmp_path: Path) -> Iterator[Tally]:
    tally = Tally(tmp_path / "tally.sqlite")
    yield tally
    tally.close()


def expect(tally: Tally, *rows: TargetRow) -> None:
    tally.expect("earlier", '{"k": 1}', rows)


def stands(tally: Tally, *rows: TargetRow) -> None:
    for one in rows:
        tally.stands(one.name, one.table, "earlier", one.digest)


def test_the_sums_agree_in_whatever_order_rows_come(tally: Tally) -> None:
    rows = [row(f"acme#{n}", n) for n in range(5)]
    expect(tally, *rows)
    stands(tally, *reversed(rows))
    assert tally.expected("customers") == tally.standing("customers")
    assert tally.expected("customers").rows == 5
    assert (tally.open(), tally.extra()) == ([], [])


def test_missing_other_and_extra_rows_are_named(tally: Tally) -> None:
    expect(tally, row("acme#1", 1), row("acme#2", 2))
    stands(tally, row("acme#2", 3), row("acme#9", 9))
    assert {one.name for one in tally.open()} == {row("acme#1", 1).name, row("acme#2", 2).name}
    assert tally.open()[0].source_key == {"k": 1}
    assert tally.extra() == [(row("acme#9", 9).name, "earlier")]
    assert tally.expected("customers") != tally.standing("customers")


@pytest.mark.parametrize("newest_first", [True, False])
def test_of_two_legacy_rows_that_become_one_the_newest_counts(tally: Tally, newest_first: bool) -> None:
    old, new = row("acme#1", 1, "1"), row("acme#1", 2, "2")
    expect(tally, *((new, old) if newest_first else (old, new)))
    stands(tally, new)
    assert tally.open() == []


def test_what_is_left_to_the_new_system_is_compared_no_longer(tally: Tally) -> None:
    expect(tally, row("acme#1", 1), row("acme#2", 2))
    stands(tally, row("acme#1", 7), row("acme#2", 2))
    tally.left_to(row("acme#1", 1).name, "changed")
    assert tally.open() == []
    assert tally.expected("customers") == tally.standing("customers")
    assert tally.left("customers") == {"changed": 1}
