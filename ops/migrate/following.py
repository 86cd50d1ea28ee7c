"""What is written to a legacy table while it is copied: its stream, read beside the copy.

A record only says which row has changed. What is written is the row as it is then, so that records may come in any
order, twice, or long after the copy has met the row.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.exceptions import ClientError

from adapters.aws_clients import client, translated
from adapters.dynamodb_erasures import read_row
from adapters.dynamodb_migrations import Progress
from adapters.dynamodb_values import from_item
from ops.errors import OpsError
from ops.migrate.copying import READ, Work
from ops.migrate.rows import DIGEST, FROM, TargetRow, digest_of
from ops.migrate.sources import Source, look

_RECORDS = 200
_WAIT_SECONDS = 0.25
"""DynamoDB allows five reads of a shard a second."""
_SWITCHING_SECONDS = 120
REMOVED = "removed"


class LostChangesError(Exception):
    """Records older than a day are gone: only a copy from the beginning finds what they told."""


def switch_on(source: Source) -> str:
    """The ARN of the table's stream, and the table active. One that is on already serves as it is."""
    if not source.stream_arn:
        with translated(f"switch on the stream of {source.table}"):
            client("dynamodb").update_table(
                TableName=source.table,
                StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
            )
    deadline = time.monotonic() + _SWITCHING_SECONDS
    while time.monotonic() < deadline:
        with translated(f"look at {source.table}"):
            status = client("dynamodb").describe_table(TableName=source.table)["Table"]["TableStatus"]
        now = look(source.kind, source.table)
        if status == "ACTIVE" and now is not None and now.stream_arn:
            return now.stream_arn
        time.sleep(1)
    raise OpsError(f"the stream of {source.table} is not on after {_SWITCHING_SECONDS} s", "run it again")


@dataclass(slots=True)
class Follower:
    """Of one table. Not for several threads."""

    work: Work
    source: Source
    stream_arn: str
    counts: Counter[str] = field(default_factory=Counter)
    _streams: Any = field(default_factory=lambda: boto3.client("dynamodbstreams"))
    _shards: dict[str, Progress] = field(default_factory=dict)
    _iterators: dict[str, str] = field(default_factory=dict)

    def catch_up(self) -> int:
        """Every shard, as far as what had been written by now. Returns how many records there were."""
        until = datetime.now(UTC)
        return sum(self._read(shard_id, until) for shard_id in self._open_shards())

    def _open_shards(self) -> Iterator[str]:
        for shard_id in self._shard_ids():
            if shard_id not in self._shards:
                self._shards[shard_id] = self.work.journal.shard(self.source.table, shard_id)
            if not self._shards[shard_id].told.get("done"):
                yield shard_id

    def _shard_ids(self) -> list[str]:
        found: list[str] = []
        more: dict[str, str] = {}
        while True:
            with translated(f"look at the stream of {self.source.table}"):
                told = self._streams.describe_stream(StreamArn=self.stream_arn, **more)["StreamDescription"]
            found += [shard["ShardId"] for shard in told["Shards"]]
            if not told.get("LastEvaluatedShardId"):
                return found
            more = {"ExclusiveStartShardId": told["LastEvaluatedShardId"]}

    def _read(self, shard_id: str, until: datetime) -> int:
        records = 0
        while True:
            self.work.check_whether_to_go_on()
            got, iterator = self._get(shard_id)
            if got:
                self.counts += self._apply(got)
            if got or iterator is None:
                told = {"after": _sequence(got, self._shards[shard_id]), "done": iterator is None}
                self._shards[shard_id] = self.work.journal.store.write(self._shards[shard_id], told)
            if iterator is not None:
                self._iterators[shard_id] = iterator
            records += len(got)
            # A record's time has whole seconds: one that is later was written later.
            if iterator is None or not got or got[-1]["dynamodb"]["ApproximateCreationDateTime"] > until:
                return records

    def _get(self, shard_id: str) -> tuple[Sequence[Mapping[str, Any]], str | None]:
        with translated(f"read the stream of {self.source.table}"):
            try:
                iterator = self._iterators.pop(shard_id, None) or self._iterator(shard_id)
                got = self._streams.get_records(ShardIterator=iterator, Limit=_RECORDS)
            except ClientError as error:
                code = error.response["Error"]["Code"]
                if code == "TrimmedDataAccessException":
                    raise LostChangesError from error
                if code != "ExpiredIteratorException":
                    raise
                return self._get(shard_id)
        return got["Records"], got.get("NextShardIterator")

    def _iterator(self, shard_id: str) -> str:
        after = self._shards[shard_id].told.get("after")
        where: dict[str, Any] = {"ShardIteratorType": "TRIM_HORIZON"}
        if after:
            where = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": after}
        found = self._streams.get_shard_iterator(StreamArn=self.stream_arn, ShardId=shard_id, **where)
        return str(found["ShardIterator"])

    def _apply(self, records: Sequence[Mapping[str, Any]]) -> Counter[str]:
        changed = {str(record["dynamodb"]["Keys"]): record["dynamodb"] for record in records}
        rows, counts = [], Counter({"records": len(records)})
        for record in changed.values():
            row = self.source.row(from_item(record["Keys"]))
            if row is not None:
                rows.append(row)
            elif "OldImage" in record:
                counts[REMOVED] += self._remove(from_item(record["OldImage"]))
        counts += self.work.apply(self.source, rows)
        counts[READ] -= len(rows)  # they are counted where they are copied
        return counts

    def _remove(self, row: Mapping[str, Any]) -> int:
        """What it became, as far as it came from this table and nobody has changed it."""
        return sum(
            remove_row(self.work, self.source, target) for target in self.work.transformed(self.source, row).rows
        )


def remove_row(work: Work, source: Source, target: TargetRow) -> bool:
    table = work.writer.tables[target.table]
    stored = read_row(table, target.key)
    if not stored or (target.marked and not _untouched(stored, source)):
        return False
    return work.writer.remove(target, stored)


def _untouched(stored: Mapping[str, Any], source: Source) -> bool:
    return stored.get(FROM) == source.table and stored.get(DIGEST) == digest_of(stored)


def _sequence(records: Sequence[Mapping[str, Any]], progress: Progress) -> str | None:
    if records:
        return str(records[-1]["dynamodb"]["SequenceNumber"])
    return progress.told.get("after")


def follow_until_quiet(
    followers: Sequence[Follower], seconds: float, sleep: Callable[[float], None] = time.sleep
) -> None:
    """Until no stream has told anything for so long."""
    quiet_since = time.monotonic()
    while True:
        if sum(follower.catch_up() for follower in followers):
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since >= seconds:
            return
        sleep(_WAIT_SECONDS)
