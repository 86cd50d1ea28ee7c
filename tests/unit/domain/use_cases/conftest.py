from __future__ import annotations

import pytest

from tests.fakes.deployment import Deployment


@pytest.fixture
def deployment() -> Deployment:
    """One active tenant, whose assistant knows an answer, and whose customer is Alice."""
    return Deployment()
