from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from adapters.ngram_embeddings import DIMENSION, MODEL, NgramEmbeddings
from adapters.product_index import FORMAT, ProductIndex, UnknownFormatError, write_index
from adapters.vectors import array_of, quantized
from domain.catalogue import EVERYTHING, Money, Product, ProductId, Sale, SearchFilter
from domain.embeddings import Vector, embedded_text
from domain.product_indexes import IndexedProduct
from domain.product_search import words_asked_for

EMBEDDINGS = NgramEmbeddings()

CATALOGUE = [
    Product(ProductId("MUG"), "Blue ceramic mug 350 ml", Money(1250, "USD"), category="Kitchen"),
    Product(ProductId("JUG"), "Glass jug 2 l", Money(2100, "USD"), category="Kitchen", stock=0),
    Product(ProductId("RUG"), "Wool rug", Money(9900, "USD"), "Handwoven in Oaxaca", category="Living room"),
    Product(ProductId("TAZA"), "Taza de cerámica niño", Money(900, "USD"), category="Cocina"),
    Product(ProductId("KEBAB"), "كوب سيراميك أزرق", Money(1000, "USD")),
    Product(ProductId("OLD"), "Blue ceramic bowl", Money(100, "USD"), active=False),
    Product(ProductId("BOX"), "Storage box", Money(700, "USD"), attributes={"brand": "Nordica"}),
]


def indexed(products: Sequence[Product], folder: Path) -> ProductIndex:
    vectors = EMBEDDINGS.of_products([embedded_text(product) for product in products]) if products else []
    return opened([IndexedProduct(*pair) for pair in zip(products, vectors, strict=True)], folder)


def opened(products: Sequence[IndexedProduct], folder: Path) -> ProductIndex:
    write_index(products, MODEL, folder / "packed")
    return ProductIndex.unpack(folder / "packed", folder)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> ProductIndex:
    return indexed(CATALOGUE, tmp_path_factory.mktemp("index"))


def found(index: ProductIndex, question: str, only: SearchFilter = EVERYTHING, *, limit: int = 10) -> list[str]:
    return list(index.search(words_asked_for(question), EMBEDDINGS.of_question(question), limit, only))


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("blue ceramic mug", "MUG"),
        ("how much is the ceramic mug?", "MUG"),
        ("ceramik mug", "MUG"),
        ("mgu blue cermic", "MUG"),
        ("taza ceramica", "TAZA"),
        ("¿TAZA DE CERÁMICA?", "TAZA"),
        ("كوب", "KEBAB"),
        ("something handwoven", "RUG"),
        ("nordica", "BOX"),
        ("woolen rugs", "RUG"),
    ],
)
def test_what_is_asked_for_comes_first(index: ProductIndex, question: str, first: str) -> None:
    assert found(index, question)[0] == first


def test_what_is_not_active_is_not_there(index: ProductIndex) -> None:
    assert index.products == len(CATALOGUE) - 1
    assert "OLD" not in found(index, "blue ceramic bowl")


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        (SearchFilter(category="kitchen"), {"MUG", "JUG"}),
        (SearchFilter(in_stock=True, category="Kitchen"), {"MUG"}),
        (SearchFilter(most_minor=1000), {"TAZA", "KEBAB", "BOX"}),
        (SearchFilter(least_minor=1000, most_minor=2100), {"MUG", "JUG", "KEBAB"}),
        (SearchFilter(category="Shoes"), set()),
    ],
    ids=["category", "in stock", "at most", "between", "none"],
)
def test_a_filter_leaves_nothing_else_in(index: ProductIndex, only: SearchFilter, expected: set[str]) -> None:
    everything = "blue ceramic mug glass jug wool rug taza box كوب"
    assert set(found(index, everything, only)) == expected


def test_words_alone_and_a_vector_alone_find_it_too(index: ProductIndex) -> None:
    vector = EMBEDDINGS.of_question("blue ceramic mug")
    assert index.search(("mug",), None, 1) == ["MUG"]
    assert index.search((), vector, 1) == ["MUG"]
    assert index.search((), Vector(bytes(DIMENSION), 0.0), 1) == []


def test_of_many_at_most_so_many(index: ProductIndex) -> None:
    assert len(found(index, "ceramic", limit=2)) == 2


def test_the_vectors_come_in_nearly_the_order_of_exact_ones(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    kinds = np.repeat(rng.normal(size=(300, 256)), 10, axis=0)  # as catalogues are: several of each kind
    vectors = (kinds + rng.normal(scale=0.5, size=kinds.shape)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    products = [Product(ProductId(f"P{n}"), f"x{n}", Money(1, "USD")) for n in range(len(vectors))]
    index = opened(list(map(IndexedProduct, products, quantized(vectors))), tmp_path)
    questions = vectors[::30] + rng.normal(scale=0.05, size=(100, 256)).astype(np.float32)
    hits = 0
    for question in questions:
        exact = {f"P{row}" for row in np.argsort(-(vectors @ question))[:10]}
        hits += len(exact & set(index.search((), quantized(question[None])[0], 10)))
    assert hits / 1000 >= 0.98


def test_an_empty_catalogue_finds_nothing(tmp_path: Path) -> None:
    assert found(indexed([], tmp_path), "mug") == []


def test_a_file_of_another_format_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "packed", "w") as archive:
        archive.writestr("about.json", json.dumps({"format": FORMAT + 1}))
    with pytest.raises(UnknownFormatError):
        ProductIndex.unpack(tmp_path / "packed", tmp_path)


def test_a_product_without_a_vector_is_found_by_its_words(tmp_path: Path) -> None:
    index = opened([IndexedProduct(product, None) for product in CATALOGUE], tmp_path)
    assert found(index, "ceramik mug")[0] == "MUG"
    assert index.search((), EMBEDDINGS.of_question("mug"), 10) == []


def test_what_is_on_sale_now_and_then_is_left_in_for_both_its_prices(tmp_path: Path) -> None:
    lamp = Product(ProductId("LAMP"), "Lamp", Money(5000, "USD"), sale=Sale(Money(3000, "USD")))
    index = indexed([lamp], tmp_path)
    assert found(index, "lamp", SearchFilter(most_minor=3000)) == ["LAMP"]
    assert found(index, "lamp", SearchFilter(least_minor=5000)) == ["LAMP"]
    assert found(index, "lamp", SearchFilter(most_minor=2999)) == []


def test_embeddings_are_the_same_everywhere_and_of_length_one() -> None:
    first, second = map(array_of, EMBEDDINGS.of_products(["Blue mug", "blue  MUG!"]))
    assert np.array_equal(first, second)
    assert np.linalg.norm(first) == pytest.approx(1)
    assert not array_of(EMBEDDINGS.of_products(["?!"])[0]).any()
    assert [round(float(value), 4) for value in first[first.nonzero()]][:4] == [0.2887, -0.2887, -0.2887, -0.2887]


def test_a_misspelt_word_lies_nearer_than_another() -> None:
    mug, misspelt, other = map(array_of, EMBEDDINGS.of_products(["stoneware mug", "stonewear mug", "velvet curtain"]))
    assert mug @ misspelt > 0.6
    assert mug @ other < 0.2


def test_eight_bits_keep_a_vector_but_for_a_hundredth() -> None:
    rng = np.random.default_rng(7)
    vectors = rng.normal(size=(20, 256)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    for vector, kept in zip(vectors, quantized(vectors), strict=True):
        assert np.linalg.norm(vector - array_of(kept)) < 0.015
