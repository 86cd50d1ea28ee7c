"""The model in which one tenant is hot: DynamoDB's rules on a few items, and workers in virtual time."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from bench.dynamodb_rules import PARTITION_WRITES, HotDynamoDb
from bench.hot_tenant import HotTenant
from bench.virtual_time import Invocation, VirtualTime


class Workers:
    """Each begins at a moment; what it raised is kept."""

    def __init__(self, kept_seconds: int = 300) -> None:
        self.time = VirtualTime()
        self.aws = HotDynamoDb(self.time, kept_seconds)
        self.table = self.aws.tables["TenantUsageTable"]
        self.refused: list[tuple[float, Any]] = []

    def count(self, at: float, *months: str) -> None:
        """One transaction over these items."""
        actions = [{"Update": self._add(month)} for month in months]
        self._begin(at, lambda: self.aws.transact_write_items(TransactItems=actions))

    def write(self, at: float, month: str) -> None:
        self._begin(at, lambda: self.aws.update_item(**self._add(month)))

    def run(self) -> dict[str, int]:
        """What the items say in the end."""
        self.time.run()
        rows = self.aws.store.tables[self.table].items()
        return {row["month"]["S"]: int(row["n"]["N"]) for row in rows}

    @property
    def units(self) -> dict[str, int]:
        return {key[2]: units.total() for key, units in self.aws.written.items()}

    def _add(self, month: str) -> dict[str, Any]:
        return {
            "TableName": self.table,
            "Key": {"tenantId": {"S": "acme"}, "month": {"S": month}},
            "UpdateExpression": "ADD n :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        }

    def _begin(self, at: float, call: Any) -> None:
        def trying() -> None:
            try:
                call()
            except ClientError as error:
                self.refused.append((round(self.time.now, 4), error.response))

        self.time.at(at, lambda: self.time.begin(Invocation(trying, None)))


def test_a_transaction_is_refused_by_another_on_one_of_its_items() -> None:
    workers = Workers()
    workers.count(0.0, "a", "b")
    workers.count(0.005, "b", "c")
    assert workers.run() == {"a": 1, "b": 1}
    [(_, response)] = workers.refused
    assert response["Error"]["Code"] == "TransactionCanceledException"
    assert [reason["Code"] for reason in response["CancellationReasons"]] == ["TransactionConflict", "None"]
    assert workers.units == {"a": 2, "b": 3}


def test_transactions_that_share_no_item_do_not_meet_nor_those_after_each_other() -> None:
    workers = Workers()
    workers.count(0.0, "a")
    workers.count(0.0, "b")
    workers.count(0.02, "a")
    assert workers.run() == {"a": 2, "b": 1}
    assert workers.refused == []


def test_a_plain_write_is_refused_by_a_transaction_and_another_plain_one_is_not() -> None:
    workers = Workers()
    workers.count(0.0, "a")
    workers.write(0.004, "a")
    workers.write(0.05, "a")
    workers.write(0.05, "a")
    assert workers.run() == {"a": 3}
    [(_, response)] = workers.refused
    assert response["Error"]["Code"] == "TransactionConflictException"


def test_a_partition_takes_its_thousand_units_a_second_and_what_it_kept() -> None:
    workers = Workers(kept_seconds=1)
    for n in range(PARTITION_WRITES // 2 + 10):
        workers.count(0.0, f"item-{n}")
    workers.count(0.9, "later")
    assert workers.run()["later"] == 1
    assert [response["CancellationReasons"] for _, response in workers.refused] == [[{"Code": "ThrottlingError"}]] * 10
    kept = Workers(kept_seconds=2)
    for n in range(PARTITION_WRITES // 2 + 10):
        kept.count(0.0, f"item-{n}")
    kept.run()
    assert kept.refused == []


def test_whoever_sleeps_lets_others_go_on_with_a_memory_of_their_own() -> None:
    seen: list[tuple[float, str]] = []
    remembered: list[str] = []
    time = VirtualTime(remembered.append)

    def work(name: str, seconds: float) -> Invocation:
        def working() -> None:
            time.sleep(seconds)
            seen.append((time.now, remembered[-1]))

        return Invocation(working, name)

    time.at(1.0, lambda: time.begin(work("slow", 2.0)))
    time.at(1.5, lambda: time.begin(work("quick", 0.5)))
    time.run()
    assert seen == [(2.0, "quick"), (3.0, "slow")]


@pytest.mark.parametrize("seed", [0, 1])
def test_a_hot_month_is_counted_exactly_on_several_items(seed: int) -> None:
    outcome = HotTenant(rate=400, seconds=0.3, customers=150, seed=seed).run()
    assert outcome.counted == outcome.wanted
    assert outcome.messages > 60
    assert len(outcome.most_units) > 4
    assert max(outcome.most_units.values()) <= 100
