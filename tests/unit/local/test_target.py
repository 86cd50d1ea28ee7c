"""Where a command finds a deployment's resources."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from ops import cli, stack_file, target
from ops.errors import NoStackError, OpsError
from ops.stack_file import StackFile

ON_AWS = {
    "AWS::DynamoDB::Table": "shop-conversations-eu",
    "AWS::SQS::Queue": "https://sqs.eu-west-1.amazonaws.com/123456789012/shop-inbox-dlq-eu.fifo",
    "AWS::SNS::Topic": "arn:aws:sns:eu-west-1:123456789012:shop-escalations-eu",
    "AWS::Lambda::Function": "shop-message-handler-eu",
    "AWS::IAM::Role": "shop-role-eu",
}


class FakeCloudFormation:
    """More resources than one answer holds."""

    def __init__(self, resources: Mapping[str, str]) -> None:
        self._resources = resources

    def describe_stacks(self, **_: Any) -> dict[str, Any]:
        parameters = {"Prefix": "shop", "Suffix": "-eu"}
        listed = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
        return {"Stacks": [{"Parameters": listed}]}

    def get_paginator(self, operation: str) -> FakeCloudFormation:
        assert operation == "list_stack_resources"
        return self

    def paginate(self, **_: Any) -> Iterator[dict[str, Any]]:
        for kind, physical in self._resources.items():
            yield {"StackResourceSummaries": [{"ResourceType": kind, "PhysicalResourceId": physical}]}


def test_a_stack_on_aws_is_known_by_its_resources() -> None:
    found = target.of_stack(FakeCloudFormation(ON_AWS), "shop")
    assert not found.local
    assert found.tables == {"conversations": "shop-conversations-eu"}
    assert found.queues == {"inbox-dlq": ON_AWS["AWS::SQS::Queue"]}
    assert found.topics == {"escalations": ON_AWS["AWS::SNS::Topic"]}
    assert found.functions == {"message-handler": "shop-message-handler-eu"}


def test_another_products_stack_is_refused() -> None:
    with pytest.raises(OpsError, match="not a deployment"):
        target.of_stack(FakeCloudFormation({"AWS::DynamoDB::Table": "orders"}), "orders")


def test_the_local_stack_is_known_by_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION", "NO_PROXY"):
        monkeypatch.setenv(name, "")
    stack = StackFile(
        webhook_url="",
        verify_token="",
        app_secret="",
        front_url="",
        graph_url="",
        pages_url="",
        operator_url="",
        api_url="",
        aws_endpoint_url="http://127.0.0.1:1",
        stack_name="ai-marketplace-local",
        region="us-east-1",
        tables={"conversations": "c"},
        queues={"inbox": "q"},
        topics={},
        functions={},
        buckets={},
        tenants=[],
        user_pool_id="",
        user_pool_client_id="",
        users=[],
    )
    stack_file.save(stack, tmp_path)
    found = target.find(tmp_path, None)
    assert found.local
    assert (found.stack_name, found.tables, found.queues) == (stack.stack_name, stack.tables, stack.queues)


def test_without_either_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoStackError):
        target.find(tmp_path, None)


def test_without_credentials_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    nowhere = str(tmp_path / "none")
    monkeypatch.setenv("AWS_CONFIG_FILE", nowhere)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", nowhere)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "")
    with pytest.raises(OpsError, match="AWS cannot be asked"):
        target.find(tmp_path, "shop")


@pytest.mark.parametrize(
    "arguments",
    [["redrive"], ["redrive", "0c1f77aa", "--all"], ["discard", "0c1f77aa"], ["discard", "x", "--reason", " "]],
)
def test_dlq_wrongly_used_is_exit_code_2(arguments: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "argv", ["ai-marketplace", "dlq", *arguments, "--home", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
