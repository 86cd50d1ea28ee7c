"""Sockets off, clocks stopped; Powertools' log lines and metrics in sight."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine
from pytest_socket import disable_socket, enable_socket

from handlers.observability import logger, metrics
from tests.builders import NOON


@pytest.fixture(autouse=True)
def _sockets_off() -> Iterator[None]:
    disable_socket()
    yield
    enable_socket()


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    """What a test reckons with is the time that the handlers read, however slow the machine, and on whatever day."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture(autouse=True)
def _powertools(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "test")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "test")
    metrics.cache_clear()
    yield
    metrics().clear_metrics()


@dataclass
class Log:
    """Everything that a handler has written."""

    stream: io.StringIO = field(default_factory=io.StringIO)

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def log() -> Iterator[Log]:
    kept = Log()
    handler: Any = logger().registered_handler
    before = handler.setStream(kept.stream)
    yield kept
    handler.setStream(before)
