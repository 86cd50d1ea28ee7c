"""S3: buckets of files, and of vectors."""

from __future__ import annotations

import json
from typing import Any

from ops.audit.clients import Clients
from ops.audit.readers.policies import statements
from ops.audit.readers.reading import GoneError, Properties, Reader, optional, picked


def _encryption(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    s3 = aws("s3")
    s3.head_bucket(Bucket=physical)
    told = optional(lambda: s3.get_bucket_encryption(Bucket=physical), "ServerSideEncryptionConfigurationNotFoundError")
    rules = told.get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
    return {"BucketEncryption": [_encryption_rule(rule, "ApplyServerSideEncryptionByDefault") for rule in rules]}


def _encryption_rule(rule: Properties, by_default: str) -> dict[str, Any]:
    """A bucket's own key is of use under KMS alone: elsewhere S3 tells one thing or the other of it."""
    told = dict(rule.get(by_default, {}))
    return told | {"BucketKeyEnabled": rule.get("BucketKeyEnabled", False)} if "KMSMasterKeyID" in told else told


def _public_access(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    told = optional(lambda: aws("s3").get_public_access_block(Bucket=physical), "NoSuchPublicAccessBlockConfiguration")
    return {"PublicAccessBlockConfiguration": told.get("PublicAccessBlockConfiguration", {})}


def _ownership(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    told = optional(lambda: aws("s3").get_bucket_ownership_controls(Bucket=physical), "OwnershipControlsNotFoundError")
    return {"OwnershipControls": picked(told.get("OwnershipControls", {}), ("Rules",))}


def _lifecycle(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    question = aws("s3").get_bucket_lifecycle_configuration
    told = optional(lambda: question(Bucket=physical), "NoSuchLifecycleConfiguration")
    return {"LifecycleConfiguration": {rule["ID"]: _rule_told(rule) for rule in told.get("Rules", [])}}


def _rule_told(rule: Properties) -> dict[str, Any]:
    return {
        "Status": rule["Status"],
        "ExpirationInDays": rule.get("Expiration", {}).get("Days"),
        "NoncurrentVersionExpirationInDays": rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays"),
        "AbortIncompleteMultipartUpload": rule.get("AbortIncompleteMultipartUpload"),
        "Prefix": rule.get("Filter", {}).get("Prefix") or rule.get("Prefix") or None,
    }


def _versioning(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    status = aws("s3").get_bucket_versioning(Bucket=physical).get("Status")
    return {"VersioningConfiguration": {"Status": status} if status else None}


def _shape(properties: Properties) -> Properties:
    shaped = dict(properties)
    encryption = shaped.get("BucketEncryption")
    if isinstance(encryption, dict):
        rules = encryption["ServerSideEncryptionConfiguration"]
        shaped["BucketEncryption"] = [_encryption_rule(rule, "ServerSideEncryptionByDefault") for rule in rules]
    rules = (shaped.get("LifecycleConfiguration") or {}).get("Rules")
    if rules is not None:
        shaped["LifecycleConfiguration"] = {
            rule["Id"]: {name: value for name, value in rule.items() if name != "Id"} for rule in rules
        }
    return shaped


def _policy(aws: Clients, physical: str, declared: Properties) -> dict[str, Any]:
    told = optional(lambda: aws("s3").get_bucket_policy(Bucket=declared.get("Bucket", physical)), "NoSuchBucketPolicy")
    if not told:
        raise GoneError
    return {"PolicyDocument": json.loads(told["Policy"])}


def _policy_shape(properties: Properties) -> Properties:
    return {
        name: statements(value) if name == "PolicyDocument" else value
        for name, value in properties.items()
        if name != "Bucket"
    }


def _vector_bucket(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    named = {"vectorBucketArn": physical} if physical.startswith("arn:") else {"vectorBucketName": physical}
    told = aws("s3vectors").get_vector_bucket(**named)["vectorBucket"]
    return {"VectorBucketName": told["vectorBucketName"]}


BUCKET = Reader(
    parts=(_encryption, _public_access, _ownership, _lifecycle, _versioning),
    defaults={"LifecycleConfiguration": {}, "VersioningConfiguration": None, "PublicAccessBlockConfiguration": {}},
    shape=_shape,
    whole=frozenset({"LifecycleConfiguration"}),
)
BUCKET_POLICY = Reader(parts=(_policy,), shape=_policy_shape, whole=frozenset({"PolicyDocument"}))
VECTOR_BUCKET = Reader(parts=(_vector_bucket,))
