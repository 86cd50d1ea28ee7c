"""Embeddings that need neither weights nor network: hashed character n-grams of folded text.

They know spelling, not meaning: near words lie near each other, in any script. The same in every process and version.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

import numpy as np

from adapters.vectors import quantized
from domain.embeddings import Vector
from domain.languages import fold
from domain.product_search import words_asked_for

MODEL = "hashed-ngrams-1"
DIMENSION = 512
_LENGTHS = (3, 4)


class NgramEmbeddings:
    name = MODEL
    most_at_once = 1000

    def of_products(self, texts: Sequence[str]) -> list[Vector]:
        """Of a text without any letter: zeros."""
        vectors = np.zeros((len(texts), DIMENSION), np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for hashed in map(zlib.crc32, _grams(text)):
                vector[hashed % DIMENSION] += 1 if hashed & 0x80000000 else -1
        return quantized(vectors)

    def of_question(self, text: str) -> Vector:
        return self.of_products([" ".join(words_asked_for(text))])[0]


def _grams(text: str) -> Iterator[bytes]:
    for word in fold(text).split():
        marked = f" {word} "
        for length in _LENGTHS:
            for start in range(max(1, len(marked) - length + 1)):
                yield marked[start : start + length].encode()
