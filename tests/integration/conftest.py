"""moto, with the resources of template.yaml in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber

from adapters import aws_clients, aws_json, dynamodb_usage, secrets_manager
from tests.contracts.world import World
from tests.integration import aws_json_on_moto, strict_dynamodb
from tests.integration.aws_world import AwsLook, aws_world
from tests.integration.template_resources import REGION, TemplateResources


@pytest.fixture(autouse=True)
def _offline(socket_disabled: None) -> None:
    """moto answers inside the process."""


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(BotocoreStubber, "__call__", strict_dynamodb.one_at_a_time)
    monkeypatch.setattr(aws_json.Connections, "exchange", aws_json_on_moto.exchange)
    with mock_aws():
        secrets_manager._provider.cache_clear()
        dynamodb_usage.spread.forget()
        events = aws_clients.client("dynamodb").meta.events
        events.register("provide-client-params.dynamodb", strict_dynamodb.check, unique_id="strict")
        yield


@pytest.fixture(autouse=True, scope="module")
def _clients() -> Iterator[None]:
    """Clients are costly to make: those of a module's tests are the same. What they speak to is new for each test."""
    aws_clients._client.cache_clear()
    yield
    aws_clients._client.cache_clear()


@pytest.fixture
def resources() -> TemplateResources:
    return TemplateResources().create()


@pytest.fixture
def world(resources: TemplateResources) -> World:
    return aws_world(resources)


@pytest.fixture
def look(resources: TemplateResources) -> AwsLook:
    return AwsLook(resources)
