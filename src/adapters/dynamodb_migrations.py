"""How far a migration is, in the conversations table of the deployment that it fills: any machine can go on with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_batches import partition
from adapters.dynamodb_erasures import read_row
from adapters.dynamodb_values import to_item
from domain.errors import ContentionError


@dataclass(frozen=True, slots=True)
class Progress:
    """One part of the work, as it was last written down."""

    name: str
    version: int = 0
    """0: nothing has been written yet."""
    told: Mapping[str, Any] = field(default_factory=dict)


class DynamoMigrations:
    def __init__(self, conversations_table: str) -> None:
        self._table = conversations_table

    def read(self, name: str) -> Progress:
        return _progress_of(name, read_row(self._table, keys.migration(name)))

    def all(self) -> Iterator[Progress]:
        for row in partition(self._table, "conversationId", keys.MIGRATION):
            if "version" in row:
                yield _progress_of(row["sk"], row)

    def write(self, seen: Progress, told: Mapping[str, Any]) -> Progress:
        """Raises `ContentionError` where somebody else has gone on since `seen`."""
        item = {**keys.migration(seen.name), **told, "version": seen.version + 1}
        condition = "version = :seen" if seen.version else "attribute_not_exists(conversationId)"
        values: Any = {"ExpressionAttributeValues": to_item({":seen": seen.version})} if seen.version else {}
        with translated("write down how far the migration is"):
            try:
                client("dynamodb").put_item(
                    TableName=self._table, Item=to_item(item), ConditionExpression=condition, **values
                )
            except ClientError as error:
                if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                    raise
                raise ContentionError("another run of the migration is at work") from error
        return Progress(seen.name, seen.version + 1, dict(told))


def _progress_of(name: str, row: Mapping[str, Any]) -> Progress:
    told = {field: value for field, value in row.items() if field not in {"conversationId", "sk", "version"}}
    return Progress(name, int(row.get("version", 0)), told)
