"""A deployment for the operators' commands to be let loose on: the fast way, with everything before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from ops.audit.clients import Clients
from ops.local.aws import LocalAws
from ops.local.home import Home, Settings
from ops.local.ports import free_port
from ops.local.progress import Progress
from ops.local.project import Project
from ops.local.stack import Stack
from ops.stack_file import StackFile
from tests.stack.deployed import restored_environment

_FOLDER = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _FOLDER in item.path.parents:
            item.add_marker(pytest.mark.stack)


class WithAlarmEmail(Project):
    """As on AWS, alarms wake somebody: else there would be no subscription, and no action, to be lost."""

    def parameters(self) -> dict[str, str]:
        return {**super().parameters(), "AlarmEmail": "operator@example.com"}


@dataclass(frozen=True)
class Deployment:
    home: Home
    aws: LocalAws
    file: StackFile
    clients: Clients


@pytest.fixture(scope="session")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    home = Home(tmp_path_factory.mktemp("operations") / "home")
    project = WithAlarmEmail()
    settings = Settings(front_port=free_port(), aws_port=free_port())
    stack = Stack(home, project, Progress(Console(quiet=True)))
    with restored_environment():
        try:
            file = stack.up(settings)
            aws = LocalAws(settings.aws_endpoint_url, project.region())
            aws.be_the_environments()
            yield Deployment(home, aws, file, Clients())
        finally:
            stack.down()
