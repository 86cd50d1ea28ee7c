"""What the guard finds in a draft. Apart from the guard itself, whose patterns take a tenth of a second to build."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    PRICE = "price"
    STOCK = "stock"
    LINK = "link"
    PRODUCT = "product"


@dataclass(frozen=True, slots=True)
class Finding:
    kind: FindingKind
    said: str
    """The words of the draft that nothing proves."""
