"""JSON read and written by msgspec, and by the standard library where the two would not say the same."""

from __future__ import annotations

import json
from typing import Any

import msgspec

_decode, _encode = msgspec.json.Decoder().decode, msgspec.json.Encoder().encode
_ESCAPING = json.JSONEncoder(separators=(",", ":"))  # `json.dumps` would make one for each call


class _Float(float):
    """Of a body that msgspec does not take. It may be NaN, and that msgspec would write as null: this it refuses."""


def read(body: bytes) -> Any:
    """As `json.loads`, which takes more than msgspec: NaN, half a surrogate pair, UTF-16.

    Raises `ValueError`, and `RecursionError` for what is nested too deep.
    """
    try:
        return _decode(body)
    except (msgspec.MsgspecError, ValueError):
        return json.loads(body, parse_float=_Float, parse_constant=_Float)


def write(value: Any) -> str:
    """What `read` gave, compact. Where something cannot be printed, all but ASCII is escaped: SQS would not keep it."""
    try:
        text = _encode(value).decode()
    except (TypeError, UnicodeEncodeError):  # a number that is none, half a surrogate pair
        return _ESCAPING.encode(value)
    return text if text.isascii() or text.isprintable() else _ESCAPING.encode(value)
