"""Requests by caller and minute, in the idempotency table, whose rows expire by themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_values import from_item, to_item

_KEPT = timedelta(hours=1)


class DynamoRequestCounts:
    def __init__(self, table: str) -> None:
        self._table = table

    def count(self, scope: str, window_start: datetime) -> int:
        key: Any = to_item(keys.request_count(scope, window_start))
        with translated("count a request"):
            updated = client("dynamodb").update_item(
                TableName=self._table,
                Key=key,
                UpdateExpression="ADD #requests :one SET #expiration = :expiration",
                ExpressionAttributeNames={"#requests": "requests", "#expiration": "expiration"},
                ExpressionAttributeValues=to_item(
                    {
                        ":one": 1,
                        ":expiration": int((window_start + _KEPT).timestamp()),
                    }
                ),
                ReturnValues="UPDATED_NEW",
            )
        return int(from_item(updated["Attributes"])["requests"])
