"""The catalogue's index against a brute-force search of the same vectors: milliseconds and recall, on one thread."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from adapters.ngram_embeddings import MODEL, NgramEmbeddings
from adapters.product_index import ProductIndex, write_index
from adapters.vectors import array_of
from bench import products as made
from bench.figures import Bar, Figure, Measurement, Plot
from domain.product_indexes import IndexedProduct
from domain.product_search import split_words

_SIZES = (10_000, 100_000)
_QUESTIONS, _ROUNDS, _WITHIN, _SEED = 60, 5, 10, 20261122


def measure() -> Measurement:
    figures: list[Figure] = []
    bars: list[Bar] = []
    for size in _SIZES:
        ours, brute, whole, recall = _compared(size)
        told = f"{ours:.2f} ms against {brute:.2f} ms; {whole:.2f} ms with the words, which brute force does not read"
        figures.append(Figure("9", f"vector query, {size:,} products", ours / brute, 0.35, told=told))
        figures.append(Figure("9", f"recall@10, {size:,} products", recall, 0.98, unit="", at_least=True))
        bars += [Bar(f"ours, {size:,}", ours), Bar(f"numpy float32, {size:,}", brute)]
    plot = Plot("search", "A catalogue query by vector", "ms", tuple(bars))
    return Measurement(tuple(figures), (plot,), {name: version(name) for name in ("numpy", "tantivy")})


def _compared(size: int) -> tuple[float, float, float, float]:
    """Milliseconds of ours, of brute force and of the whole search; recall@10."""
    catalogue, model = made.products(size, _SEED), NgramEmbeddings()
    texts = [f"{product.title} {product.category}" for product in catalogue]
    vectors = [
        vector
        for first in range(0, size, model.most_at_once)
        for vector in model.of_products(texts[first : first + model.most_at_once])
    ]
    matrix = np.stack([array_of(vector) for vector in vectors])
    dice = random.Random(_SEED)  # noqa: S311 (a seed, to play it again)
    asked = [made.misspelt(product.title, dice) for product in dice.sample(catalogue, _QUESTIONS)]
    questions = [array_of(model.of_question(text)) for text in asked]
    with tempfile.TemporaryDirectory(prefix="ai-marketplace-bench-") as folder:
        rows = (IndexedProduct(product, vector) for product, vector in zip(catalogue, vectors, strict=True))
        write_index(rows, MODEL, Path(folder) / "index.zip")
        index = ProductIndex.unpack(Path(folder) / "index.zip", Path(folder) / "unpacked")
        found = [index.nearest(question, _WITHIN) for question in questions]
        recall = [_recall(matrix, question, mine) for question, mine in zip(questions, found, strict=True)]
        timed = _side_by_side(
            [
                lambda n: index.nearest(questions[n], _WITHIN),
                lambda n: _brute(matrix, questions[n]),
                lambda n: index.search(split_words(asked[n]), model.of_question(asked[n]), _WITHIN),
            ]
        )
    return timed[0], timed[1], timed[2], sum(recall) / len(recall)


def _brute(matrix: NDArray[np.float32], question: NDArray[np.float32]) -> NDArray[np.intp]:
    scores = matrix @ question
    best = np.argpartition(-scores, _WITHIN)[:_WITHIN]
    return best[np.argsort(-scores[best])]


def _recall(matrix: NDArray[np.float32], question: NDArray[np.float32], found: Sequence[int]) -> float:
    """Whatever is as near as the tenth belongs to the ten nearest."""
    scores = matrix @ question
    tenth = np.sort(scores)[-_WITHIN]
    return float(np.mean(scores[list(found)] >= tenth - 1e-4)) if found else 0.0


def _side_by_side(searches: Sequence[Callable[[int], object]]) -> list[float]:
    """Of each, the median over the questions of the best of some rounds, which take turns."""
    best = np.full((len(searches), _QUESTIONS), np.inf)
    for _ in range(_ROUNDS):
        for question in range(_QUESTIONS):
            for n, search in enumerate(searches):
                began = time.perf_counter()
                search(question)
                best[n, question] = min(best[n, question], (time.perf_counter() - began) * 1000)
    return [float(median(row)) for row in best]
