"""A text as rules read it: however it was typed, the same letters, digits and blanks."""

from __future__ import annotations

import re
import unicodedata

_SEPARATORS = str.maketrans({"٫": ".", "٬": ",", "。": ".", "、": ",", "’": "'", "‘": "'", "ʼ": "'"})
_BLANKS = re.compile(r"[^\S\n]+")


def visible(text: str) -> str:
    """Full-width and Arabic digits as our own, nothing that cannot be seen, one blank at a time; case is kept."""
    normal = unicodedata.normalize("NFKC", text).translate(_SEPARATORS)
    seen = "".join(_digit(letter) for letter in normal if unicodedata.category(letter) != "Cf")
    return _BLANKS.sub(" ", seen).strip()


def plain(text: str) -> str:
    """`visible`, in lower case and without accents; lines and punctuation stay."""
    decomposed = unicodedata.normalize("NFKD", visible(text).casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _digit(letter: str) -> str:
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)
