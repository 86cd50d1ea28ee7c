"""A stream as DynamoDB keeps it: shards that end, iterators that expire, records that are forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from adapters.dynamodb_migrations import Progress
from adapters.dynamodb_values import to_item
from ops.migrate.copying import Work
from ops.migrate.following import Follower, LostChangesError
from ops.migrate.sources import Source

_PAGE = 2


@dataclass
class FakeStore:
    kept: dict[str, Progress] = field(default_factory=dict)

    def read(self, name: str) -> Progress:
        return self.kept.get(name, Progress(name))

    def write(self, seen: Progress, told: Mapping[str, Any]) -> Progress:
        self.kept[seen.name] = Progress(seen.name, seen.version + 1, dict(told))
        return self.kept[seen.name]


@dataclass
class FakeJournal:
    store: FakeStore = field(default_factory=FakeStore)

    def shard(self, _: str, shard_id: str) -> Progress:
        return self.store.read(shard_id)


@dataclass
class FakeWork:
    journal: FakeJournal = field(default_factory=FakeJournal)
    applied: list[str] = field(default_factory=list)

    def check_whether_to_go_on(self) -> None: ...

    def apply(self, _: Source, rows: Sequence[Mapping[str, Any]]) -> Counter[str]:
        self.applied += [row["id"] for row in rows]
        return Counter({"read": len(rows)})


class FakeSource:
    table = "earlier"

    def row(self, key: Mapping[str, Any]) -> dict[str, Any] | None:
        return None if key["id"] == "gone" else {"id": key["id"]}


@dataclass
class FakeStreams:
    """`shards`: the ids that their records name, and whether the shard has ended."""

    shards: dict[str, tuple[list[str], bool]]
    created: datetime = field(default_factory=lambda: datetime.now(UTC) - timedelta(seconds=5))
    trimmed: bool = False
    expires: int = 0

    def describe_stream(self, StreamArn: str, ExclusiveStartShardId: str = "") -> dict[str, Any]:  # noqa: ARG002, N803 (as boto3)
        names = [name for name in self.shards if name > ExclusiveStartShardId]
        last = {"LastEvaluatedShardId": names[0]} if len(names) > 1 else {}
        return {"StreamDescription": {"Shards": [{"ShardId": name} for name in names[:1]], **last}}

    def get_shard_iterator(self, ShardId: str, SequenceNumber: str = "", **_: Any) -> dict[str, Any]:  # noqa: N803 (as boto3)
        if self.trimmed and SequenceNumber:
            raise ClientError({"Error": {"Code": "TrimmedDataAccessException"}}, "GetShardIterator")
        return {"ShardIterator": f"{ShardId}:{int(SequenceNumber) + 1 if SequenceNumber else 0}"}

    def get_records(self, ShardIterator: str, Limit: int) -> dict[str, Any]:  # noqa: ARG002, N803 (as boto3)
        if self.expires:
            self.expires -= 1
            raise ClientError({"Error": {"Code": "ExpiredIteratorException"}}, "GetRecords")
        name, _, start = ShardIterator.partition(":")
        ids, ended = self.shards[name]
        at = int(start)
        told = [_record(row_id, at + n, self.created) for n, row_id in enumerate(ids[at : at + _PAGE])]
        following = {} if ended and at + _PAGE >= len(ids) else {"NextShardIterator": f"{name}:{at + len(told)}"}
        return {"Records": told, **following}


def _record(row_id: str, sequence: int, created: datetime) -> dict[str, Any]:
    keys = to_item({"id": row_id})
    return {"dynamodb": {"Keys": keys, "SequenceNumber": str(sequence), "ApproximateCreationDateTime": created}}


def follower(work: FakeWork, streams: FakeStreams) -> Follower:
    return Follower(cast("Work", work), cast("Source", FakeSource()), "arn", _streams=streams)


def test_every_shard_is_read_to_its_end_and_never_again() -> None:
    work, streams = FakeWork(), FakeStreams({"s1": (["a", "b", "c"], True), "s2": (["d"], False)})
    ours = follower(work, streams)

    assert ours.catch_up() == 4
    assert sorted(work.applied) == ["a", "b", "c", "d"]
    assert work.journal.store.kept["s1"].told["done"]
    streams.shards["s2"][0].append("e")
    assert ours.catch_up() == 1


def test_another_process_goes_on_behind_what_is_written_down() -> None:
    work, streams = FakeWork(), FakeStreams({"s1": (["a", "b", "c"], False)})
    follower(work, streams).catch_up()
    streams.shards["s1"][0].append("d")
    follower(work, streams).catch_up()
    assert work.applied == ["a", "b", "c", "d"]


def test_a_row_is_read_once_for_several_records_and_a_deleted_one_not_at_all() -> None:
    work = FakeWork()
    follower(work, FakeStreams({"s1": (["a", "a", "gone"], False)})).catch_up()
    assert work.applied == ["a"]


def test_it_ends_at_the_moment_in_which_it_began_though_writes_go_on() -> None:
    soon = datetime.now(UTC) + timedelta(minutes=1)
    ours = follower(FakeWork(), FakeStreams({"s1": (["a"] * 100, False)}, created=soon))
    assert ours.catch_up() == _PAGE


def test_an_iterator_that_has_expired_is_asked_for_anew() -> None:
    work = FakeWork()
    follower(work, FakeStreams({"s1": (["a"], False)}, expires=1)).catch_up()
    assert work.applied == ["a"]


def test_forgotten_records_are_noticed() -> None:
    work, streams = FakeWork(), FakeStreams({"s1": (["a"], False)})
    follower(work, streams).catch_up()
    streams.trimmed = True
    with pytest.raises(LostChangesError):
        follower(work, streams).catch_up()
