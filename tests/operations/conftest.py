"""A deployment for the operators' commands to be let loose on: the fast way, with everything before it."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from adapters import aws_clients
from ops.audit.clients import Clients
from ops.local.aws import LocalAws
from ops.local.home import Home, Settings
from ops.local.progress import Progress
from ops.local.project import Project
from ops.local.stack import Stack
from ops.stack_file import StackFile

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
    settings = Settings(front_port=_free_port(), aws_port=_free_port())
    stack = Stack(home, project, Progress(Console(quiet=True)))
    before = dict(os.environ)
    aws_clients._client.cache_clear()
    try:
        file = stack.up(settings)
        aws = LocalAws(settings.aws_endpoint_url, project.region())
        aws.be_the_environments()
        yield Deployment(home, aws, file, Clients())
    finally:
        stack.down()
        aws_clients._client.cache_clear()
        os.environ.clear()
        os.environ.update(before)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
