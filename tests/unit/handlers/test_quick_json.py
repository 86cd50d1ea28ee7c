"""JSON by msgspec says what the standard library's says, of whatever anybody may send."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import quick_json
from tests.unit.handlers.envelopes import body_with, canonical, json_values, text_message

_BODY = body_with(messages=[text_message(body="How much? 😀", at=[1, -0.5e-3, True, None])])
_ODD = st.one_of(st.integers(0, 255), st.sampled_from(b'{}[]",:\\0123456789eE.-+nu \n'))


def outcome(read: Any, body: bytes) -> str:
    """What is read, told apart to the last sign; or that it is no JSON."""
    try:
        return repr(read(body))
    except ValueError:
        return "no JSON"


@given(json_values)
def test_whatever_json_can_say_is_read_and_written(value: Any) -> None:
    body = json.dumps(value).encode()
    assert outcome(quick_json.read, body) == outcome(json.loads, body)
    assert canonical(json.loads(quick_json.write(quick_json.read(body)))) == canonical(value)


@given(st.binary(max_size=40))
def test_any_bytes_are_read_alike(body: bytes) -> None:
    assert outcome(quick_json.read, body) == outcome(json.loads, body)


@given(st.integers(0, len(_BODY) - 1), st.integers(0, 2), _ODD)
def test_a_body_with_one_byte_changed_is_read_alike(at: int, gone: int, byte: int) -> None:
    body = _BODY[:at] + bytes([byte]) + _BODY[at + gone :]
    assert outcome(quick_json.read, body) == outcome(json.loads, body)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"[18446744073709551616, -9223372036854775809, 123456789012345678901234567890]", id="64 bits"),
        pytest.param(b"[NaN, Infinity, -Infinity, 1e400, 0.1]", id="no numbers"),
        pytest.param(b'["\\ud83d", "\\ude00\\ud83d", "\\ud83d\\ude00"]', id="half a surrogate pair"),
        pytest.param(b'{"a": 1, "b": 2, "a": 3}', id="a key twice"),
        pytest.param(b"[-0, -0.0, 1E5, 5e-324]", id="small and signed"),
        pytest.param('["é"]'.encode("utf-16"), id="UTF-16"),
        pytest.param(b'\xef\xbb\xbf["a"]', id="byte order mark"),
        pytest.param(b'["\xed\xa0\x80"]', id="a surrogate in UTF-8"),
    ],
)
def test_what_only_the_standard_library_takes_is_not_lost(body: bytes) -> None:
    assert outcome(quick_json.read, body) == outcome(json.loads, body)
    written = quick_json.write(quick_json.read(body)).encode()
    assert outcome(json.loads, written) == outcome(json.loads, body)


def test_letters_of_any_script_stand_as_they_are() -> None:
    assert quick_json.write({"a": "¿Cuánto? 价格 😀"}) == '{"a":"¿Cuánto? 价格 😀"}'


@given(st.text())
def test_what_cannot_be_printed_is_escaped(text: str) -> None:
    """SQS refuses U+FFFE and U+FFFF, or puts U+FFFD in their place."""
    written = quick_json.write([text])
    assert written.isprintable() or written.replace("\x7f", "").isascii()
    assert not {"\ufffe", "\uffff"} & set(written)
    assert json.loads(written) == [text]
