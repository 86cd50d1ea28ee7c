"""Embeddings that need neither weights nor network: hashed character n-grams of folded text.

They know spelling, not meaning: near words lie near each other, in any script. The same in every process and version.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from domain.languages import fold

MODEL = "hashed-ngrams-1"
DIMENSION = 512
_LENGTHS = (3, 4)


class NgramEmbeddings:
    model = MODEL
    dimension = DIMENSION

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 for each text; of a text without any letter, zeros."""
        vectors = np.zeros((len(texts), DIMENSION), np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for hashed in map(zlib.crc32, _grams(text)):
                vector[hashed % DIMENSION] += 1 if hashed & 0x80000000 else -1
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors /= np.where(lengths > 0, lengths, 1)
        return vectors


def _grams(text: str) -> Iterator[bytes]:
    for word in fold(text).split():
        marked = f" {word} "
        for length in _LENGTHS:
            for start in range(max(1, len(marked) - length + 1)):
                yield marked[start : start + length].encode()
