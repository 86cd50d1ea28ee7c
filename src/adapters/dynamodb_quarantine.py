"""What belongs to no active tenant, kept for the operator in the conversations table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_values import from_item, pack, time_text, to_item
from domain.ports import QuarantineReason

_KEPT_FOR = timedelta(days=90)


class DynamoQuarantine:
    def __init__(self, conversations_table: str) -> None:
        self._table = conversations_table

    def keep(self, update_id: str, reason: QuarantineReason, raw: Mapping[str, Any], received_at: datetime) -> bool:
        item = {
            **keys.quarantined(update_id),
            "reason": reason,
            "raw": pack(raw),
            "inbox": keys.QUARANTINE,
            "lastInboundAt": time_text(received_at),
            "expiresAt": int((received_at + _KEPT_FOR).timestamp()),
        }
        with translated("quarantine an update"):
            before = client("dynamodb").put_item(TableName=self._table, Item=to_item(item), ReturnValues="ALL_OLD")
        return "Attributes" not in before

    def newest(self, limit: int) -> list[dict[str, str]]:
        """What the operator sees: update id, reason and time of each, newest first."""
        with translated("list the quarantine"):
            found = client("dynamodb").query(
                TableName=self._table,
                IndexName="InboxIndex",
                KeyConditionExpression="inbox = :quarantine",
                ExpressionAttributeValues=to_item({":quarantine": keys.QUARANTINE}),
                ScanIndexForward=False,
                Limit=limit,
            )
        rows = [from_item(item) for item in found["Items"]]
        prefix = f"{keys.QUARANTINE}#"
        return [
            {
                "update_id": row["conversationId"].removeprefix(prefix),
                "reason": row["reason"],
                "received_at": row["lastInboundAt"],
            }
            for row in rows
        ]
