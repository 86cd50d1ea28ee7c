"""Every code that Meta documents has its place in the tree of errors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.whatsapp_errors import send_error
from domain.errors import (
    MessageRefusedError,
    NumberPausedError,
    NumberThrottledError,
    SendError,
    SendThrottledError,
    SendUncertainError,
)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, 131056, SendThrottledError),
        (500, 131000, SendUncertainError),
        (429, None, NumberThrottledError),
        (400, 130429, NumberThrottledError),
        (401, None, MessageRefusedError),
        (403, None, MessageRefusedError),
        (500, 190, SendUncertainError),
        (503, None, SendUncertainError),
        (401, 190, NumberPausedError),
        (403, 200, NumberPausedError),
        (400, 300, MessageRefusedError),
        (400, 199, MessageRefusedError),
        (400, None, MessageRefusedError),
    ],
)
def test_the_code_decides_and_the_status_where_there_is_none(
    status: int, code: int | None, kind: type[SendError]
) -> None:
    assert type(send_error(status, code, "title", "details")) is kind


@given(st.integers(400, 599), st.none() | st.integers())
def test_every_answer_is_some_error_that_keeps_metas_words(status: int, code: int | None) -> None:
    error = send_error(status, code, "title", "details")
    assert (error.code, error.title, error.details) == (code, "title", "details")
    assert str(code) in str(error) if code is not None else str(error) == "title"
