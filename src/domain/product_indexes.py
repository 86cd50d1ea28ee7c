"""What a tenant's catalogue is searched by: made anew for each change, one of them in use."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from domain.catalogue import Product
from domain.embeddings import Vector

BuildNumber = NewType("BuildNumber", int)
"""Grows with each build of a tenant's: whichever began later has seen more. A tenant who is made anew has none of the
numbers of before."""


@dataclass(frozen=True, slots=True)
class IndexedProduct:
    product: Product
    vector: Vector | None
    """None where there is no embedding yet: it is found by its words."""


class IndexStore(StrEnum):
    FILE = "file"
    S3_VECTORS = "s3-vectors"


@dataclass(frozen=True, slots=True)
class ProductIndexVersion:
    """An index as it was built."""

    build: BuildNumber
    model: str
    """Whose vectors are in it: a question's must be by the same."""
    products: int
    store: IndexStore = IndexStore.FILE
