"""A tenant's catalogue as one compact file that a worker maps into memory: words and vectors.

Words are found by Tantivy, which tolerates typing errors; vectors by their signs (1 bit a dimension), the best of which
are compared again with 8 bits a dimension. What both find is put into one order by reciprocal rank (Cormack, Clarke,
Büttcher 2009). The file holds no price that a customer is told: products are read from the table.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import Occur, Query

from adapters.vectors import array_of
from domain.catalogue import EVERYTHING, Product, ProductId, SearchFilter
from domain.embeddings import Vector
from domain.product_indexes import IndexedProduct
from domain.product_search import split_words

FORMAT = 1
_RESCORED = 300
_FUSED = 60  # the constant of reciprocal rank fusion, as its authors measured it best
_DEPTH = 50
"""How far down each of the two lists is read."""
_MOST_WORDS = 32
"""Of a question: each costs a search for its near spellings, and a whole story names no product better."""
_FUZZY_FROM, _VERY_FUZZY_FROM = 4, 8
"""Letters from which on a word may have one typing error, or two."""
_LEAST_DIMENSION = 64
"""Signs are compared eight bytes at a time."""
_WRITER_BYTES = 50_000_000  # Tantivy's own default asks for more than a function has
_TITLE, _NEAR_TITLE, _REST = 3.0, 1.5, 1.0

_BITS, _BYTES, _SCALES, _IDS, _ABOUT, _WORDS = "bits.npy", "int8.npy", "scales.npy", "ids.npy", "about.json", "words"


class UnknownFormatError(ValueError):
    """The file was written by another version of this product."""


def write_index(products: Iterable[IndexedProduct], model: str, target: Path) -> int:
    """How many products are in it. Those that are not active are left out."""
    with TemporaryDirectory() as folder:
        place = Path(folder)
        count = _write_words_and_vectors(place, products)
        about = {"format": FORMAT, "model": model, "products": count}
        (place / _ABOUT).write_text(json.dumps(about))
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            for path in sorted(place.rglob("*")):
                if path.is_file() and not path.name.startswith("."):  # Tantivy's locks
                    archive.write(path, path.relative_to(place))
        return count


def _write_words_and_vectors(place: Path, products: Iterable[IndexedProduct]) -> int:
    folder = place / _WORDS
    folder.mkdir()
    index = tantivy.Index(_schema(), path=str(folder))
    writer = index.writer(heap_size=_WRITER_BYTES, num_threads=1)
    ids: list[bytes] = []
    vectors: list[Vector | None] = []
    for indexed in products:
        if not indexed.product.active:
            continue
        writer.add_document(_document(indexed.product, len(ids)))
        ids.append(indexed.product.product_id.encode())
        vectors.append(indexed.vector)
    writer.commit()
    writer.wait_merging_threads()
    components = _stacked(vectors)
    np.save(place / _IDS, np.array(ids, dtype=np.bytes_))
    np.save(place / _BITS, np.packbits(components > 0, axis=1))
    np.save(place / _BYTES, components)
    np.save(place / _SCALES, np.array([vector.scale if vector else 0 for vector in vectors], np.float32))
    return len(ids)


def _stacked(vectors: Sequence[Vector | None]) -> NDArray[np.int8]:
    """Zeros for a product that has none yet."""
    dimension = next((vector.dimension for vector in vectors if vector), _LEAST_DIMENSION)
    stacked = np.zeros((len(vectors), dimension), np.int8)
    for row, vector in zip(stacked, vectors, strict=True):
        if vector:
            row[:] = np.frombuffer(vector.components, np.int8)
    return stacked


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("title", "rest"):
        builder.add_text_field(name, tokenizer_name="whitespace")
    builder.add_text_field("category", tokenizer_name="raw")
    builder.add_integer_field("row", fast=True)
    builder.add_integer_field("lowest_price", fast=True)
    builder.add_integer_field("highest_price", fast=True)
    builder.add_integer_field("in_stock", indexed=True)
    return builder.build()


def _document(product: Product, row: int) -> tantivy.Document:
    prices = [product.price.minor, *([product.sale.price.minor] if product.sale else [])]
    rest = " ".join((product.description, product.category, *product.attributes.values()))
    return tantivy.Document(
        title=" ".join(split_words(product.title)),
        rest=" ".join(split_words(rest)),
        category=product.category.casefold(),
        row=row,
        lowest_price=min(prices),
        highest_price=max(prices),
        in_stock=int(product.in_stock),
    )


class ProductIndex:
    """An index that has been unpacked into `folder`, which must outlive it."""

    def __init__(self, folder: Path) -> None:
        about = json.loads((folder / _ABOUT).read_text())
        self.model: str = about["model"]
        self.products: int = about["products"]
        self._words = tantivy.Index.open(str(folder / _WORDS))
        self._searcher = self._words.searcher()
        self._ids = np.load(folder / _IDS, mmap_mode="r")
        self._bits = np.load(folder / _BITS, mmap_mode="r").view(np.uint64)
        self._bytes = np.load(folder / _BYTES, mmap_mode="r")
        self._scales = np.load(folder / _SCALES, mmap_mode="r")

    @classmethod
    def unpack(cls, packed: Path, folder: Path) -> ProductIndex:
        """Raises `UnknownFormatError`."""
        with zipfile.ZipFile(packed) as archive:
            about = json.loads(archive.read(_ABOUT))
            if about["format"] != FORMAT:
                raise UnknownFormatError(f"format {about['format']} of an index, where {FORMAT} is known")
            archive.extractall(folder)
        return cls(folder)

    def search(
        self,
        words: Sequence[str],
        vector: Vector | None,
        limit: int,
        only: SearchFilter = EVERYTHING,
    ) -> list[ProductId]:
        """Best first. `words` as `split_words` splits them; `vector` of the question, by the index's own model.

        `only` leaves in what may meet it: of a product that is on sale now and then, both prices count.
        """
        wanted = self._filter(only)
        lists = [self._by_words(words, wanted), self._by_vector(array_of(vector) if vector else None, wanted)]
        scores: dict[int, float] = {}
        for found in lists:
            for rank, row in enumerate(found):
                scores[row] = scores.get(row, 0) + 1 / (_FUSED + rank)
        best = sorted(scores, key=scores.__getitem__, reverse=True)[:limit]
        return [ProductId(self._ids[row].decode()) for row in best]

    def nearest(self, vector: NDArray[np.float32], count: int) -> list[int]:
        """Rows of the products whose vectors are nearest, best first; at most the depth to which a search reads."""
        return self._by_vector(vector, None)[:count]

    def _by_words(self, words: Sequence[str], wanted: Query | None) -> list[int]:
        if not words:
            return []
        asked = Query.boolean_query([(Occur.Should, self._word(word)) for word in words[:_MOST_WORDS]])
        query = Query.boolean_query([(Occur.Must, asked), (Occur.Must, wanted)]) if wanted else asked
        return self._rows(query, _DEPTH)

    def _word(self, word: str) -> Query:
        schema = self._words.schema
        ways = [
            Query.boost_query(Query.term_query(schema, "title", word), _TITLE),
            Query.boost_query(Query.term_query(schema, "rest", word), _REST),
        ]
        if len(word) >= _FUZZY_FROM and not word.isdigit():
            errors = 2 if len(word) >= _VERY_FUZZY_FROM else 1
            near = Query.fuzzy_term_query(schema, "title", word, distance=errors)
            ways.append(Query.boost_query(near, _NEAR_TITLE))
        return Query.disjunction_max_query(ways)

    def _by_vector(self, vector: NDArray[np.float32] | None, wanted: Query | None) -> list[int]:
        if vector is None or len(vector) != self._bytes.shape[1] or not vector.any() or not self.products:
            return []
        rows = None
        if wanted is not None:
            rows = np.array(sorted(self._rows(wanted, self.products)), np.intp)
        signs = np.packbits(vector > 0).view(np.uint64)
        bits = self._bits if rows is None else self._bits[rows]
        counts = np.bitwise_count(bits ^ signs).astype(np.float32)
        apart = counts @ np.ones(counts.shape[1], np.float32)  # eight times as fast as a sum over such short rows
        near = _smallest(apart, _RESCORED)
        candidates = near if rows is None else rows[near]
        scores = (self._bytes[candidates] @ vector) * self._scales[candidates]
        best = np.argsort(-scores, kind="stable")[:_DEPTH]
        rows_found: list[int] = candidates[best[scores[best] > 0]].tolist()
        return rows_found

    def _filter(self, only: SearchFilter) -> Query | None:
        schema, parts = self._words.schema, []
        if only.category:
            parts.append(Query.term_query(schema, "category", only.category.casefold()))
        if only.in_stock:
            parts.append(Query.term_query(schema, "in_stock", 1))
        kind = tantivy.FieldType.Integer
        if only.most_minor is not None:
            parts.append(Query.range_query(schema, "lowest_price", kind, None, only.most_minor))
        if only.least_minor is not None:
            parts.append(Query.range_query(schema, "highest_price", kind, only.least_minor, None))
        return Query.boolean_query([(Occur.Must, part) for part in parts]) if parts else None

    def _rows(self, query: Query, limit: int) -> list[int]:
        hits = self._searcher.search(query, limit, count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return [row for row in rows if isinstance(row, int)]


def _smallest(values: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    if len(values) <= count:
        return np.arange(len(values))
    return np.argpartition(values, count)[:count]
