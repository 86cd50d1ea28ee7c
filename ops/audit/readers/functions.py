"""Lambda: functions, what calls them, who may, and their layers."""

from __future__ import annotations

import json
from typing import Any

from ops.audit.clients import Clients
from ops.audit.readers.reading import GoneError, Properties, Reader, picked
from ops.declared.attributes import last_part

_CONFIGURATION = (
    *("Runtime", "Handler", "Timeout", "MemorySize", "Role", "Description", "Architectures", "EphemeralStorage"),
    *("LoggingConfig", "KmsKeyArn", "DeadLetterConfig", "TracingConfig", "PackageType"),
)
_EVENT_SOURCE = (
    *("EventSourceArn", "BatchSize", "MaximumBatchingWindowInSeconds", "FunctionResponseTypes", "ScalingConfig"),
    *("FilterCriteria", "StartingPosition", "BisectBatchOnFunctionError", "MaximumRetryAttempts"),
    *("MaximumRecordAgeInSeconds", "ParallelizationFactor", "TumblingWindowInSeconds", "DestinationConfig"),
    *("ProvisionedPollerConfig", "SourceAccessConfigurations"),
)
_FUNCTION = ":function:"
_ON = {"Enabled", "Enabling", "Creating", "Updating"}


def qualified(name: str) -> dict[str, str]:
    """As Lambda's calls take the name, or ARN, of a function, or of one of its versions or aliases."""
    function, _, qualifier = _short(name).partition(":")
    return {"FunctionName": function, "Qualifier": qualifier} if qualifier else {"FunctionName": function}


def _short(name: str) -> str:
    return name.rpartition(_FUNCTION)[2]


def configuration(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    told = aws("lambda").get_function_configuration(**qualified(physical))
    return {
        **picked(told, _CONFIGURATION),
        "CodeSha256": told.get("CodeSha256"),
        "Environment": {"Variables": told.get("Environment", {}).get("Variables", {})},
        "Layers": [layer["Arn"] for layer in told.get("Layers", [])],
        "VpcConfig": picked(told.get("VpcConfig", {}), ("SubnetIds", "SecurityGroupIds")),
    }


def _concurrency(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    told = aws("lambda").get_function_concurrency(FunctionName=physical)
    return picked(told, ("ReservedConcurrentExecutions",))


def _mapping(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    told = aws("lambda").get_event_source_mapping(UUID=physical)
    return {
        **picked(told, _EVENT_SOURCE),
        "FunctionName": _short(told["FunctionArn"]),
        "Enabled": told["State"] in _ON,
    }


def _url(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    told = aws("lambda").get_function_url_config(**qualified(physical))
    return {**picked(told, ("AuthType", "InvokeMode", "Cors")), "TargetFunctionArn": _short(told["FunctionArn"])}


def _short_target(properties: Properties) -> Properties:
    """A function, or its alias, without what every ARN begins with."""
    return {
        name: _short(value) if name in {"FunctionName", "TargetFunctionArn"} and isinstance(value, str) else value
        for name, value in properties.items()
    }


def _permission(aws: Clients, physical: str, declared: Properties) -> dict[str, Any]:
    policy = json.loads(aws("lambda").get_policy(**qualified(declared["FunctionName"]))["Policy"])
    statement = next((one for one in policy["Statement"] if one.get("Sid") == physical), None)
    if statement is None:
        raise GoneError
    conditions = {key: value for test in statement.get("Condition", {}).values() for key, value in test.items()}
    principal = statement["Principal"]
    return {
        "Action": statement["Action"],
        "Principal": next(iter(principal.values())) if isinstance(principal, dict) else principal,
        "FunctionUrlAuthType": conditions.get("lambda:FunctionUrlAuthType"),
        "InvokedViaFunctionUrl": conditions.get("lambda:InvokedViaFunctionUrl"),
        "SourceArn": conditions.get("AWS:SourceArn", conditions.get("aws:SourceArn")),
    }


def _layer(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    told = aws("lambda").get_layer_version_by_arn(Arn=physical)
    return {
        **picked(told, ("CompatibleRuntimes", "CompatibleArchitectures")),
        "LayerName": last_part(told["LayerArn"]),
    }


FUNCTION = Reader(
    parts=(configuration, _concurrency),
    defaults={
        "MemorySize": 128,
        "Timeout": 3,
        "Layers": [],
        "ReservedConcurrentExecutions": None,
        "KmsKeyArn": None,
        "DeadLetterConfig": None,
        "Architectures": ["x86_64"],
        "EphemeralStorage": {"Size": 512},
        "VpcConfig": {},
    },
    whole=frozenset({"Environment", "VpcConfig"}),
)
EVENT_SOURCE = Reader(
    parts=(_mapping,),
    defaults={"Enabled": True, "FilterCriteria": None, "ScalingConfig": None, "FunctionResponseTypes": []},
    shape=_short_target,
    whole=frozenset({"FilterCriteria"}),
)
URL = Reader(parts=(_url,), defaults={"InvokeMode": "BUFFERED", "Cors": None}, shape=_short_target)
PERMISSION = Reader(parts=(_permission,), defaults={"SourceArn": None})
LAYER = Reader(parts=(_layer,))
