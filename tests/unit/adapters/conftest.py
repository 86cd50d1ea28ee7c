"""Sockets off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_socket import disable_socket, enable_socket


@pytest.fixture(autouse=True)
def _sockets_off() -> Iterator[None]:
    disable_socket()
    yield
    enable_socket()
