"""Each function may do what it does, and nothing more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from ops.local.gaps import OWN_POLICIES
from tests.stack.deployed import Deployed

MEMBERS = {
    *("dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"),
    *("cognito-idp:AdminCreateUser", "cognito-idp:AdminGetUser", "cognito-idp:AdminDeleteUser"),
}
ANSWERING_SELLERS = {
    *MEMBERS,
    *("dynamodb:BatchGetItem", "dynamodb:ConditionCheckItem", "s3:GetObject", "sns:Publish"),
    *("s3:PutObject", "s3:ListBucket", "sqs:SendMessage", "secretsmanager:GetSecretValue"),
}
KEEPING_SECRETS = {"secretsmanager:CreateSecret", "secretsmanager:PutSecretValue", "secretsmanager:DeleteSecret"}
ERASING = {"dynamodb:BatchWriteItem", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:ListBucketVersions"}
REHEARSING = {"bedrock:InvokeModel", "bedrock:ApplyGuardrail"}
ALLOWED = {
    "webhook": {"secretsmanager:GetSecretValue", "sqs:SendMessage"},
    "message-handler": {
        *("dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem"),
        *("dynamodb:BatchGetItem", "dynamodb:ConditionCheckItem", "sqs:SendMessage", "sns:Publish"),
    },
    "reply-handler": {
        *("dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem"),
        *("dynamodb:BatchGetItem", "dynamodb:ConditionCheckItem", "s3:GetObject", "s3:ListBucket"),
        *("secretsmanager:GetSecretValue", "sqs:ChangeMessageVisibility", "sns:Publish"),
        *("bedrock:InvokeModel", "bedrock:ApplyGuardrail"),
    },
    "status-handler": {
        *("dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem"),
        *("dynamodb:ConditionCheckItem", "sns:Publish"),
    },
    "sweeper": {
        *("dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem"),
        *("sqs:SendMessage", "sns:Publish"),
    },
    "embedder": {"dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:GetItem", "sqs:SendMessage"},
    "indexer": {
        *("dynamodb:GetItem", "dynamodb:Query", "dynamodb:BatchGetItem", "dynamodb:BatchWriteItem"),
        *("dynamodb:UpdateItem", "sqs:SendMessage", "s3:ListBucket", "s3:PutObject", "s3:DeleteObject"),
    },
    "media-handler": {
        *("dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"),
        *("secretsmanager:GetSecretValue", "s3:PutObject", "s3:DeleteObject", "sqs:ChangeMessageVisibility"),
    },
    # A seller's admin has a customer erased.
    "tenant-admin-api": ANSWERING_SELLERS | KEEPING_SECRETS | ERASING,
    "catalogue-importer": {
        *("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:BatchWriteItem"),
        *("s3:GetObject", "s3:PutObject", "s3:ListBucket", "sqs:SendMessage"),
    },
    "admin-dashboard": {
        *("dynamodb:GetItem", "dynamodb:Query", "dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"),
        *("sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:ChangeMessageVisibility", "sqs:DeleteMessage"),
        *("sqs:SendMessage", "sns:Publish", "logs:FilterLogEvents", "secretsmanager:GetSecretValue"),
    },
    "tenant-notifier": {
        *("dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:PutItem", "secretsmanager:GetSecretValue"),
        "sqs:ChangeMessageVisibility",
    },
    "admin-gui": ANSWERING_SELLERS | KEEPING_SECRETS | ERASING | REHEARSING | {"cognito-idp:AdminUserGlobalSignOut"},
}
# What SAM itself adds: writing logs, and reading the queue of the event source.
BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
OF_A_QUEUE = "arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole"
OF_A_STREAM = "arn:aws:iam::aws:policy/service-role/AWSLambdaDynamoDBExecutionRole"
# A whole table's indexes, the random end of a secret's ARN, a tenant's secrets, a bucket's objects, a log; in each
# region the models of two families, and of the account its inference profiles and guardrails.
_BOUNDED = re.compile(
    r".*(?::table/[a-z-]+/index/\*|:secret:[a-z-]+/(?:platform|cursors)-\*"
    r"|:secret:[a-z-]+/tenants/\*(?:/webhook-\*)?|:s3:::[a-z0-9-]+/\*"
    r"|:log-group:/aws/lambda/[a-z-]+:\*)"
    r"|arn:aws:bedrock:\*::foundation-model/(?:amazon\.nova|anthropic\.claude)-\*"
    r"|arn:aws:bedrock:[a-z0-9-]+:\d{12}:(?:(?:application-)?inference-profile|guardrail)/\*"
)


def _statements(stack: Deployed, function: str) -> Iterator[dict[str, Any]]:
    iam, role = stack.aws.iam(), _role(stack, function)
    for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        if policy not in OWN_POLICIES:  # the emulator's own gaps, closed after the deployment
            yield from iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]["Statement"]


def _role(stack: Deployed, function: str) -> str:
    configuration = stack.aws.functions().get_function_configuration(FunctionName=stack.file.functions[function])
    return configuration["Role"].rsplit("/", 1)[-1]


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_there_is_no_function_that_is_not_looked_at_here(stack: Deployed) -> None:
    assert set(stack.file.functions) == set(ALLOWED)


@pytest.mark.parametrize("function", ALLOWED)
def test_a_function_may_do_exactly_what_it_does(stack: Deployed, function: str) -> None:
    statements = list(_statements(stack, function))

    assert {action for statement in statements for action in _listed(statement["Action"])} == ALLOWED[function]
    assert {statement["Effect"] for statement in statements} == {"Allow"}


@pytest.mark.parametrize("function", ALLOWED)
def test_a_function_may_do_it_to_its_own_resources_alone(stack: Deployed, function: str) -> None:
    resources = [arn for statement in _statements(stack, function) for arn in _listed(statement["Resource"])]

    assert resources
    assert [arn for arn in resources if not arn.startswith("arn:aws:")] == []
    assert [arn for arn in resources if "*" in arn and not _BOUNDED.fullmatch(arn)] == []


@pytest.mark.parametrize("function", ALLOWED)
def test_a_role_has_no_managed_policies_but_sams(stack: Deployed, function: str) -> None:
    attached = stack.aws.iam().list_attached_role_policies(RoleName=_role(stack, function))["AttachedPolicies"]

    called = ("webhook", "sweeper", "tenant-admin-api", "admin-dashboard", "admin-gui")
    sources = {**{name: set[str]() for name in called}, "embedder": {OF_A_STREAM}}
    assert {policy["PolicyArn"] for policy in attached} == {BASIC} | sources.get(function, {OF_A_QUEUE})
