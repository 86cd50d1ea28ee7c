"""What operators did on their own machines, among the operators' own audit trail."""

from __future__ import annotations

from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_audit_trail import expires_at
from adapters.dynamodb_values import from_item, storable, time_of, time_text, to_item
from domain.operator_log import ActionState, OperatorAction

_MOST_REASON = 1000


class DynamoOperatorLog:
    def __init__(self, conversations_table: str) -> None:
        self._table = conversations_table

    def put(self, action: OperatorAction) -> None:
        item = {
            **keys.operator_action(time_text(action.at), action.action_id),
            "actionId": action.action_id,
            "at": time_text(action.at),
            "operator": action.operator,
            "identity": action.identity,
            "command": action.command,
            "subject": action.subject,
            "state": action.state,
            "counts": dict(action.counts),
            "reason": storable(action.reason, _MOST_REASON),
            "expiresAt": expires_at(action.at),
        }
        with translated("record what an operator did"):
            client("dynamodb").put_item(TableName=self._table, Item=to_item(item))

    def newest(self, limit: int) -> list[OperatorAction]:
        """The trail tells of what was done on the pages too: pages are read until there are enough."""
        query = client("dynamodb").get_paginator("query")
        found: list[OperatorAction] = []
        with translated("list what operators did"):
            for page in query.paginate(
                TableName=self._table,
                KeyConditionExpression="conversationId = :log",
                FilterExpression="attribute_exists(command)",
                ExpressionAttributeValues=to_item({":log": keys.audit_trail(None)}),
                ScanIndexForward=False,
                ConsistentRead=True,
            ):
                found += [_action_of(from_item(item)) for item in page["Items"]]
                if len(found) >= limit:
                    break
        return found[:limit]


def _action_of(row: dict[str, Any]) -> OperatorAction:
    return OperatorAction(
        action_id=row["actionId"],
        at=time_of(row["at"]),
        operator=row["operator"],
        identity=row["identity"],
        command=row["command"],
        subject=row["subject"],
        state=ActionState(row["state"]),
        counts={name: int(count) for name, count in row["counts"].items()},
        reason=row["reason"],
    )
