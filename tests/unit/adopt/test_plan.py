from __future__ import annotations

from typing import Any

import pytest

from ops.adopt.change_set import import_template
from ops.adopt.plan import Adoption, Plan, _decide
from ops.audit.clients import Clients
from ops.audit.reading import Reading
from ops.declared.attributes import Place
from ops.declared.model import DeclaredResource
from ops.declared.stack import Stack

STACK = Stack("shop", Place("aws", "eu-west-1", "123456789012"), "", {}, {}, {})
KEYS = [{"AttributeName": "tenantId", "KeyType": "HASH"}]


class OfQueues(Clients):
    """Answers the two questions that name a queue and a secret."""

    def __call__(self, service: str) -> Any:  # noqa: ARG002 (as the real one)
        return self

    def get_queue_url(self, QueueName: str) -> dict[str, str]:  # noqa: N803 (boto3's own name)
        return {"QueueUrl": f"https://sqs/{QueueName}"}

    def describe_secret(self, SecretId: str) -> dict[str, str]:  # noqa: N803 (as above)
        return {"ARN": f"arn:secret:{SecretId}"}


def decided(kind: str, declared: dict[str, Any], found: dict[str, Any]) -> Plan:
    resource = DeclaredResource("It", f"AWS::{kind}", declared, "it", in_stack=False)
    plan = Plan()
    _decide(Reading(resource, there=True, found=found), OfQueues(), plan)
    return plan


def table(**changes: Any) -> dict[str, Any]:
    attributes = [{"AttributeName": name, "AttributeType": "S"} for name in ("tenantId", "due", "waba")]
    return {"TableName": "it", "AttributeDefinitions": attributes, "KeySchema": KEYS, **changes}


def index(name: str, attribute: str) -> dict[str, Any]:
    keys = [{"AttributeName": attribute, "KeyType": "HASH"}]
    return {"IndexName": name, "KeySchema": keys, "Projection": {"ProjectionType": "ALL"}}


def adopted(plan: Plan) -> Adoption:
    [adoption] = plan.adoptions
    assert plan.refusals == []
    return adoption


def test_it_is_imported_as_it_is_and_the_plan_tells_what_the_next_deployment_changes() -> None:
    on = {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}
    off = {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": False}}

    adoption = adopted(decided("DynamoDB::Table", table(**on), table(**off)))

    assert adoption.properties["PointInTimeRecoverySpecification"] == off["PointInTimeRecoverySpecification"]
    assert [(one.declared, one.found) for one in adoption.to_change] == [(True, False)]
    assert adoption.identifier == {"TableName": "it"}


def test_what_is_as_declared_is_in_the_templates_words() -> None:
    declared = {"QueueName": "it", "VisibilityTimeout": 90}

    adoption = adopted(decided("SQS::Queue", declared, {"VisibilityTimeout": "90", "DelaySeconds": "0"}))

    assert adoption.properties == {"QueueName": "it", "VisibilityTimeout": 90}
    assert adoption.identifier == {"QueueUrl": "https://sqs/it"}


@pytest.mark.parametrize(
    ("kind", "declared", "found", "why"),
    [
        ("DynamoDB::Table", table(), table(KeySchema=[{"AttributeName": "due", "KeyType": "HASH"}]), "migrate"),
        ("SQS::Queue", {"QueueName": "it", "FifoQueue": True}, {"FifoQueue": None}, "FifoQueue"),
        (
            *("DynamoDB::Table", table(GlobalSecondaryIndexes=[index("Due", "due"), index("Waba", "waba")])),
            *(table(GlobalSecondaryIndexes=[]), "one in each deployment"),
        ),
        ("Lambda::Function", {"FunctionName": "it"}, {"Timeout": 3}, "holds nothing"),
    ],
)
def test_what_can_never_become_what_is_declared_is_refused(
    kind: str, declared: dict[str, Any], found: dict[str, Any], why: str
) -> None:
    plan = decided(kind, declared, found)

    assert plan.adoptions == []
    assert why in plan.refusals[0].why


def test_a_secret_is_imported_as_declared_or_its_value_would_be_written_anew() -> None:
    declared = {"Name": "it", "GenerateSecretString": {"PasswordLength": 40}}

    adoption = adopted(decided("SecretsManager::Secret", declared, {"Name": "it", "Description": "by hand"}))

    assert adoption.properties == declared
    assert adoption.identifier == {"Id": "arn:secret:it"}


def test_whatever_is_imported_outlives_a_deployment_that_fails() -> None:
    adoption = adopted(decided("SNS::Topic", {"TopicName": "it"}, {"DisplayName": "It"}))

    template = import_template(None, STACK, [adoption])

    assert template["Resources"]["It"]["DeletionPolicy"] == "Retain"
    assert template["Resources"]["It"]["UpdateReplacePolicy"] == "Retain"
