"""A platform of any size, of which a row is made only when it is read.

One seller and one customer are written by the real adapters. All others are copies of their rows under other names, and
a partition of an index is as long as the size says but walked only as far as a query goes: so ten million customers
take no more memory than a thousand, and whoever reads all of them takes as long as it would.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile
from math import ceil
from typing import Any

from adapters.dynamodb_values import time_of, time_text
from bench.embedded_dynamodb import READ_UNIT_BYTES, EmbeddedDynamoDb, size, write_units
from ops.prove.aws import expressions
from ops.prove.aws.dynamodb import RowChange, Table
from ops.prove.aws.expressions import Env, Item

_CUSTOMERS_OF_A_SELLER = 100
_FEWEST_SELLERS = 50
"""More than a page of them."""
LARGEST_SHARE = 10
"""The seller whose rows were written has a tenth of all customers."""
_IN_FLIGHT_SHARE = 10_000
"""One customer in so many waits for an answer just now."""
_DUE_PARTITIONS = 16
_MOST_PAGE_BYTES = 1_000_000
_KEYS_ONLY = frozenset({"DueIndex", "ProfilesIndex"})


@dataclass
class Used:
    """Of DynamoDB, by one request."""

    read: float = 0.0
    written: int = 0
    calls: int = 0


class ManyCustomers(EmbeddedDynamoDb):
    """In place of boto3's client, as far as the measured adapters ask."""

    def __init__(self) -> None:
        super().__init__()
        self.customers = 0
        """Without any there are the rows alone that adapters wrote."""
        self.used = Used()

    # --- reads ---

    def get_item(self, **request: Any) -> dict[str, Any]:
        found = self.call("GetItem", request)
        self._has_read([size(found.get("Item", {}))], request)
        return found

    def batch_get_item(self, RequestItems: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N803 (boto3's)
        found: dict[str, list[Item]] = {}
        sizes = []
        for name, wanted in RequestItems.items():
            rows = [self._row(name, key) for key in wanted["Keys"]]
            found[name] = [row for row in rows if row is not None]
            sizes += [size(row or {}) for row in rows]
        self._has_read(sizes, {"ConsistentRead": True})
        return {"Responses": found, "UnprocessedKeys": {}}

    def query(self, **request: Any) -> dict[str, Any]:
        condition = expressions.condition(request["KeyConditionExpression"])
        names, values = request.get("ExpressionAttributeNames", {}), request["ExpressionAttributeValues"]
        rows = self._listed(request) if "IndexName" in request else self._partition(request)
        held = takewhile(lambda row: condition(Env(row, names, values)), rows)
        page: list[Item] = []
        bytes_read, more = 0, False
        for row in held:
            if len(page) == request.get("Limit") or bytes_read > _MOST_PAGE_BYTES:
                more = True
                break
            page.append(row)
            bytes_read += size(row)
        self._has_read([bytes_read], request)
        return {"Items": page, "Count": len(page), **({"LastEvaluatedKey": page[-1]} if more else {})}

    def get_paginator(self, _operation: str) -> ManyCustomers:
        return self

    def paginate(self, PaginationConfig: Mapping[str, int] | None = None, **request: Any) -> Iterator[dict[str, Any]]:  # noqa: N803 (boto3's)
        limit = {"Limit": PaginationConfig["PageSize"]} if PaginationConfig else {}
        start: dict[str, Any] = {}
        while True:
            page = self.query(**request, **limit, **start)
            yield page
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def _has_read(self, sizes: Sequence[int], request: Mapping[str, Any]) -> None:
        """Each of a batch is rounded up by itself; what is not read consistently costs half."""
        self.used.calls += 1
        units = sum(max(1, ceil(one / READ_UNIT_BYTES)) for one in sizes)
        self.used.read += units if request.get("ConsistentRead") else units / 2

    # --- what there is ---

    def _partition(self, request: Mapping[str, Any]) -> Iterator[Item]:
        """Those that were written, within the range that is asked for."""
        table = self.store.tables[request["TableName"]]
        condition = expressions.condition(request["KeyConditionExpression"])
        names, values = request.get("ExpressionAttributeNames", {}), request["ExpressionAttributeValues"]
        given = dict.fromkeys(value["S"] for value in values.values() if value.get("S") in table.rows)
        rows = [row for key in given for row in table.partition(key) if condition(Env(row, names, values))]
        start = request.get("ExclusiveStartKey")
        rows = rows if request.get("ScanIndexForward", True) else rows[::-1]
        return iter(
            rows if start is None else rows[[table.key_of(row) for row in rows].index(table.key_of(start)) + 1 :]
        )

    def _row(self, table_name: str, key: Item) -> Item | None:
        """Of another seller: a copy of the one that was written."""
        table = self.store.tables[table_name]
        written = table.get(table.key_of(key))
        if written is not None or "tenantId" not in key:
            return written
        copied = table.get((self._seller(0), key[table.key[1]]["S"]))
        return None if copied is None else _renamed(copied, self._seller(0), key["tenantId"]["S"])

    def _listed(self, request: Mapping[str, Any]) -> Iterator[Item]:
        table, index = self.store.tables[request["TableName"]], request["IndexName"]
        written = [row for row in table.items() if all(name in row for name in table.indexes[index])]
        if not self.customers or index not in self._lengths:
            return iter(written)
        start = request.get("ExclusiveStartKey")
        first = 0 if start is None else _ordinal(start[table.key[0]]["S"]) + 1
        return (self._copy(index, written[0], n) for n in range(first, self._lengths[index]))

    @property
    def _lengths(self) -> dict[str, int]:
        """Of one partition of each index, the largest seller's where sellers have their own."""
        of_largest = self.customers // LARGEST_SHARE
        return {
            "TenantCustomersIndex": of_largest,
            "InboxIndex": of_largest,
            "ProfilesIndex": self.sellers,
            "DueIndex": self.customers // _IN_FLIGHT_SHARE // _DUE_PARTITIONS,
        }

    @property
    def sellers(self) -> int:
        return max(_FEWEST_SELLERS, self.customers // _CUSTOMERS_OF_A_SELLER)

    @staticmethod
    def _seller(n: int) -> str:
        return f"seller-{n:08}"

    def _copy(self, index: str, row: Item, n: int) -> Item:
        """The n-th in the order in which the index is read: its time is so much earlier, or later where it is due."""
        match index:
            case "ProfilesIndex":
                return {"tenantId": {"S": self._seller(n)}, "sk": row["sk"]}
            case "TenantCustomersIndex":
                key, at, step = "phoneNumber", "lastInteraction", -n
            case "InboxIndex":
                key, at, step = "conversationId", "lastInboundAt", -n
            case _:
                key, at, step = "conversationId", "dueAt", n
        name = row[key]["S"]
        other = name[:-8] + f"{n:08}"
        renamed = _renamed(row, name.partition("#")[2], other.partition("#")[2])
        return {**renamed, at: {"S": time_text(time_of(row[at]["S"]) + timedelta(seconds=step))}}

    # --- writes ---

    def transact_write_items(self, **request: Any) -> dict[str, Any]:
        return self._writing("TransactWriteItems", request, each=2)

    def update_item(self, **request: Any) -> dict[str, Any]:
        return self._writing("UpdateItem", request, each=1)

    def _writing(self, operation: str, request: Mapping[str, Any], each: int) -> dict[str, Any]:
        self.used.calls += 1
        before = len(self.store.history)
        answered = self.call(operation, request)
        for change in self.store.history[before:]:
            table = self.store.tables[change.table]
            self.used.written += each * write_units(change.new or change.old or {})
            self.used.written += sum(_in_index(change, table, index) for index in table.indexes)
        return answered


def _in_index(change: RowChange, table: Table, index: str) -> int:
    """A changed key is one row removed and one put; an unchanged one is written again only with what it projects."""
    old, new = (_place(row, table.indexes[index]) for row in (change.old, change.new))
    if old == new and (old is None or index in _KEYS_ONLY or change.old == change.new):
        return 0
    removed = write_units(change.old or {}) if old is not None and old != new else 0
    return removed + (write_units(change.new or {}) if new is not None else 0)


def _place(row: Item | None, names: Sequence[str]) -> tuple[Any, ...] | None:
    return tuple(row[name] for name in names) if row is not None and all(name in row for name in names) else None


def _renamed(row: Item, name: str, other: str) -> Item:
    renamed: Item = json.loads(json.dumps(row, ensure_ascii=False).replace(name, other))
    return renamed


def _ordinal(name: str) -> int:
    return int(name[-8:])
