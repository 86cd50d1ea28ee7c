"""Between numpy's vectors and those that are stored."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from domain.embeddings import Vector

_LARGEST = 127


def quantized(vectors: NDArray[np.float32]) -> list[Vector]:
    """Of length 1, whatever length they have; but for zeros, which stay zeros."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = vectors / np.where(lengths > 0, lengths, 1)
    scales = np.abs(unit).max(axis=1, initial=0) / _LARGEST
    components = np.round(unit / np.where(scales > 0, scales, 1)[:, None]).astype(np.int8)
    return [Vector(row.tobytes(), float(scale)) for row, scale in zip(components, scales, strict=True)]


def array_of(vector: Vector) -> NDArray[np.float32]:
    return np.frombuffer(vector.components, np.int8).astype(np.float32) * np.float32(vector.scale)
