from __future__ import annotations

import pytest

from tests.fakes.api import Caller
from tests.fakes.api_shop import Shop


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def call(shop: Shop) -> Caller:
    return Caller(shop.front)
