"""What a spreadsheet would run as a formula stands in our files as the text that it is."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins so for a formula."""


def inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
