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

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from bench.embedded_dynamodb import EmbeddedDynamoDb, error, write_units
from bench.virtual_time import VirtualTime

PARTITION_WRITES = 1_000
BURST_SECONDS = 300

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


class HotDynamoDb(EmbeddedDynamoDb):
    """As far as the pipeline's adapters ask."""

    def __init__(self, time: VirtualTime, kept_seconds: int = BURST_SECONDS) -> None:
        """`kept_seconds`: of a partition's units that were not used."""
        super().__init__()
        self.latency = Latency()
        self.written: defaultdict[Key, Counter[int]] = defaultdict(Counter)
        """Units by item and second."""
        self.throttled = 0
        self._time = time
        self._most = PARTITION_WRITES * kept_seconds
        self._held: set[Key] = set()
        self._partitions: dict[Key, _Partition] = {}

    def transact_write_items(self, TransactItems: Sequence[Mapping[str, Any]]) -> dict[str, Any]:  # noqa: N803 (boto3's)
        on_the_way = (self.latency.transaction - self.latency.held) / 2
        self._time.sleep(on_the_way)
        actions = [(kind, action) for entry in TransactItems for kind, action in entry.items()]
        items = {self._key(kind, action): _units(action) for kind, action in actions}
        reasons = self._reasons_against(items)
        if any(reasons):
            prepared = {key: units for key, units in items.items() if key in self._held}
            self._charge(prepared)
            self._time.sleep(on_the_way)
            raise _cancelled([{"Code": reason or "None"} for reason in reasons])
        self._held |= items.keys()
        self._charge({key: 2 * units for key, units in items.items()})
        self._time.sleep(self.latency.held)
        try:
            return self.call("TransactWriteItems", {"TransactItems": TransactItems})
        finally:
            self._held -= items.keys()
            self._time.sleep(on_the_way)

    def get_item(self, **request: Any) -> dict[str, Any]:
        self._time.sleep(self.latency.one)
        return self.call("GetItem", request)

    def update_item(self, **request: Any) -> dict[str, Any]:
        self._time.sleep(self.latency.one)
        key, units = self._key("Update", request), _units(request)
        self._charge({key: units})
        if key in self._held:
            raise error("TransactionConflictException", "UpdateItem")
        if not self._partition(key).takes(units, self._time.now):
            self.throttled += 1
            raise error("ProvisionedThroughputExceededException", "UpdateItem")
        return self.call("UpdateItem", request)

    def _reasons_against(self, items: Mapping[Key, int]) -> list[str]:
        """One for each item, empty where nothing is against it."""
        if self._held & items.keys():
            if self._time.running is not None:
                self._time.running.conflicts += 1
            return ["TransactionConflict" if key in self._held else "" for key in items]
        taken = [self._partition(key).takes(2 * units, self._time.now) for key, units in items.items()]
        self.throttled += not all(taken)
        return ["" if one else "ThrottlingError" for one in taken]

    def _partition(self, key: Key) -> _Partition:
        return self._partitions.setdefault(key[:2], _Partition(self._most, self._most))

    def _charge(self, items: Mapping[Key, int]) -> None:
        for key, units in items.items():
            self.written[key][int(self._time.now)] += units

    def _key(self, kind: str, action: Mapping[str, Any]) -> Key:
        table = self.store.tables[action["TableName"]]
        return (table.name, *table.key_of(action["Item"] if kind == "Put" else action["Key"]))


def _units(action: Mapping[str, Any]) -> int:
    return write_units(action.get("Item", action.get("ExpressionAttributeValues", {})))


def _cancelled(reasons: list[dict[str, str]]) -> ClientError:
    return error("TransactionCanceledException", "TransactWriteItems", {"CancellationReasons": reasons})
