"""Every table, and every index of it: put, get, query, update, delete, with one marked row."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from ops.smoke.bench import Bench, StepError
from ops.smoke.marks import SECONDS, TENANT

Row = dict[str, dict[str, Any]]
_INDEX_SECONDS = 60
_MARK, _TRY = "auditSmoke", "auditSmokeTry"
# What the embedder reads of a row that it is told of; one that is not active, it leaves alone.
_PRODUCT: Row = {
    "title": {"S": "Smoke test"},
    "priceMinor": {"N": "0"},
    "currency": {"S": "USD"},
    "available": {"BOOL": False},
    "active": {"BOOL": False},
}


def try_tables(bench: Bench) -> None:
    for name, table in sorted(bench.tables.items()):
        with bench.step("table", name):
            _try(bench, name, table)


def _try(bench: Bench, name: str, table: str) -> None:
    dynamodb = bench.aws("dynamodb")
    described = dynamodb.describe_table(TableName=table)["Table"]
    row = marked_row(bench, name, described)
    key = key_of(bench, described)
    dynamodb.put_item(TableName=table, Item=row)
    try:
        _require(
            dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item"), "what was put is not there"
        )
        for index in described.get("GlobalSecondaryIndexes", []):
            bench.wait(partial(_queried, bench, table, index, row), _INDEX_SECONDS, index["IndexName"])
        updated = dynamodb.update_item(
            TableName=table,
            Key=key,
            UpdateExpression=f"ADD {_TRY} :one",
            ConditionExpression=f"{_MARK} = :mark",
            ExpressionAttributeValues={":one": {"N": "1"}, ":mark": {"S": bench.run.mark}},
            ReturnValues="UPDATED_NEW",
        )
        _require(updated["Attributes"][_TRY] == {"N": "1"}, "an update did not take")
    finally:
        dynamodb.delete_item(TableName=table, Key=key)
    left = dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
    _require(left is None, "what was deleted is still there")


def key_of(bench: Bench, described: Mapping[str, Any]) -> Row:
    """Of the reserved tenant, or with the run's mark: no real partition is ever touched."""
    return {one["AttributeName"]: {"S": _value(bench, one["AttributeName"])} for one in described["KeySchema"]}


def marked_row(bench: Bench, name: str, described: Mapping[str, Any]) -> Row:
    """With what each index is made of, so that each must show it; it expires where the table's rows do."""
    keys = {
        one["AttributeName"]: {"S": _value(bench, one["AttributeName"])} for one in described["AttributeDefinitions"]
    }
    told = bench.aws("dynamodb").describe_time_to_live(TableName=described["TableName"])["TimeToLiveDescription"]
    expires = {told["AttributeName"]: {"N": str(int(time.time()) + SECONDS)}} if "AttributeName" in told else {}
    return {**(_PRODUCT if name == "products" else {}), _MARK: {"S": bench.run.mark}, **expires, **keys}


def _value(bench: Bench, attribute: str) -> str:
    return TENANT if attribute == "tenantId" else bench.run.mark


def _queried(bench: Bench, table: str, index: Mapping[str, Any], row: Row) -> bool:
    names = [one["AttributeName"] for one in index["KeySchema"]]
    found = bench.aws("dynamodb").query(
        TableName=table,
        IndexName=index["IndexName"],
        KeyConditionExpression=" AND ".join(f"#k{at} = :k{at}" for at in range(len(names))),
        ExpressionAttributeNames={f"#k{at}": name for at, name in enumerate(names)},
        ExpressionAttributeValues={f":k{at}": row[name] for at, name in enumerate(names)},
    )
    return bool(found["Items"])


def _require(holds: Any, otherwise: str) -> None:
    if not holds:
        raise StepError(otherwise)
