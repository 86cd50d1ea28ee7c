"""Many items of one table at once. What DynamoDB leaves undone because it is pressed for room is offered again."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from adapters.aws_clients import client, translated
from adapters.dynamodb_values import Item, from_item, to_item
from domain.errors import ServiceUnavailableError

T = TypeVar("T")

_WRITE_BATCH = 25
_READ_BATCH = 100
_AT_ONCE = 8
_TRIES = 10
_FIRST_PAUSE_SECONDS = 0.05


def put_items(table: str, items: Sequence[Mapping[str, Any]]) -> None:
    _write(table, [{"PutRequest": {"Item": to_item(item)}} for item in items])


def delete_items(table: str, keys: Sequence[Mapping[str, str]]) -> None:
    _write(table, [{"DeleteRequest": {"Key": to_item(key)}} for key in keys])


def get_items(table: str, keys: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Those that there are, read consistently, in no order. Each key once."""
    batches = _split([to_item(key) for key in keys], _READ_BATCH)
    return [from_item(item) for items in _each(lambda batch: _read_batch(table, batch), batches) for item in items]


def get_items_of(keys: Mapping[str, Sequence[Mapping[str, str]]]) -> dict[str, list[dict[str, Any]]]:
    """As `get_items`, of several tables in one call: a hundred keys in all."""
    found = _read_from({table: [to_item(key) for key in some] for table, some in keys.items()})
    return {table: [from_item(item) for item in items] for table, items in found.items()}


def partition(table: str, hash_key: str, value: str, **more: Any) -> Iterator[dict[str, Any]]:
    """Every row under a hash key, by its range key, page by page, read consistently. `more`: of the query."""
    pages = (
        client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=table,
            KeyConditionExpression=f"{hash_key} = :value",
            ExpressionAttributeValues=to_item({":value": value}),
            ConsistentRead=True,
            **more,
        )
    )
    with translated(f"read {hash_key}'s rows of {table}"):
        for page in pages:
            yield from (from_item(item) for item in page["Items"])


def _write(table: str, requests: Sequence[Item]) -> None:
    _each(lambda batch: _write_batch(table, batch), _split(requests, _WRITE_BATCH))


def _split(items: Sequence[Item], most: int) -> list[Sequence[Item]]:
    return [items[start : start + most] for start in range(0, len(items), most)]


def _each(do: Callable[[Sequence[Item]], T], batches: Sequence[Sequence[Item]]) -> list[T]:
    """Several batches at once: a feed of 100,000 products is 4,000 of them."""
    if len(batches) < 2:  # noqa: PLR2004 (one needs no thread)
        return [do(batch) for batch in batches]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(do, batches))


def _write_batch(table: str, requests: Sequence[Item]) -> None:
    pending: Any = {table: requests}
    for attempt in range(_TRIES):
        with translated(f"write to {table}"):
            pending = client("dynamodb").batch_write_item(RequestItems=pending).get("UnprocessedItems")
        if not pending:
            return
        _pause(attempt)
    raise ServiceUnavailableError(f"write to {table}: the table takes no more for now")


def _read_batch(table: str, keys: Sequence[Item]) -> list[Item]:
    return _read_from({table: keys})[table]


def _read_from(keys: Mapping[str, Sequence[Item]]) -> dict[str, list[Item]]:
    names = ", ".join(keys)
    pending: Any = {table: {"Keys": some, "ConsistentRead": True} for table, some in keys.items()}
    found: dict[str, list[Item]] = {table: [] for table in keys}
    for attempt in range(_TRIES):
        with translated(f"read from {names}"):
            read = client("dynamodb").batch_get_item(RequestItems=pending)
        for table, items in read["Responses"].items():
            found[table] += items
        pending = read.get("UnprocessedKeys")
        if not pending:
            return found
        _pause(attempt)
    raise ServiceUnavailableError(f"read from {names}: the table gives no more for now")


def _pause(attempt: int) -> None:
    """Grows, and spreads the retries."""
    time.sleep(random.uniform(0, _FIRST_PAUSE_SECONDS * 2**attempt))  # noqa: S311 (hides nothing)
