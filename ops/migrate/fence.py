"""No writes to a legacy table any longer, by whomever: a statement in the table's own policy."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from adapters.aws_clients import client, translated
from ops.migrate.sources import Source

_SID = "MigratedAwayReadOnly"
_WRITES = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"]
_NONE = "PolicyNotFoundException"


def put_up(source: Source) -> None:
    """What else the policy says stays."""
    statement = {
        "Sid": _SID,
        "Effect": "Deny",
        "Principal": "*",
        "Action": _WRITES,
        "Resource": source.arn,
    }
    _put(source, [*_others(source), statement])


def take_down(source: Source) -> None:
    others = _others(source)
    if others:
        _put(source, others)
        return
    with translated(f"let {source.table} be written to"):
        try:
            client("dynamodb").delete_resource_policy(ResourceArn=source.arn)
        except ClientError as error:
            if error.response["Error"]["Code"] != _NONE:
                raise


def stands(source: Source) -> bool:
    return any(statement.get("Sid") == _SID for statement in _statements(source))


def _put(source: Source, statements: list[dict[str, Any]]) -> None:
    policy = {"Version": "2012-10-17", "Statement": statements}
    with translated(f"change who may write to {source.table}"):
        client("dynamodb").put_resource_policy(ResourceArn=source.arn, Policy=json.dumps(policy))


def _others(source: Source) -> list[dict[str, Any]]:
    return [statement for statement in _statements(source) if statement.get("Sid") != _SID]


def _statements(source: Source) -> list[dict[str, Any]]:
    with translated(f"read who may write to {source.table}"):
        try:
            policy = client("dynamodb").get_resource_policy(ResourceArn=source.arn)["Policy"]
        except ClientError as error:
            if error.response["Error"]["Code"] == _NONE:
                return []
            raise
    statements = json.loads(policy).get("Statement", [])
    return statements if isinstance(statements, list) else [statements]
