"""DynamoDB: items, conditions, transactions, indexes. What DynamoDB refuses is refused.

Rows are kept in DynamoDB's own JSON and never changed in place, so the history of a row costs nothing.
"""

from __future__ import annotations

import json
from bisect import insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ops.prove.aws import expressions
from ops.prove.aws.expressions import Env, ExpressionError, Item, comparable, holds
from ops.prove.aws.refusal import NotModelledError, ServiceError
from ops.prove.clock import Clock

_MOST_ACTIONS = 100
_MOST_BYTES = 400_000
_MOST_PAGE_BYTES = 1_000_000
_TOKEN_SECONDS = 600
"""How long a ClientRequestToken makes a transaction idempotent."""

_CONDITION_FAILED = "ConditionalCheckFailed"


@dataclass(frozen=True, slots=True)
class RowChange:
    """One write, as a stream would tell of it."""

    at: float
    table: str
    key: tuple[str, ...]
    old: Item | None
    new: Item | None
    write: int
    """Of one transaction all rows have the same number."""


@dataclass(slots=True)
class Table:
    name: str
    key: tuple[str, ...]
    indexes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows: dict[str, dict[str, Item]] = field(default_factory=dict)
    """By hash key, then by sort key (empty where the table has none)."""
    sorted_keys: dict[str, list[str]] = field(default_factory=dict)
    indexed: dict[str, dict[tuple[str, ...], Item]] = field(default_factory=dict)
    """By index: the rows that have its keys, by the table's own."""

    def clear(self) -> None:
        self.rows, self.sorted_keys, self.indexed = {}, {}, {name: {} for name in self.indexes}

    def key_of(self, item: Item) -> tuple[str, ...]:
        values = []
        for name in self.key:
            value = item.get(name, {}).get("S")
            if not value:
                raise ServiceError("ValidationException", f"the key {name} of {self.name} is missing or empty")
            values.append(value)
        if len(values[0].encode()) > 2048 or len(values[-1].encode()) > (2048 if len(values) == 1 else 1024):  # noqa: PLR2004 (DynamoDB's limits)
            raise ServiceError("ValidationException", f"a key of {self.name} is too long")
        return tuple(values)

    def get(self, key: tuple[str, ...]) -> Item | None:
        return self.rows.get(key[0], {}).get(key[1] if len(key) > 1 else "")

    def put(self, key: tuple[str, ...], item: Item | None) -> None:
        partition, sort = self.rows.setdefault(key[0], {}), key[1] if len(key) > 1 else ""
        for name, names in self.indexes.items():
            if item is not None and all(one in item for one in names):
                self.indexed[name][key] = item
            else:
                self.indexed[name].pop(key, None)
        if item is None:
            if partition.pop(sort, None) is not None:
                self.sorted_keys[key[0]].remove(sort)
            return
        if sort not in partition:
            insort(self.sorted_keys.setdefault(key[0], []), sort)
        partition[sort] = item

    def items(self) -> Iterator[Item]:
        for partition in self.rows.values():
            yield from partition.values()

    def partition(self, hash_key: str) -> Iterator[Item]:
        for sort in self.sorted_keys.get(hash_key, ()):
            yield self.rows[hash_key][sort]


