"""Who may do what: roles, secrets, keys."""

from __future__ import annotations

import json
from typing import Any

from ops.audit.clients import Clients
from ops.audit.readers.reading import GoneError, Properties, Reader, picked

_ONE_OR_MORE = ("Action", "NotAction", "Resource", "NotResource")


def _role(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    told = aws("iam").get_role(RoleName=physical)["Role"]
    return {
        "AssumeRolePolicyDocument": told["AssumeRolePolicyDocument"],
        "PermissionsBoundary": told.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
    }


def _inline(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    iam = aws("iam")
    names = [
        name
        for page in iam.get_paginator("list_role_policies").paginate(RoleName=physical)
        for name in page["PolicyNames"]
    ]
    return {
        "Policies": {name: iam.get_role_policy(RoleName=physical, PolicyName=name)["PolicyDocument"] for name in names}
    }


def _attached(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    pages = aws("iam").get_paginator("list_attached_role_policies").paginate(RoleName=physical)
    return {"ManagedPolicyArns": [one["PolicyArn"] for page in pages for one in page["AttachedPolicies"]]}


def _role_shape(properties: Properties) -> Properties:
    shaped = dict(properties)
    policies = shaped.get("Policies")
    if isinstance(policies, list):
        policies = {one["PolicyName"]: one["PolicyDocument"] for one in policies}
    if policies is not None:
        shaped["Policies"] = {name: statements(document) for name, document in policies.items()}
    if "AssumeRolePolicyDocument" in shaped:
        shaped["AssumeRolePolicyDocument"] = statements(shaped["AssumeRolePolicyDocument"])
    return shaped


def statements(document: Properties) -> dict[str, Any]:
    """By their names: AWS takes one action or a list of them, and so in any order."""
    given = document["Statement"]
    listed = [_statement(one) for one in (given if isinstance(given, list) else [given])]
    return {one.pop("Sid", f"statement {number}"): one for number, one in enumerate(listed, 1)}


def _statement(given: Properties) -> dict[str, Any]:
    listed: dict[str, Any] = {name: _list(given[name]) for name in _ONE_OR_MORE if name in given}
    principal = given.get("Principal")
    if isinstance(principal, dict):
        listed["Principal"] = {kind: _list(who) for kind, who in principal.items()}
    return {**given, **listed}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _secret(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    told = aws("secretsmanager").describe_secret(SecretId=physical)
    stages = {stage for stages in told.get("VersionIdsToStages", {}).values() for stage in stages}
    if told.get("DeletedDate") or "AWSCURRENT" not in stages:  # there is nothing in it that a function could read
        raise GoneError
    return picked(told, ("Name", "Description", "KmsKeyId"))


def _key(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    told = aws("kms").describe_key(KeyId=physical)["KeyMetadata"]
    if told["KeyState"] == "PendingDeletion":
        raise GoneError
    return {"Enabled": told["Enabled"], "KeySpec": told.get("KeySpec"), "KeyUsage": told.get("KeyUsage")}


def _rotation(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    return {"EnableKeyRotation": aws("kms").get_key_rotation_status(KeyId=physical)["KeyRotationEnabled"]}


def _key_policy(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    return {"KeyPolicy": json.loads(aws("kms").get_key_policy(KeyId=physical, PolicyName="default")["Policy"])}


def _key_shape(properties: Properties) -> Properties:
    return {name: statements(value) if name == "KeyPolicy" else value for name, value in properties.items()}


def _alias(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    pages = aws("kms").get_paginator("list_aliases").paginate()
    found = next((one for page in pages for one in page["Aliases"] if one["AliasName"] == physical), None)
    if found is None:
        raise GoneError
    return {"TargetKeyId": found.get("TargetKeyId")}


ROLE = Reader(
    parts=(_role, _inline, _attached),
    defaults={"Policies": {}, "ManagedPolicyArns": [], "PermissionsBoundary": None},
    shape=_role_shape,
    whole=frozenset({"Policies", "AssumeRolePolicyDocument"}),
)
SECRET = Reader(parts=(_secret,), defaults={"KmsKeyId": None})
KEY = Reader(
    parts=(_key, _rotation, _key_policy),
    defaults={"Enabled": True, "EnableKeyRotation": False},
    shape=_key_shape,
    whole=frozenset({"KeyPolicy"}),
)
ALIAS = Reader(parts=(_alias,))
