"""What the assistants search: an index where a catalogue is large, the table's own rows in any case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from adapters import file_index
from adapters.aws_clients import client
from adapters.dynamodb_catalogue import DynamoProducts, put_products
from adapters.dynamodb_embeddings import DynamoEmbeddings
from adapters.file_index import FileIndex
from adapters.indexed_catalogue_search import (
    FRESH_SECONDS,
    POINTER_SECONDS,
    SMALL,
    SMALL_SECONDS,
    IndexedCatalogueSearch,
)
from adapters.ngram_embeddings import NgramEmbeddings
from adapters.s3_product_indexes import S3ProductIndexes
from domain.catalogue import Money, Product, ProductId, Sale, SearchFilter
from domain.embeddings import Vector
from domain.errors import ServiceUnavailableError
from domain.index_catalogue import IndexPorts, index_catalogue
from domain.ports import TurnCatalogue
from domain.tenants import TenantId
from ops.local import demo_data
from tests.builders import ACME, GLOBEX, NOON, after, product
from tests.contracts.reading import CatalogueContract, CatalogueOf, SmallCatalogueContract
from tests.fakes.pipeline import FakeIndexJobs
from tests.integration.template_resources import TemplateResources


@dataclass
class Unwilling(NgramEmbeddings):
    """A model that is throttled, or of another name."""

    name: str = "hashed-ngrams-1"
    throttled: bool = False

    def of_question(self, text: str) -> Vector:
        if self.throttled:
            raise ServiceUnavailableError("the model is throttled")
        return super().of_question(text)


@dataclass
class Shop:
    """A deployment's catalogues, the index of each, and one worker that searches them."""

    resources: TemplateResources
    model: Unwilling = field(default_factory=Unwilling)
    seconds: float = 0.0
    now: datetime = NOON
    unindexed: int = 0

    def __post_init__(self) -> None:
        self.products = DynamoProducts(self.resources.tables["ProductsTable"])
        self.files = S3ProductIndexes(
            self.resources.buckets["ProductIndexBucket"], self.resources.tables["TenantsTable"]
        )
        self.search = self.worker()

    def worker(self, small: int = 0, most_bytes: int = file_index.MOST_BYTES) -> IndexedCatalogueSearch:
        return IndexedCatalogueSearch(
            self.products,
            FileIndex(self.files, lambda: self.model, most_bytes),
            small=small,
            on_unindexed=self._told,
            clock=lambda: self.seconds,
            now=lambda: self.now,
        )

    def _told(self) -> None:
        self.unindexed += 1

    def sells(self, *products: Product, tenant_id: TenantId = ACME) -> None:
        put_products(self.resources.tables["ProductsTable"], tenant_id, products)

    def index(self, tenant_id: TenantId = ACME) -> None:
        ports = IndexPorts(
            products=self.products,
            embeddings=DynamoEmbeddings(self.resources.tables["EmbeddingsTable"]),
            model=NgramEmbeddings(),
            indexes=self.files,
            index_jobs=FakeIndexJobs(),
        )
        index_catalogue(tenant_id, may_embed=lambda: True, ports=ports)
        self.seconds += POINTER_SECONDS

    def titles(self, question: str, only: SearchFilter | None = None, *, tenant_id: TenantId = ACME) -> list[str]:
        self.search.begin_turn()
        hits = self.search.search(tenant_id, question, 5, only or SearchFilter())
        return [hit.product.title for hit in hits]


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Sequence[Path]]:
    """Those that workers hold indexes in. Nothing else is left behind."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return lambda: list(tmp_path.iterdir())


@pytest.fixture
def shop(resources: TemplateResources, folders: Callable[[], Sequence[Path]]) -> Shop:
    assert folders() == []
    return Shop(resources)


class TestCatalogueRead(CatalogueContract):
    """Small catalogues, and those whose index is not made yet."""

    @pytest.fixture(params=[SMALL, 0], ids=["small", "without an index"])
    def catalogue_of(self, shop: Shop, request: pytest.FixtureRequest) -> CatalogueOf:
        def stored(catalogues: dict[TenantId, Iterable[Product]]) -> TurnCatalogue:
            for tenant_id, products in catalogues.items():
                shop.sells(*products, tenant_id=tenant_id)
            return shop.worker(small=request.param)

        return stored


class TestSmallCatalogue(SmallCatalogueContract):
    @pytest.fixture
    def catalogue_of(self, shop: Shop) -> CatalogueOf:
        def stored(catalogues: dict[TenantId, Iterable[Product]]) -> TurnCatalogue:
            for tenant_id, products in catalogues.items():
                shop.sells(*products, tenant_id=tenant_id)
            return shop.worker(small=SMALL)

        return stored


class TestCatalogueIndexed(CatalogueContract):
    @pytest.fixture
    def catalogue_of(self, shop: Shop) -> CatalogueOf:
        def stored(catalogues: dict[TenantId, Iterable[Product]]) -> TurnCatalogue:
            for tenant_id, products in catalogues.items():
                shop.sells(*products, tenant_id=tenant_id)
                shop.index(tenant_id)
            return shop.search

        return stored


def test_a_catalogue_read_whole_has_the_prices_of_the_moment(shop: Shop) -> None:
    shop.search = shop.worker(small=SMALL)
    shop.sells(product(sale=Sale(Money(900, "USD"), after(minutes=1))))
    shop.now = after(minutes=1)
    assert [found.price.minor for found in shop.search.whole(ACME) or []] == [900]


def test_of_an_indexed_catalogue_no_row_is_read_to_find_it_large(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.sells(*MUGS)
    shop.index()
    monkeypatch.setattr(shop.products, "all", lambda _: pytest.fail("it was read"))
    assert shop.search.whole(ACME) is None


MUGS = [product("MUG-1", "Blue mug"), product("MUG-2", "Red mug"), product("POT-1", "Blue teapot")]


def test_the_index_says_which_and_the_table_what_they_are_now(shop: Shop) -> None:
    shop.sells(*MUGS)
    shop.index()
    shop.sells(product("MUG-1", "Blue mug", price=Money(999, "USD"), stock=0))
    hit = shop.search.search(ACME, "blue mgu", 1)[0]
    assert (hit.product.product_id, hit.product.price.minor, hit.product.in_stock) == ("MUG-1", 999, False)
    assert shop.unindexed == 0


def test_what_has_gone_or_is_not_active_any_longer_is_not_found(shop: Shop) -> None:
    shop.sells(*MUGS)
    shop.index()
    shop.products.delete(ACME, [ProductId("MUG-1")])
    shop.sells(replace(MUGS[1], active=False))
    assert shop.titles("mug") == []
    assert shop.titles("blue teapot") == ["Blue teapot"]


@pytest.mark.parametrize("tenant_id", ["maple-home", "flor-de-cafe"])
def test_the_demos_products_are_found_by_their_names_among_many_others(shop: Shop, tenant_id: TenantId) -> None:
    own = [one for one in demo_data.catalogue(tenant_id) if one.active]
    others = [replace(one, product_id=ProductId(f"X-{n}"), title=f"{one.title} {n}") for n, one in enumerate(own * 5)]
    shop.sells(*own, *others, tenant_id=tenant_id)
    shop.index(tenant_id)
    assert [shop.titles(one.title, tenant_id=tenant_id)[0] for one in own] == [one.title for one in own]


def test_a_filter_holds_for_what_products_are_now(shop: Shop) -> None:
    shop.sells(*MUGS)
    shop.index()
    assert shop.titles("mug", SearchFilter(most_minor=1250)) == ["Blue mug", "Red mug"]
    shop.sells(replace(MUGS[0], price=Money(1251, "USD")), replace(MUGS[1], stock=0))
    assert shop.titles("mug", SearchFilter(most_minor=1250)) == ["Red mug"]
    assert shop.titles("mug", SearchFilter(in_stock=True)) == ["Blue mug"]


def test_a_product_is_found_with_the_price_of_the_moment(shop: Shop) -> None:
    shop.sells(product(sale=Sale(Money(900, "USD"), after(minutes=1), after(minutes=2))))
    shop.index()
    for minute, minor in ((0, 1250), (1, 900), (2, 1250)):
        shop.now = after(minutes=minute)
        found = shop.search.product(ACME, ProductId("MUG-1"))
        assert found is not None
        assert found.price.minor == minor
        for worker in (shop.search, shop.worker(small=SMALL)):
            assert [hit.product.price.minor for hit in worker.search(ACME, found.title, 1)] == [minor]


@pytest.mark.parametrize("small", [0, SMALL], ids=["indexed", "small"])
def test_a_turn_reads_once_and_believes_it_no_longer_than_a_moment(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    shop.search = shop.worker(small)
    shop.sells(*MUGS)
    shop.index()
    assert "Blue mug" in shop.titles("blue mug")
    shop.sells(replace(MUGS[0], price=Money(999, "USD")))
    assert _price(shop) == MUGS[0].price.minor  # what search has read in this turn, the guard has
    shop.seconds += FRESH_SECONDS
    assert _price(shop) == 999
    shop.sells(replace(MUGS[0], price=Money(888, "USD")))
    shop.search.begin_turn()
    assert _price(shop) == 888
    monkeypatch.setattr(DynamoProducts, "get", lambda *_: pytest.fail("read twice in one turn"))
    assert _price(shop) == 888


def _price(shop: Shop) -> int:
    found = shop.search.product(ACME, MUGS[0].product_id)
    assert found is not None
    return found.price.minor


def test_a_newer_index_is_loaded_when_the_worker_looks_again(shop: Shop) -> None:
    shop.sells(*MUGS)
    shop.index()
    assert shop.titles("straw hat") == []
    shop.sells(product("HAT-1", "Straw hat"))
    shop.index()
    shop.seconds -= 1
    assert shop.titles("straw hat") == []
    shop.seconds += 1
    assert shop.titles("straw hat") == ["Straw hat"]


def test_an_index_that_was_replaced_under_a_workers_hands_is_not_missed(shop: Shop) -> None:
    shop.sells(*MUGS)
    shop.index()
    idle = shop.worker()
    idle._version(ACME)
    shop.sells(product("HAT-1", "Straw hat"))
    for _ in range(3):
        shop.index()
    shop.seconds = POINTER_SECONDS  # as long as the worker believes what it has read
    assert [hit.product.title for hit in idle.search(ACME, "straw hat", 1)] == ["Straw hat"]
    assert shop.unindexed == 0


@pytest.mark.parametrize("broken", ["gone", "of another kind", "out of reach"])
def test_without_its_index_a_catalogue_is_read_and_that_is_told(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    shop.sells(*MUGS)
    shop.index()
    monkeypatch.setattr(S3ProductIndexes, "load", _loading(broken))
    assert shop.titles("red mug") == ["Red mug", "Blue mug"]
    assert shop.unindexed == 1


def _loading(broken: str) -> Callable[..., bool]:
    def load(_self: Any, _tenant_id: TenantId, _build: int, target: Path) -> bool:
        if broken == "out of reach":
            raise ServiceUnavailableError("load an index")
        if broken == "of another kind":
            import zipfile

            with zipfile.ZipFile(target, "w") as archive:
                archive.writestr("about.json", '{"format": 0}')
        return broken != "gone"

    return load


@pytest.mark.parametrize("model", [Unwilling(name="another"), Unwilling(throttled=True)], ids=["another", "throttled"])
def test_where_the_model_does_not_help_words_do(shop: Shop, model: Unwilling) -> None:
    shop.sells(*MUGS)
    shop.index()
    shop.model = model
    assert shop.titles("blue teapto") == ["Blue teapot", "Blue mug"]


def test_a_small_catalogue_shows_at_once_what_was_changed(shop: Shop) -> None:
    shop.search = shop.worker(small=SMALL)
    shop.sells(*MUGS)
    shop.index()
    assert shop.titles("straw hat") == []
    shop.sells(product("HAT-1", "Straw hat"))
    shop.seconds += 2
    assert shop.titles("straw hat") == ["Straw hat"]


def test_of_a_small_catalogue_no_index_is_asked_for_until_it_has_grown(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_use = mock.Mock(side_effect=shop.files.in_use)
    monkeypatch.setattr(shop.files, "in_use", in_use)
    shop.search = shop.worker(small=len(MUGS))
    shop.sells(*MUGS)
    shop.index()
    for _ in range(5):
        assert shop.titles("straw hat") == []
        shop.seconds += SMALL_SECONDS / 6
    assert in_use.call_count == 1

    shop.sells(product("HAT-1", "Straw hat"))
    shop.index()
    monkeypatch.setattr("adapters.indexed_catalogue_search._MOST_WITHOUT_INDEX", len(MUGS) + 1)
    shop.sells(*(product(f"A-{n}", f"Apron {n}") for n in range(9)))  # what is read ends before the hat
    assert shop.titles("straw hat") == ["Straw hat"]
    assert (in_use.call_count, shop.unindexed) == (2, 0)


def test_many_products_without_an_index_are_not_all_read(shop: Shop) -> None:
    shop.sells(*(product(f"P-{n:04}", f"Thing {n}") for n in range(1001)))
    assert shop.titles("thing 999")[0] == "Thing 999"
    assert shop.titles("1000") == []


def test_a_worker_holds_no_more_than_it_has_room_for(shop: Shop, folders: Callable[[], Sequence[Path]]) -> None:
    tenants = [TenantId(f"shop-{n}") for n in range(4)]
    for tenant_id in tenants:
        shop.sells(product(title=f"Mug of {tenant_id}"), tenant_id=tenant_id)
        shop.index(tenant_id)
    listed = client("s3").list_objects_v2(Bucket=shop.resources.buckets["ProductIndexBucket"])["Contents"]
    shop.search = shop.worker(most_bytes=2 * max(one["Size"] for one in listed))
    for _ in range(2):
        for tenant_id in tenants:
            assert shop.titles("mug", tenant_id=tenant_id) == [f"Mug of {tenant_id}"]
            assert len(folders()) <= 2


def test_nothing_is_left_of_an_index_that_could_not_be_loaded(
    shop: Shop, folders: Callable[[], Sequence[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.sells(*MUGS)
    shop.index()
    for broken in ("gone", "of another kind", "out of reach"):
        monkeypatch.setattr(S3ProductIndexes, "load", _loading(broken))
        shop.titles("red mug")
        assert folders() == []


def test_an_id_of_another_tenants_in_a_file_reads_nothing_of_theirs(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.sells(*MUGS)
    shop.sells(product("HAT-1", "Straw hat"), tenant_id=GLOBEX)
    shop.index()
    monkeypatch.setattr(FileIndex, "candidates", lambda *_: [ProductId("HAT-1"), ProductId("MUG-1")])
    assert shop.titles("straw hat mug") == ["Blue mug"]
