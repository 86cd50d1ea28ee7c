"""What of Meta's ids and words can be part of a key. Pure functions."""

from __future__ import annotations

from typing import Any

# In bytes of UTF-8. Ids, words and fields are put together to keys, and a sort key of DynamoDB's holds 1,024.
LONGEST_ID = 256
LONGEST_STATUS = 64
LONGEST_FIELD = 128

_WIDEST = 4  # bytes of one character


def is_id(value: Any) -> bool:
    """Ids become keys, and stand in logs: Meta's have some 60 characters, a user id 131 at most, none a control."""
    return isinstance(value, str) and value.isprintable() and 0 < len(value.encode()) <= LONGEST_ID


def clean(value: Any, most_bytes: int = LONGEST_ID) -> str:
    """A text or a number of Meta's as a key can carry it: printable, and not too long. Anything else is empty."""
    if isinstance(value, str) and len(value) * _WIDEST <= most_bytes and value.isprintable():  # as nearly always
        return value
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    printable = "".join(character if character.isprintable() else "\ufffd" for character in text[:most_bytes])
    return printable.encode()[:most_bytes].decode(errors="ignore")
