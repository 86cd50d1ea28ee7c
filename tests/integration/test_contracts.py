"""The adapters keep the contracts that the fakes keep (tests/contracts/test_fakes.py)."""

from tests.contracts.suite import *  # noqa: F403 (all of them)
