"""The embedded AWS of `ai-marketplace prove`, in moto's place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ops.prove.clock import Clock
from ops.prove.deployment import Deployment
from ops.prove.in_place import in_place
from ops.prove.scenarios import NOON
from tests.contracts.world import World
from tests.integration.aws_world import AwsLook, aws_world


@pytest.fixture(scope="module")
def made() -> Deployment:
    return Deployment(Clock(NOON))


@pytest.fixture(autouse=True, scope="module")
def _clients(made: Deployment) -> Iterator[None]:
    with in_place(made):
        yield


@pytest.fixture(autouse=True)
def _aws(made: Deployment) -> None:
    made.aws.clear()


@pytest.fixture
def world(made: Deployment) -> World:
    return aws_world(made.template)


@pytest.fixture
def look(made: Deployment) -> AwsLook:
    return AwsLook(made.template)