@dataclass(slots=True)
class DynamoDb:
    clock: Clock
    tables: dict[str, Table] = field(default_factory=dict)
    history: list[RowChange] = field(default_factory=list)
    _writes: int = 0
    _tokens: dict[str, float] = field(default_factory=dict)

    def create(self, properties: Mapping[str, Any]) -> str:
        name = str(properties["TableName"])
        indexes = properties.get("GlobalSecondaryIndexes", [])
        self.tables[name] = Table(
            name, _key_names(properties), {index["IndexName"]: _key_names(index) for index in indexes}
        )
        self.tables[name].clear()
        return name

    def clear(self) -> None:
        for table in self.tables.values():
            table.clear()
        self.history, self._writes, self._tokens = [], 0, {}

    def snapshot(self) -> Mapping[str, Mapping[str, Mapping[str, Item]]]:
        return {
            name: {key: dict(partition) for key, partition in table.rows.items()} for name, table in self.tables.items()
        }

    def restore(self, rows: Mapping[str, Mapping[str, Mapping[str, Item]]]) -> None:
        self.clear()
        for name, table in self.tables.items():
            for partition in rows[name].values():
                for item in partition.values():
                    table.put(table.key_of(item), item)

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        known = getattr(self, f"_{operation}", None)
        if known is None:
            raise NotModelledError(f"the embedded DynamoDB does not know {operation}")
        try:
            json.dumps(request, ensure_ascii=False).encode()
            return dict(known(request))
        except (ExpressionError, UnicodeEncodeError) as error:
            raise ServiceError("ValidationException", str(error)) from error

    # --- reads ---

    def _GetItem(self, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 (AWS's own names)
        table = self._table(request)
        item = table.get(table.key_of(request["Key"]))
        return {} if item is None else {"Item": _projected(item, request)}

    def _BatchGetItem(self, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        found: dict[str, list[Item]] = {}
        for name, wanted in request["RequestItems"].items():
            table = self._table({"TableName": name})
            rows = (table.get(table.key_of(key)) for key in wanted["Keys"])
            found[name] = [row for row in rows if row is not None]
        return {"Responses": found, "UnprocessedKeys": {}}

    def _Scan(self, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        items = list(self._table(request).items())
        return {"Items": items, "Count": len(items)}

    def _Query(self, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        table = self._table(request)
        index = request.get("IndexName")
        key = table.indexes[index] if index else table.key
        names, values = request.get("ExpressionAttributeNames", {}), request.get("ExpressionAttributeValues", {})
        rows = self._in_order(table, key, index, request, names, values)
        start = request.get("ExclusiveStartKey")
        if start is not None:
            last, forward = _place(start, table, key), request.get("ScanIndexForward", True)
            rows = [
                row for row in rows if (_place(row, table, key) > last) is forward and _place(row, table, key) != last
            ]
        page, size = [], 0
        limit = request.get("Limit", len(rows))
        for row in rows[:limit]:
            size += len(json.dumps(row, ensure_ascii=False))
            page.append(row)
            if size > _MOST_PAGE_BYTES:
                break
        used: set[str] = set()
        kept = [row for row in page if holds(request.get("FilterExpression"), Env(row, names, values, used))]
        answer: dict[str, Any] = {"Items": [_projected(row, request) for row in kept], "Count": len(kept)}
        if len(page) < len(rows):
            wanted = dict.fromkeys((*table.key, *key))
            answer["LastEvaluatedKey"] = {name: page[-1][name] for name in wanted}
        return answer

    @staticmethod
    def _in_order(  # noqa: PLR0913, PLR0917 (the parts of a query)
        table: Table,
        key: tuple[str, ...],
        index: str | None,
        request: Mapping[str, Any],
        names: Mapping[str, str],
        values: Mapping[str, Any],
    ) -> list[Item]:
        wanted = expressions.condition(request["KeyConditionExpression"])
        if index is None:
            given = [value["S"] for value in values.values() if value.get("S") in table.rows]
            rows = [row for hash_key in dict.fromkeys(given) for row in table.partition(hash_key)]
        else:
            rows = list(table.indexed[index].values())
            rows.sort(key=lambda row: _place(row, table, key))
        found = [row for row in rows if wanted(Env(row, names, values))]
        return found if request.get("ScanIndexForward", True) else found[::-1]

    # --- writes ---

    def _PutItem(self, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        return self._one("Put", request)

    def _UpdateItem(self, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        return self._one("Update", request)

    def _DeleteItem(self, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        return self._one("Delete", request)

    def _BatchWriteItem(self, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        for name, writes in request["RequestItems"].items():
            for write in writes:
                for kind, action in write.items():
                    self._one(kind.removesuffix("Request"), {"TableName": name, **action})
        return {"UnprocessedItems": {}}

    def _one(self, kind: str, request: Mapping[str, Any]) -> dict[str, Any]:
        table, key, old, new, held = self._planned(kind, request)
        if not held:
            shown = request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD" and old is not None
            more: dict[str, Any] = {"Item": old} if shown else {}
            raise ServiceError("ConditionalCheckFailedException", "The conditional request failed", **more)
        self._write([(table, key, old, new)])
        match request.get("ReturnValues"):
            case "ALL_OLD":
                return {"Attributes": old} if old is not None else {}
            case "ALL_NEW":
                return {"Attributes": new}
        return {}

    def _TransactWriteItems(self, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        token = request.get("ClientRequestToken")
        if token is not None and self._tokens.get(token, 0) > self.clock.now:
            return {}
        actions = [(kind, action) for entry in request["TransactItems"] for kind, action in entry.items()]
        if len(actions) > _MOST_ACTIONS:
            raise ServiceError("ValidationException", "a transaction of more than a hundred items")
        planned = [self._planned(kind, action) for kind, action in actions]
        touched = [(table.name, key) for table, key, *_ in planned]
        if len(set(touched)) != len(touched):
            raise ServiceError("ValidationException", "a transaction touches one item twice")
        if not all(held for *_, held in planned):
            raise cancelled(
                [_reason(action, old, held) for (_, action), (*_, old, _, held) in zip(actions, planned, strict=True)]
            )
        self._write([(table, key, old, new) for table, key, old, new, _ in planned])
        if token is not None:
            self._tokens[token] = self.clock.now + _TOKEN_SECONDS
        return {}

    def _planned(
        self, kind: str, action: Mapping[str, Any]
    ) -> tuple[Table, tuple[str, ...], Item | None, Item | None, bool]:
        table = self._table(action)
        key = table.key_of(action["Item"] if kind == "Put" else action["Key"])
        old = table.get(key)
        env = Env(old or {}, action.get("ExpressionAttributeNames", {}), action.get("ExpressionAttributeValues", {}))
        held = holds(action.get("ConditionExpression"), env)
        match kind:
            case "Put":
                new: Item | None = action["Item"]
            case "Delete":
                new = None
            case "ConditionCheck":
                new = old
            case _:
                changed = dict(old or action["Key"])
                if held:
                    for assignment in expressions.update(action.get("UpdateExpression", "")):
                        assignment(env, changed)
                new = changed
        unused = {*env.names, *env.values} - env.used
        if unused and held:
            raise ServiceError("ValidationException", f"not used in any expression: {sorted(unused)}")
        if new is not None and held:
            self._check(table, key, new)
        return table, key, old, new, held

    @staticmethod
    def _check(table: Table, key: tuple[str, ...], item: Item) -> None:
        if table.key_of(item) != key:
            raise ServiceError("ValidationException", "an update cannot change the key")
        for name in {name for index in table.indexes.values() for name in index}:
            if item.get(name) == {"S": ""}:
                raise ServiceError("ValidationException", f"an empty string as the key {name} of an index")
        if len(json.dumps(item, ensure_ascii=False).encode()) > _MOST_BYTES:
            raise ServiceError("ValidationException", "Item size has exceeded the maximum allowed size")

    def _write(self, rows: list[tuple[Table, tuple[str, ...], Item | None, Item | None]]) -> None:
        self._writes += 1
        for table, key, old, new in rows:
            table.put(key, new)
            self.history.append(RowChange(self.clock.now, table.name, key, old, new, self._writes))

    def _table(self, request: Mapping[str, Any]) -> Table:
        name = request["TableName"]
        if name not in self.tables:
            raise ServiceError("ResourceNotFoundException", f"no table {name}")
        return self.tables[name]


def cancelled(reasons: list[dict[str, Any]]) -> ServiceError:
    codes = ", ".join(reason["Code"] for reason in reasons)
    return ServiceError(
        "TransactionCanceledException",
        f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
        CancellationReasons=reasons,
    )


def _reason(action: Mapping[str, Any], old: Item | None, held: bool) -> dict[str, Any]:
    if held:
        return {"Code": "None"}
    shown = action.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD" and old is not None
    return {
        "Code": _CONDITION_FAILED,
        "Message": "The conditional request failed",
        **({"Item": old} if shown else {}),
    }


def _place(row: Item, table: Table, key: tuple[str, ...]) -> list[Any]:
    """Where a row stands among those of its partition: by the sort key, in an index then by the table's own key."""
    return [comparable(row[name]) for name in (*key[1:], *table.key)]


def _key_names(properties: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(part["AttributeName"] for part in properties["KeySchema"])


def _projected(item: Item, request: Mapping[str, Any]) -> Item:
    text = request.get("ProjectionExpression")
    if text is None:
        return item
    names = request.get("ExpressionAttributeNames", {})
    wanted = [names.get(part.strip(), part.strip()) for part in text.split(",")]
    return {name: item[name] for name in wanted if name in item}
