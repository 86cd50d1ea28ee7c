"""DynamoDB's rules for what is hot, around the proof's embedded DynamoDB: conflicts, partitions, units.

- An item that is in one transaction refuses another (TransactionCanceledException, reason TransactionConflict) and a
  plain write (TransactionConflictException); nothing waits.
  docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
- A write takes a unit for each kilobyte, in a transaction two: one to prepare, one to commit.
  …/transaction-apis.html#transaction-capacity-handling
- A partition takes 1,000 write units and 3,000 read units a second, and keeps those of five minutes that were not used.
  …/bp-partition-key-design.html, …/burst-adaptive-capacity.html
- Adaptive capacity parts what is hot into further partitions, even the items of one partition key where the table has
  no local index (…/burst-adaptive-capacity.html). When is not told: here never, so that nothing hangs on it.

What is not documented is taken against us: a transaction that is refused still takes the unit of its preparation.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from botocore.exceptions import ClientError

from bench.virtual_time import VirtualTime
from ops.prove.aws.dynamodb import DynamoDb
from ops.prove.aws.refusal import ServiceError
from ops.prove.clock import Clock
from ops.prove.template import ResolvedTemplate

PARTITION_WRITES = 1_000
BURST_SECONDS = 300
_UNIT_BYTES = 1024

Key = tuple[str, ...]
"""A table's name, then an item's key."""


@dataclass(frozen=True)
class Latency:
    """Seconds. Assumed: AWS publishes none but single digits of milliseconds for one item."""

    one: float = 0.005
    """A call about one item."""
    transaction: float = 0.020
    held: float = 0.0125
    """Of that, how long its items are in it: so one item does 80 transactions a second at most."""


@dataclass
class _Partition:
    most: float
    """Units that it keeps."""
    left: float
    since: float = 0.0

    def takes(self, units: int, now: float) -> bool:
        self.left = min(self.most, self.left + (now - self.since) * PARTITION_WRITES)
        self.since = now
        if self.left < units:
            return False
        self.left -= units
        return True


@dataclass
class HotDynamoDb:
    """In place of boto3's client, as far as the pipeline's adapters ask."""

    time: VirtualTime
    latency: Latency = field(default_factory=Latency)
    kept_seconds: int = BURST_SECONDS
    """Of a partition's units that were not used."""
    store: DynamoDb = field(default_factory=lambda: DynamoDb(Clock(0.0)))
    tables: dict[str, str] = field(default_factory=dict)
    """Names by the template's ids."""
    written: defaultdict[Key, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    """Units by item and second."""
    calls: Counter[str] = field(default_factory=Counter)
    throttled: int = 0
    _held: set[Key] = field(default_factory=set)
    _partitions: dict[Key, _Partition] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for logical_id, properties in ResolvedTemplate({"Stage": "local"}).of_type("AWS::DynamoDB::Table"):
            self.tables[logical_id] = self.store.create(properties)

    def transact_write_items(self, TransactItems: Sequence[Mapping[str, Any]]) -> dict[str, Any]:  # noqa: N803 (boto3's)
        self.calls["TransactWriteItems"] += 1
        on_the_way = (self.latency.transaction - self.latency.held) / 2
        self.time.sleep(on_the_way)
        actions = [(kind, action) for entry in TransactItems for kind, action in entry.items()]
        items = {self._key(kind, action): _units(action) for kind, action in actions}
        reasons = self._reasons_against(items)
        if any(reasons):
            self._charge({key: units for key, units in items.items() if key in self._held})
            self.time.sleep(on_the_way)
            raise _cancelled([{"Code": reason or "None"} for reason in reasons])
        self._held |= items.keys()
        self._charge({key: 2 * units for key, units in items.items()})
        self.time.sleep(self.latency.held)
        try:
            return self._call("TransactWriteItems", {"TransactItems": TransactItems})
        finally:
            self._held -= items.keys()
            self.time.sleep(on_the_way)

    def update_item(self, **request: Any) -> dict[str, Any]:
        return self._alone("Update", "UpdateItem", request)

    def put_item(self, **request: Any) -> dict[str, Any]:
        return self._alone("Put", "PutItem", request)

    def get_item(self, **request: Any) -> dict[str, Any]:
        self.calls["GetItem"] += 1
        self.time.sleep(self.latency.one)
        return self._call("GetItem", request)

    def _alone(self, kind: str, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        self.calls[operation] += 1
        self.time.sleep(self.latency.one)
        key = self._key(kind, request)
        self._charge({key: _units(request)})
        if key in self._held:
            raise _error("TransactionConflictException", operation)
        if not self._partition(key).takes(_units(request), self.time.now):
            self.throttled += 1
            raise _error("ProvisionedThroughputExceededException", operation)
        return self._call(operation, request)

    def _reasons_against(self, items: Mapping[Key, int]) -> list[str]:
        """One for each item, empty where nothing is against it."""
        if self._held & items.keys():
            if self.time.running is not None:
                self.time.running.conflicts += 1
            return ["TransactionConflict" if key in self._held else "" for key in items]
        taken = [self._partition(key).takes(2 * units, self.time.now) for key, units in items.items()]
        self.throttled += not all(taken)
        return ["" if one else "ThrottlingError" for one in taken]

    def _partition(self, key: Key) -> _Partition:
        most = PARTITION_WRITES * self.kept_seconds
        return self._partitions.setdefault(key[:2], _Partition(most, most))

    def _charge(self, items: Mapping[Key, int]) -> None:
        for key, units in items.items():
            self.written[key][int(self.time.now)] += units

    def _key(self, kind: str, action: Mapping[str, Any]) -> Key:
        table = self.store.tables[action["TableName"]]
        return (table.name, *table.key_of(action["Item"] if kind == "Put" else action["Key"]))

    def _call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return self.store.call(operation, request)
        except ServiceError as error:
            raise _error(error.code, operation, error.more) from error


def _units(action: Mapping[str, Any]) -> int:
    written = action.get("Item", action.get("ExpressionAttributeValues", {}))
    return ceil((len(json.dumps(written)) or 1) / _UNIT_BYTES)


def _cancelled(reasons: list[dict[str, str]]) -> ClientError:
    return _error("TransactionCanceledException", "TransactWriteItems", {"CancellationReasons": reasons})


def _error(code: str, operation: str, more: Mapping[str, Any] | None = None) -> ClientError:
    response: Any = {"Error": {"Code": code, "Message": code}, **(more or {})}
    return ClientError(response, operation)
