"""What Meta's limits are made of: texts, numbers of things, addresses. Each raises `ContentRefusedError`.

Characters are counted as Unicode code points.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.errors import ContentRefusedError

_MOST_URL = 2000
_URL = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)


def written(field: str, text: str, most: int) -> None:
    if not text.strip():
        raise ContentRefusedError(field, "empty: write something", limit=1, size=0)
    at_most(field, text, most)


def at_most(field: str, text: str, most: int) -> None:
    if len(text) > most:
        raise ContentRefusedError(
            field, f"{len(text)} characters, and Meta takes {most} at most: shorten it", limit=most, size=len(text)
        )
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ContentRefusedError(field, "half of a character: it cannot be written in UTF-8")


def some_of(field: str, things: Sequence[object], most: int) -> None:
    if not things:
        raise ContentRefusedError(field, "none: give one at least", limit=1, size=0)
    if len(things) > most:
        raise ContentRefusedError(
            field, f"{len(things)}, and Meta takes {most} at most: leave some out", limit=most, size=len(things)
        )


def distinct(field: str, values: Sequence[str]) -> None:
    twice = next((value for index, value in enumerate(values) if value in values[:index]), None)
    if twice is not None:
        raise ContentRefusedError(field, f"{twice!r} stands there twice: each must differ from the others")


def titled(titles: Sequence[str]) -> None:
    if len(titles) > 1 and not all(title.strip() for title in titles):
        raise ContentRefusedError("interactive.action.sections.title", "each of several sections needs a title")


def web_address(field: str, url: str) -> None:
    written(field, url, _MOST_URL)
    if not _URL.fullmatch(url):
        raise ContentRefusedError(field, "not an address that begins with http:// or https://")
