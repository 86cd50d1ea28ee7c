"""What stands decides; what DynamoDB does not take keeps no other row from going in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from botocore.exceptions import ClientError

from adapters.dynamodb_transactions import Refusal
from adapters.dynamodb_values import from_item
from domain.errors import ServiceUnavailableError
from ops.migrate import writing
from ops.migrate.pace import Pace
from ops.migrate.rows import TargetRow
from ops.migrate.writing import CHANGED, OLDER, REFUSED, REPLACED, SAME, THEIRS, WRITTEN, Sourced, Writer, verdict_on


def row(name: str, value: int = 1, version: str = "5") -> TargetRow:
    return TargetRow("customers", {"phoneNumber": name, "value": value}, version)


class FakeTable:
    """Refuses what stands, and is told nothing of what it cannot take."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, invalid: str = "") -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.calls = 0
        self.invalid = invalid
        monkeypatch.setattr(writing, "transact", self.transact)

    def transact(self, actions: Sequence[dict[str, Any]]) -> list[Refusal]:
        self.calls += 1
        items = [from_item(action["Put"]["Item"]) for action in actions]
        if any(item["phoneNumber"] == self.invalid for item in items):
            error = ServiceUnavailableError("write")
            error.__cause__ = ClientError({"Error": {"Code": "ValidationException"}}, "TransactWriteItems")
            raise error
        new = ["attribute_not_exists" in action["Put"]["ConditionExpression"][:20] for action in actions]
        refusals = [
            Refusal(n, self.rows[item["phoneNumber"]])
            for n, item in enumerate(items)
            if new[n] and item["phoneNumber"] in self.rows
        ]
        if not refusals:
            self.rows |= {item["phoneNumber"]: item for item in items}
        return refusals


def written(rows: Sequence[TargetRow], again: Sequence[TargetRow] = ()) -> dict[str, int]:
    return dict(writer().write([sourced(rows, again)]))


def writer() -> Writer:
    return Writer({"customers": "customers-table"}, Pace(1e9))


def sourced(rows: Sequence[TargetRow], again: Sequence[TargetRow] = ()) -> Sourced:
    return Sourced("earlier", [(one,) for one in rows], lambda: [(one,) for one in again or rows])


def test_new_rows_go_in_and_are_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    table = FakeTable(monkeypatch)
    assert written([row("a"), row("b")]) == {WRITTEN: 2}
    assert written([row("a"), row("b"), row("c")]) == {SAME: 2, WRITTEN: 1}
    assert set(table.rows) == {"a", "b", "c"}


def test_a_process_asks_once_for_what_it_has_found(monkeypatch: pytest.MonkeyPatch) -> None:
    table, ours = FakeTable(monkeypatch), writer()
    ours.write([sourced([row("a")])])
    assert ours.write([sourced([row("a")])]) == {SAME: 1}
    assert table.calls == 1


def test_an_older_row_is_replaced_by_what_the_legacy_row_is_by_then(monkeypatch: pytest.MonkeyPatch) -> None:
    table = FakeTable(monkeypatch)
    written([row("a", 1)])
    assert written([row("a", 2, "6")], again=[row("a", 3, "7")]) == {REPLACED: 1}
    assert table.rows["a"]["value"] == 3


def test_one_row_that_is_not_taken_keeps_no_other_back(monkeypatch: pytest.MonkeyPatch) -> None:
    table = FakeTable(monkeypatch, invalid="c")
    assert written([row(name) for name in "abcde"]) == {WRITTEN: 4, REFUSED: 1}
    assert set(table.rows) == set("abde")


def test_what_stands_decides() -> None:
    ours = row("a", 1).item("earlier")
    assert verdict_on(row("a", 1), ours) == SAME
    assert verdict_on(row("a", 2), {"phoneNumber": "a", "value": 9}) == THEIRS
    assert verdict_on(row("a", 2), {**ours, "value": 9}) == CHANGED
    assert verdict_on(row("a", 2, "4"), ours) == OLDER
    assert verdict_on(row("a", 2, "6"), ours) == REPLACED
