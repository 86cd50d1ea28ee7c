"""Two letters and a colour in place of a picture: the same person always looks the same."""

from __future__ import annotations

import zlib

_TONES = 8


def initials(name: str) -> str:
    """Of the first and the last word that begin with a letter; of a number, nothing: an icon stands for it."""
    parts = [word for word in name.split() if word[0].isalpha()]
    if not parts:
        return ""
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper()


def tone(key: str) -> int:
    return zlib.crc32(key.encode()) % _TONES
