"""Transactions: written, or told apart by why not."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from adapters.aws_clients import client, translated
from adapters.dynamodb_values import from_item, to_item
from domain.errors import ContentionError

_NAME = re.compile(r"#\w+")
_TRIES = 8
"""A fifth of all tries on a very hot month meet another: so one in some hundred thousand is given back to its queue."""
_FIRST_PAUSE_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Refusal:
    """One item's condition did not hold."""

    index: int
    stored: dict[str, Any] | None
    """The row as it is; None where there is none."""


def transact(actions: Sequence[dict[str, Any]]) -> list[Refusal]:
    """Writes all or nothing. Returns the conditions that did not hold, none if it was written.

    A conflict with another transaction is tried again after a short, random, growing pause.
    """
    return transact_spilling(lambda _: actions)


def transact_spilling(actions_for: Callable[[int], Sequence[dict[str, Any]]]) -> list[Refusal]:
    """As `transact`, where each try may ask for other items: `actions_for(conflicts so far)`."""
    for conflicts in range(_TRIES):
        actions = actions_for(conflicts)
        try:
            with translated("write a transaction"):
                refusals = _write(actions)
        except _ConflictError:
            _pause(conflicts)
            continue
        return refusals
    raise ContentionError("other transactions kept holding the same items")


def write_alone(action: Mapping[str, Any], what: str) -> Mapping[str, Any] | None:
    """One `update` in no transaction, at half the price. None once it is written.

    The row as it is, empty where there is none, if the condition did not hold. Tried again as `transact`.
    """
    for conflicts in range(_TRIES):
        try:
            with translated(what):
                return _update(action["Update"])
        except _ConflictError:
            _pause(conflicts)
    raise ContentionError("transactions kept holding the same item")


class _ConflictError(Exception):
    pass


def _pause(conflicts: int) -> None:
    time.sleep(random.uniform(0, _FIRST_PAUSE_SECONDS * 2**conflicts))  # noqa: S311 (spreads retries, hides nothing)


def _update(action: Mapping[str, Any]) -> Mapping[str, Any] | None:
    try:
        client("dynamodb").update_item(**action, ReturnValuesOnConditionCheckFailure="ALL_OLD")
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "TransactionConflictException":
            raise _ConflictError from error
        if code != "ConditionalCheckFailedException":
            raise
        stored: Any = error.response.get("Item", {})
        return from_item(stored)
    return None


def _write(actions: Sequence[dict[str, Any]]) -> list[Refusal]:
    try:
        client("dynamodb").transact_write_items(TransactItems=_returning_stored(actions))
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "TransactionInProgressException":
            raise _ConflictError from error
        if code != "TransactionCanceledException":
            raise
        reasons: list[dict[str, Any]] = error.response.get("CancellationReasons", [])  # type: ignore[assignment]
        refusals = [
            Refusal(index, from_item(reason["Item"]) if reason.get("Item") else None)
            for index, reason in enumerate(reasons)
            if reason.get("Code") == "ConditionalCheckFailed"
        ]
        if refusals:
            return refusals
        if any(reason.get("Code") == "TransactionConflict" for reason in reasons):
            raise _ConflictError from error
        raise
    return []


def _returning_stored(actions: Sequence[dict[str, Any]]) -> Any:
    return [
        {
            kind: {**action, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
            if "ConditionExpression" in action
            else action
        }
        for entry in actions
        for kind, action in entry.items()
    ]


def put(table: str, item: Mapping[str, Any], condition: str | None = None) -> dict[str, Any]:
    """The `Put` of a transaction."""
    conditional = {"ConditionExpression": condition} if condition else {}
    return {"Put": {"TableName": table, "Item": to_item(item), **conditional}}


def check(
    table: str, key: Mapping[str, Any], condition: str, values: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The `ConditionCheck` of a transaction: a row that must be so, and stays as it is."""
    named = {word: word[1:] for word in _NAME.findall(condition)}
    return {
        "ConditionCheck": {
            "TableName": table,
            "Key": to_item(key),
            "ConditionExpression": condition,
            **({"ExpressionAttributeNames": named} if named else {}),
            **({"ExpressionAttributeValues": to_item(values)} if values else {}),
        }
    }


def update(  # noqa: PLR0913 (the clauses of an update expression)
    table: str,
    key: Mapping[str, Any],
    sets: Mapping[str, Any],
    *,
    defaults: Mapping[str, Any] | None = None,
    adds: Mapping[str, Any] | None = None,
    removes: Iterable[str] = (),
    condition: str | None = None,
    values: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The `Update` of a transaction. Attributes to set that are None are left as they are.

    `defaults` are set only where the row has no such attribute. Each attribute is named `#attribute` and each value
    that is set `:attribute`, so that a condition can speak of them; `values` adds values of the condition alone.
    """
    sets = {name: value for name, value in sets.items() if value is not None}
    defaults, adds, removes = defaults or {}, adds or {}, tuple(removes)
    assignments = [f"#{name} = :{name}" for name in sets]
    assignments += [f"#{name} = if_not_exists(#{name}, :{name})" for name in defaults]
    clauses = {
        "SET": assignments,
        "ADD": [f"#{name} :{name}" for name in adds],
        "REMOVE": [f"#{name}" for name in removes],
    }
    named = {f"#{name}": name for name in (*sets, *defaults, *adds, *removes)}
    named |= {word: word[1:] for word in _NAME.findall(condition or "")}
    given = {f":{name}": value for name, value in (*sets.items(), *defaults.items(), *adds.items())} | dict(
        values or {}
    )
    return {
        "Update": {
            "TableName": table,
            "Key": to_item(key),
            "UpdateExpression": " ".join(f"{word} {', '.join(parts)}" for word, parts in clauses.items() if parts),
            "ExpressionAttributeNames": named,
            **({"ExpressionAttributeValues": to_item(given)} if given else {}),
            **({"ConditionExpression": condition} if condition else {}),
        }
    }
