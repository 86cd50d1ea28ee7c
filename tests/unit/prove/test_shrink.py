from __future__ import annotations

from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.prove.shrink import shrunk


@given(st.sets(st.integers(0, 30), min_size=1, max_size=4))
def test_what_it_takes_is_what_is_left(guilty: set[int]) -> None:
    assert shrunk(range(31), lambda kept: guilty <= set(kept)) == sorted(guilty)


def test_of_one_part_nothing_can_be_left_out() -> None:
    def never_asked(_: Collection[int]) -> bool:
        pytest.fail("one part is as few as it gets")

    assert shrunk([3], never_asked) == [3]
