from __future__ import annotations

import json
from typing import Any

from ops.local import gaps

QUEUE = "arn:aws:sqs:us-east-1:000000000000:inbox.fifo"


class FakeIam:
    def __init__(self, *statements: dict[str, Any]) -> None:
        self.policies: dict[str, dict[str, Any]] = {"template": {"Statement": list(statements)}}

    def list_role_policies(self, RoleName: str) -> dict[str, Any]:  # noqa: N803, ARG002 - boto3's own name
        return {"PolicyNames": list(self.policies)}

    def get_role_policy(self, RoleName: str, PolicyName: str) -> dict[str, Any]:  # noqa: N803, ARG002 - as above
        return {"PolicyDocument": self.policies[PolicyName]}

    def put_role_policy(self, RoleName: str, PolicyName: str, PolicyDocument: str) -> None:  # noqa: N803, ARG002 - as above
        self.policies[PolicyName] = json.loads(PolicyDocument)


def added(iam: FakeIam) -> list[Any]:
    for _ in range(2):  # a second deployment changes nothing
        gaps.allow_what_aws_does_not_ask(iam, "role")
    return [policy["Statement"] for name, policy in iam.policies.items() if name != "template"]


def test_who_may_send_may_send_batches_to_the_same_queues() -> None:
    iam = FakeIam({"Effect": "Allow", "Action": ["sqs:SendMessage", "sqs:GetQueueUrl"], "Resource": QUEUE})
    assert added(iam) == [[{"Effect": "Allow", "Action": "sqs:SendMessageBatch", "Resource": [QUEUE]}]]


def test_who_may_give_back_one_message_may_give_back_many() -> None:
    iam = FakeIam({"Effect": "Allow", "Action": "sqs:ChangeMessageVisibility", "Resource": QUEUE})
    assert added(iam) == [[{"Effect": "Allow", "Action": "sqs:ChangeMessageVisibilityBatch", "Resource": [QUEUE]}]]


def test_who_may_not_send_gets_nothing() -> None:
    iam = FakeIam(
        {"Effect": "Allow", "Action": "sqs:ReceiveMessage", "Resource": QUEUE},
        {"Effect": "Deny", "Action": "sqs:SendMessage", "Resource": QUEUE},
    )
    assert added(iam) == []


def test_who_may_invoke_models_may_converse_with_them() -> None:
    models = ["arn:aws:bedrock:*::foundation-model/amazon.nova-*"]
    iam = FakeIam({"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": models})
    assert added(iam) == [[{"Effect": "Allow", "Action": "bedrock:Converse", "Resource": ["*"]}]]
