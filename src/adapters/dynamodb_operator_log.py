"""What operators did, in the conversations table."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_values import from_item, storable, time_of, time_text, to_item
from domain.operator_log import ActionState, OperatorAction

_KEPT_FOR = timedelta(days=400)
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
            "expiresAt": int((action.at + _KEPT_FOR).timestamp()),
        }
        with translated("record what an operator did"):
            client("dynamodb").put_item(TableName=self._table, Item=to_item(item))

    def newest(self, limit: int) -> list[OperatorAction]:
        with translated("list what operators did"):
            found = client("dynamodb").query(
                TableName=self._table,
                KeyConditionExpression="conversationId = :log",
                ExpressionAttributeValues=to_item({":log": keys.OPERATOR_LOG}),
                ScanIndexForward=False,
                ConsistentRead=True,
                Limit=limit,
            )
        return [_action_of(from_item(item)) for item in found["Items"]]


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
