"""The proof's embedded DynamoDB in place of boto3's client, without botocore between: the tables of template.yaml."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import ceil
from typing import Any

from botocore.exceptions import ClientError

from ops.prove.aws.dynamodb import DynamoDb
from ops.prove.aws.refusal import ServiceError
from ops.prove.clock import Clock
from ops.prove.template import ResolvedTemplate

WRITE_UNIT_BYTES = 1024
READ_UNIT_BYTES = 4096


class EmbeddedDynamoDb:
    def __init__(self) -> None:
        self.store = DynamoDb(Clock(0.0))
        declared = ResolvedTemplate({"Stage": "local"}).of_type("AWS::DynamoDB::Table")
        self.tables = {logical_id: self.store.create(properties) for logical_id, properties in declared}
        """Names by the template's ids."""

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return self.store.call(operation, request)
        except ServiceError as refusal:
            raise error(refusal.code, operation, refusal.more) from refusal


def error(code: str, operation: str, more: Mapping[str, Any] | None = None) -> ClientError:
    response: Any = {"Error": {"Code": code, "Message": code}, **(more or {})}
    return ClientError(response, operation)


def size(item: Mapping[str, Any]) -> int:
    """Bytes, nearly as DynamoDB counts them: names and values."""
    return len(json.dumps(item, ensure_ascii=False, separators=("", "")).encode()) - 8 * len(item)


def write_units(item: Mapping[str, Any]) -> int:
    return max(1, ceil(size(item) / WRITE_UNIT_BYTES))
