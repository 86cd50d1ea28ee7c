"""DynamoDB tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ops.audit.clients import Clients
from ops.audit.readers.reading import Properties, Reader

_INDEXES = ("GlobalSecondaryIndexes", "LocalSecondaryIndexes")


def _describe(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    table = aws("dynamodb").describe_table(TableName=physical)["Table"]
    stream = table.get("StreamSpecification", {})
    return {
        "AttributeDefinitions": table["AttributeDefinitions"],
        "KeySchema": table["KeySchema"],
        **{name: [_index_told(one) for one in table.get(name, [])] for name in _INDEXES},
        "BillingMode": table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
        "DeletionProtectionEnabled": table.get("DeletionProtectionEnabled", False),
        "SSESpecification": _encryption(table.get("SSEDescription", {})),
        "StreamSpecification": _stream(stream),
        "OnDemandThroughput": {name: most for name, most in table.get("OnDemandThroughput", {}).items() if most > 0},
        "TableClass": table.get("TableClassSummary", {}).get("TableClass", "STANDARD"),
    }


def _encryption(told: Mapping[str, Any]) -> dict[str, Any]:
    """The key is compared where one is declared: else it is DynamoDB's own, of which the template says nothing."""
    on = told.get("Status") in {"ENABLED", "UPDATING"}
    return {"SSEEnabled": on, "SSEType": told.get("SSEType"), "KMSMasterKeyId": told.get("KMSMasterKeyArn")}


def _index_told(told: Mapping[str, Any]) -> dict[str, Any]:
    """Without what only DynamoDB knows of it: its size, its state."""
    return {name: told[name] for name in ("IndexName", "KeySchema", "Projection") if name in told}


def _stream(told: Mapping[str, Any]) -> dict[str, Any] | None:
    return {"StreamViewType": told["StreamViewType"]} if told.get("StreamEnabled") else None


def _time_to_live(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    told = aws("dynamodb").describe_time_to_live(TableName=physical)["TimeToLiveDescription"]
    on = told["TimeToLiveStatus"] in {"ENABLED", "ENABLING"}
    return {"TimeToLiveSpecification": {"AttributeName": told["AttributeName"], "Enabled": True} if on else None}


def _recovery(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    told = aws("dynamodb").describe_continuous_backups(TableName=physical)["ContinuousBackupsDescription"]
    status = told.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus")
    return {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": status == "ENABLED"}}


def _shape(properties: Properties) -> Properties:
    """Keys with their types, indexes by their names: a changed index is one difference, not three."""
    types = {one["AttributeName"]: one["AttributeType"] for one in properties.get("AttributeDefinitions", [])}
    shaped = {name: value for name, value in properties.items() if name != "AttributeDefinitions"}
    if "KeySchema" in shaped:
        shaped["KeySchema"] = _keys(shaped["KeySchema"], types)
    for name in _INDEXES:
        if name in shaped:
            shaped[name] = {one["IndexName"]: _index(one, types) for one in shaped[name]}
    return shaped


def _index(index: Mapping[str, Any], types: Mapping[str, str]) -> str:
    projection = index.get("Projection", {})
    shown = projection.get("ProjectionType", "") + "".join(f" {one}" for one in projection.get("NonKeyAttributes", []))
    return f"{_keys(index['KeySchema'], types)}; {shown}"


def _keys(schema: Sequence[Mapping[str, str]], types: Mapping[str, str]) -> str:
    ordered = sorted(schema, key=lambda one: one["KeyType"])
    return ", ".join(
        f"{one['AttributeName']} {types.get(one['AttributeName'], '?')} {one['KeyType']}" for one in ordered
    )


TABLE = Reader(
    parts=(_describe, _time_to_live, _recovery),
    defaults={
        "GlobalSecondaryIndexes": {},
        "LocalSecondaryIndexes": {},
        "BillingMode": "PROVISIONED",
        "DeletionProtectionEnabled": False,
        "SSESpecification": {"SSEEnabled": False},
        "StreamSpecification": None,
        "TimeToLiveSpecification": None,
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": False},
        "OnDemandThroughput": None,
    },
    shape=_shape,
    whole=frozenset(_INDEXES),
)
