"""Assertions in the shared contracts are told as clearly as those in test modules."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.contracts", "tests.builders", "tests.fakes", "tests.stories")
