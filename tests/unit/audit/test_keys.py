"""The account's own key, and what is to be under it, as the services tell them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from ops.declared.attributes import Place
from ops.declared.model import DeclaredResource, Model
from ops.declared.stack import Stack, StackResource
from ops.declared.transform import transformed
from ops.local.places import REPOSITORY
from tests.unit.audit.stubbed import Asked, differences, reading_of

PLACE = Place("aws", "eu-west-1", "123456789012")
PARAMETERS = {"Stage": "prod", "CustomerManagedKey": "true"}
KEY, ANOTHER = PLACE.arn("kms", "key/made"), PLACE.arn("kms", "key/another")
LOGS, TABLE = "/aws/lambda/ai-marketplace-webhook-platform", "ai-marketplace-idempotency-platform"
BUCKET, SECRET = "ai-marketplace-media-platform-123456789012", "ai-marketplace-platform/cursors"

DECLARED = {
    one.logical_id: one
    for one in Model(
        transformed(REPOSITORY / "template.yaml", PARAMETERS, PLACE.region),
        Stack("shop", PLACE, "", PARAMETERS, {}, {"DataKey": StackResource("DataKey", "AWS::KMS::Key", "made", "")}),
    ).resources()
}


def _key(told: dict[str, Any]) -> list[Asked]:
    return [
        ("describe_key", {"KeyId": "made"}, {"KeyMetadata": {"KeyId": "made", "Enabled": True, "KeyState": "Enabled"}}),
        ("get_key_rotation_status", {"KeyId": "made"}, {"KeyRotationEnabled": told["EnableKeyRotation"]}),
        ("get_key_policy", {"KeyId": "made", "PolicyName": "default"}, {"Policy": json.dumps(told["KeyPolicy"])}),
    ]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda _: None, []),
        (lambda told: told.update(EnableKeyRotation=False), ["EnableKeyRotation"]),
        (
            lambda told: told["KeyPolicy"]["Statement"].append(
                {"Sid": "Anybody", "Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}
            ),
            ["KeyPolicy.Anybody"],
        ),
        (lambda told: told["KeyPolicy"]["Statement"].pop(1), ["KeyPolicy.LogsOfOurFunctions"]),
        (
            lambda told: told["KeyPolicy"]["Statement"][3].pop("Condition"),
            ["KeyPolicy.AlarmsToTheirTopic.Condition"],
        ),
    ],
    ids=["as declared", "no rotation", "open to anybody", "no logs", "any account's alarms"],
)
def test_a_key(change: Callable[[dict[str, Any]], object], found: list[str]) -> None:
    key = DECLARED["DataKey"]
    told = json.loads(json.dumps(dict(key.properties)))
    change(told)
    assert differences(reading_of(key, "kms", _key(told))) == found


def _asked_of(resource: DeclaredResource, key: str) -> tuple[str, list[Asked]]:
    match resource.type:
        case "AWS::Logs::LogGroup":
            group = {"logGroupName": LOGS, "retentionInDays": 30, "kmsKeyId": key}
            return "logs", [("describe_log_groups", {"logGroupNamePrefix": LOGS}, {"logGroups": [group]})]
        case "AWS::SecretsManager::Secret":
            told = {"Name": SECRET, "KmsKeyId": key, "VersionIdsToStages": {"0" * 32: ["AWSCURRENT"]}}
            return "secretsmanager", [("describe_secret", {"SecretId": SECRET}, told | _described(resource))]
        case "AWS::DynamoDB::Table":
            of = {"TableName": TABLE}
            described = {
                **{name: resource.properties[name] for name in ("AttributeDefinitions", "KeySchema")},
                "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
                "SSEDescription": {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": key},
            }
            to_live = {"TimeToLiveStatus": "ENABLED", "AttributeName": "expiration"}
            on = {"PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED"}}
            return "dynamodb", [
                ("describe_table", of, {"Table": described}),
                ("describe_time_to_live", of, {"TimeToLiveDescription": to_live}),
                (
                    "describe_continuous_backups",
                    of,
                    {"ContinuousBackupsDescription": {"ContinuousBackupsStatus": "ENABLED", **on}},
                ),
            ]
    raise NotImplementedError(resource.type)


def _described(resource: DeclaredResource) -> dict[str, Any]:
    return {"Description": resource.properties["Description"]}


@pytest.mark.parametrize(
    ("logical_id", "where"),
    [
        ("WebhookLogGroup", "KmsKeyId"),
        ("CursorSecret", "KmsKeyId"),
        ("IdempotencyTable", "SSESpecification.KMSMasterKeyId"),
    ],
)
def test_what_is_under_another_key_is_found(logical_id: str, where: str) -> None:
    resource = DECLARED[logical_id]
    assert differences(reading_of(resource, *_asked_of(resource, KEY))) == []
    assert differences(reading_of(resource, *_asked_of(resource, ANOTHER))) == [where]


def _bucket(rule: dict[str, Any]) -> list[Asked]:
    of = {"Bucket": BUCKET}
    access = DECLARED["MediaBucket"].properties["PublicAccessBlockConfiguration"]
    lifecycle = {"ID": "Expire", "Status": "Enabled", "Expiration": {"Days": 90}, "Filter": {"Prefix": ""}}
    owner = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    return [
        ("head_bucket", of, {}),
        ("get_bucket_encryption", of, {"ServerSideEncryptionConfiguration": {"Rules": [rule]}}),
        ("get_public_access_block", of, {"PublicAccessBlockConfiguration": access}),
        ("get_bucket_ownership_controls", of, {"OwnershipControls": owner}),
        ("get_bucket_lifecycle_configuration", of, {"Rules": [lifecycle]}),
        ("get_bucket_versioning", of, {}),
    ]


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ({"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY, "BucketKeyEnabled": True}, []),
        ({"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY, "BucketKeyEnabled": False}, ["BucketEncryption"]),
        ({"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": ANOTHER, "BucketKeyEnabled": True}, ["BucketEncryption"]),
        ({"SSEAlgorithm": "AES256", "BucketKeyEnabled": False}, ["BucketEncryption"]),
    ],
    ids=["as declared", "a call to KMS for each file", "another key", "S3's own"],
)
def test_a_bucket(rule: dict[str, Any], found: list[str]) -> None:
    enabled = rule.pop("BucketKeyEnabled")
    answer = {"ApplyServerSideEncryptionByDefault": rule, "BucketKeyEnabled": enabled}
    assert differences(reading_of(DECLARED["MediaBucket"], "s3", _bucket(answer))) == found
