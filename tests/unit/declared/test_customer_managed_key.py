"""What holds data of customers and sellers is under the account's own key where there is one; every role may use it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ops.declared.attributes import Place
from ops.declared.model import DeclaredResource, Model
from ops.declared.stack import Stack, StackResource
from ops.declared.transform import transformed
from ops.local.places import REPOSITORY

PLACE = Place("aws", "eu-west-1", "123456789012")
ARN = PLACE.arn("kms", "key/made")
GIVEN = PLACE.arn("kms", "key/given")
ALWAYS = {"Stage": "prod", "AlarmEmail": "operator@example.com", "S3VectorsFromProducts": "1000"}
MADE = {**ALWAYS, "CustomerManagedKey": "true"}

KEY_OF = {
    "AWS::DynamoDB::Table": lambda of: of["SSESpecification"].get("KMSMasterKeyId"),
    "AWS::SQS::Queue": lambda of: of.get("KmsMasterKeyId"),
    "AWS::SNS::Topic": lambda of: of.get("KmsMasterKeyId"),
    "AWS::S3::Bucket": lambda of: of["BucketEncryption"]["ServerSideEncryptionConfiguration"][0][
        "ServerSideEncryptionByDefault"
    ].get("KMSMasterKeyID"),
    "AWS::Logs::LogGroup": lambda of: of.get("KmsKeyId"),
    "AWS::SecretsManager::Secret": lambda of: of.get("KmsKeyId"),
}
HOLDS_NOTHING = {
    *("AWS::Lambda::Function", "AWS::Lambda::LayerVersion", "AWS::Lambda::Permission", "AWS::Lambda::Url"),
    *("AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventInvokeConfig", "AWS::Lambda::Version"),
    *("AWS::Lambda::Alias", "AWS::IAM::Role", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"),
    *("AWS::SNS::Subscription", "AWS::S3::BucketPolicy", "AWS::Scheduler::Schedule", "AWS::KMS::Key"),
    *("AWS::ApiGateway::RestApi", "AWS::ApiGateway::Stage", "AWS::ApiGateway::Deployment"),
    *("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm", "AWS::CloudWatch::Dashboard"),
    *("AWS::Cognito::UserPoolClient", "AWS::Cognito::UserPoolGroup", "AWS::Logs::MetricFilter"),
    *("AWS::Logs::QueryDefinition", "AWS::CodeDeploy::Application", "AWS::CodeDeploy::DeploymentGroup"),
    *("AWS::ApplicationAutoScaling::ScalableTarget", "AWS::ApplicationAutoScaling::ScalingPolicy"),
    *("AWS::WAFv2::WebACL", "AWS::WAFv2::WebACLAssociation"),
}
UNDER_AWS_OWN_KEYS = {
    "AWS::Cognito::UserPool",  # takes none of ours
    "AWS::S3Vectors::VectorBucket",  # one chosen later makes a new bucket of the same name; products alone are in it
}
MAKES_DATA_KEYS = {
    *("sqs:SendMessage", "sns:Publish", "s3:PutObject"),
    *("secretsmanager:CreateSecret", "secretsmanager:PutSecretValue"),
}
OF_EVENT_SOURCES = {"AWSLambdaSQSQueueExecutionRole": "sqs", "AWSLambdaDynamoDBExecutionRole": "dynamodb"}


WRITTEN = transformed(REPOSITORY / "template.yaml", MADE, PLACE.region)


def declared(parameters: Mapping[str, str]) -> list[DeclaredResource]:
    held = {"DataKey": StackResource("DataKey", "AWS::KMS::Key", "made", "CREATE_COMPLETE")}
    return list(Model(WRITTEN, Stack("shop", PLACE, "", parameters, {}, held)).resources())


def statements(role: DeclaredResource) -> list[dict[str, Any]]:
    return [one for policy in role.properties["Policies"] for one in policy["PolicyDocument"]["Statement"]]


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


ROLES = [one for one in declared(MADE) if one.type == "AWS::IAM::Role"]
OF_FUNCTIONS = [one for one in ROLES if "lambda.amazonaws.com" in str(one.properties["AssumeRolePolicyDocument"])]


def test_of_every_kind_of_resource_it_is_known_whether_it_holds_data() -> None:
    kinds = {one.type for one in declared(MADE)}
    assert sorted(kinds - KEY_OF.keys() - HOLDS_NOTHING - UNDER_AWS_OWN_KEYS) == []


@pytest.mark.parametrize(("parameters", "arn"), [(MADE, ARN), ({**MADE, "KmsKeyArn": GIVEN}, GIVEN)])
def test_whatever_holds_data_is_under_the_key(parameters: dict[str, str], arn: str) -> None:
    resources = declared(parameters)
    keys = {one.logical_id: KEY_OF[one.type](one.properties) for one in resources if one.type in KEY_OF}
    assert len(keys) > 40
    assert {logical_id: key for logical_id, key in keys.items() if key != arn} == {}
    assert ("DataKey" in {one.logical_id for one in resources}) is (arn == ARN)
    assert not [one.logical_id for one in resources if one.properties.get("SqsManagedSseEnabled")]
    functions = {one.logical_id: one.properties for one in resources if one.type == "AWS::Lambda::Function"}
    variables = functions["TenantAdminApiFunction"]["Environment"]["Variables"]
    assert variables["SECRETS_KEY"] == arn  # what sellers' secrets are made under


@pytest.mark.parametrize(
    "parameters", [ALWAYS, {**MADE, "Stage": "local"}, {**ALWAYS, "Stage": "local", "KmsKeyArn": GIVEN}]
)
def test_without_one_all_is_as_it_was(parameters: dict[str, str]) -> None:
    resources = declared(parameters)
    found = {KEY_OF[one.type](one.properties) for one in resources if one.type in KEY_OF}
    assert found == {None, "alias/aws/sns"}
    assert "kms:" not in str([one.properties for one in resources])
    assert "DataKey" not in {one.logical_id for one in resources}
    assert {one.properties["SqsManagedSseEnabled"] for one in resources if one.type == "AWS::SQS::Queue"} == {True}


@pytest.mark.parametrize("role", OF_FUNCTIONS, ids=[role.logical_id for role in OF_FUNCTIONS])
def test_a_role_uses_the_key_through_its_own_services_alone(role: DeclaredResource) -> None:
    own: list[dict[str, Any]] = []
    using: list[dict[str, Any]] = []
    for one in statements(role):
        (using if any(action.startswith("kms:") for action in listed(one["Action"])) else own).append(one)
    actions = {action for one in own for action in listed(one["Action"])}
    policies = {arn.rsplit("/", 1)[-1] for arn in role.properties["ManagedPolicyArns"]}
    services = {action.split(":")[0] for action in actions} & {
        *("dynamodb", "sqs", "sns", "s3", "secretsmanager", "logs"),
    } | {service for name, service in OF_EVENT_SOURCES.items() if name in policies}
    [statement] = using
    assert statement["Resource"] == ARN
    assert set(listed(statement["Action"])) == {"kms:Decrypt"} | (
        {"kms:GenerateDataKey"} if actions & MAKES_DATA_KEYS else set()
    )
    via = statement["Condition"]["StringEquals"]["kms:ViaService"]
    assert set(listed(via)) == {f"{service}.eu-west-1.amazonaws.com" for service in services}


def test_no_other_role_uses_the_key() -> None:
    assert len(OF_FUNCTIONS) >= 13
    assert "kms:" not in str([one.properties for one in ROLES if one not in OF_FUNCTIONS])


def test_services_use_it_for_our_resources_alone() -> None:
    [key] = [one for one in declared(MADE) if one.type == "AWS::KMS::Key"]
    assert key.properties["EnableKeyRotation"] is True
    assert key.deletion_policy == "Retain"
    by_sid = {one["Sid"]: one for one in key.properties["KeyPolicy"]["Statement"]}
    account = by_sid.pop("AsRolesOfTheAccountSay")
    assert account["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}
    topics = {one.properties["TopicName"] for one in declared(MADE) if one.type == "AWS::SNS::Topic"}
    sources = by_sid["OurTopicsIntoOurQueues"]["Condition"]["ArnEquals"]["aws:SourceArn"]
    assert {arn.rsplit(":", 1)[-1] for arn in sources} == topics - {"ai-marketplace-alarms-platform"}
    assert {sid: one["Principal"]["Service"] for sid, one in by_sid.items()} == {
        "LogsOfOurFunctions": "logs.eu-west-1.amazonaws.com",
        "OurTopicsIntoOurQueues": "sns.amazonaws.com",
        "AlarmsToTheirTopic": "cloudwatch.amazonaws.com",
    }
    assert all(one.get("Condition") for one in by_sid.values())
    assert "kms:*" not in str(by_sid)


@pytest.mark.parametrize(
    ("more", "made"),
    [
        ({}, set()),
        ({"WafEnabled": "true"}, {"ConsoleWebAcl", "ConsoleWebAclAssociation"}),
        ({"WebAclArn": "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/x/1"}, {"ConsoleWebAclAssociation"}),
        ({"WafEnabled": "true", "Stage": "local"}, set()),
    ],
    ids=["off", "made", "given", "local"],
)
def test_a_web_acl_by_parameter(more: dict[str, str], made: set[str]) -> None:
    assert {one.logical_id for one in declared({**ALWAYS, **more}) if "WAFv2" in one.type} == made
