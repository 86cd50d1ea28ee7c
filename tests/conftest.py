"""Assertions in the shared contracts are told as clearly as those in test modules; one stack for all who need one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.stack.deployed import Deployed
    from tests.stack.sam import Runtime

pytest.register_assert_rewrite("tests.contracts", "tests.builders", "tests.fakes", "tests.stories")

# The same examples each time, and however long the machine takes for them.
settings.register_profile("ours", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ours")

_built_for: list[Runtime] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for built_for in _built_for:
        terminalreporter.write_line(f"the stack: sam build for {built_for}")


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """`sam build` and `sam deploy` onto an AWS that enforces the template's policies."""
    from tests.stack.deployed import built_and_deployed
    from tests.stack.sam import runtime

    wanted = runtime()
    _built_for.append(wanted)
    with built_and_deployed(tmp_path_factory.mktemp("stack"), wanted) as deployed:
        yield deployed
