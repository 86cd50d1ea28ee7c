"""Rows by key and by conversation, as they are stored now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Protocol

from adapters.aws_clients import client
from adapters.dynamodb_keys import Key
from adapters.dynamodb_values import from_item, to_item

Row = Mapping[str, Any]
KeyValues = tuple[str, ...]
"""A key without the names of its attributes, so that it can be looked up."""

_MOST_KEYS = 100  # of one BatchGetItem


class Rows(Protocol):
    def find(self, table: str, keys: Iterable[Key]) -> dict[KeyValues, Row]:
        """Those of the rows that exist."""

    def conversation(self, table: str, conversation_id: str) -> list[Row]:
        """Everything under one conversation id, in the order of the sort key."""


class DynamoRows:
    def find(self, table: str, keys: Iterable[Key]) -> dict[KeyValues, Row]:
        wanted = {tuple(key.values()): key for key in keys}
        names = tuple(next(iter(wanted.values()), {}))
        found = (row for some in _batches(wanted.values()) for row in _batch_get(table, some))
        return {tuple(row[name] for name in names): row for row in found}

    def conversation(self, table: str, conversation_id: str) -> list[Row]:
        return query(table, "conversationId", conversation_id)


def query(table: str, key: str, value: str, index: str | None = None) -> list[Row]:
    """Everything under one partition key."""
    where: Any = {"IndexName": index} if index else {"ConsistentRead": True}
    pages = (
        client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=table,
            KeyConditionExpression="#key = :value",
            ExpressionAttributeNames={"#key": key},
            ExpressionAttributeValues=to_item({":value": value}),
            **where,
        )
    )
    return [from_item(item) for page in pages for item in page["Items"]]


def _batches(keys: Iterable[Key]) -> Iterator[list[Key]]:
    remaining = iter(keys)
    while some := list(islice(remaining, _MOST_KEYS)):
        yield some


def _batch_get(table: str, keys: list[Key]) -> Iterator[Row]:
    pending: Any = {table: {"Keys": [to_item(key) for key in keys], "ConsistentRead": True}}
    while pending:
        answer = client("dynamodb").batch_get_item(RequestItems=pending)
        yield from (from_item(item) for item in answer["Responses"].get(table, []))
        pending = answer.get("UnprocessedKeys")
