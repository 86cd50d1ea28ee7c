"""The contracts, held against the fakes."""

from __future__ import annotations

import pytest

from tests.contracts.world import World
from tests.fakes.world import fake_world


@pytest.fixture
def world() -> World:
    return fake_world()


@pytest.fixture(autouse=True)
def _offline(socket_disabled: None) -> None:
    """Nothing here speaks to anyone."""
