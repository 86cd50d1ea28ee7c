"""From a changed product to the index that is searched: what is embedded, what is not, and whatever dies on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from domain.catalogue import Money, Product, ProductId
from domain.embed import Embedded, embed_catalogue, embed_changes
from domain.embeddings import content_hash, embedded_text
from domain.errors import ServiceUnavailableError, TransientError
from domain.index_catalogue import Indexed, index_catalogue
from domain.product_indexes import BuildNumber
from tests.builders import ACME, GLOBEX, product
from tests.fakes.crashes import Crash, Doom, When
from tests.fakes.pipeline import FakePipeline, FakeProductIndexes
from tests.fakes.products import FakeProducts

SHOP = [product(f"P-{n}", f"Product {n:0{n + 1}}") for n in range(7)]


def ids(products: Sequence[Product]) -> list[ProductId]:
    return [product.product_id for product in products]


@dataclass
class Deployment:
    """The use cases wired as the stream and the queue wire the functions: what fails, or dies, comes again."""

    pipeline: FakePipeline = field(default_factory=FakePipeline)
    doom: Doom = field(default_factory=Doom)
    time_left: bool = True

    def embed(self, products: Sequence[ProductId]) -> Embedded:
        return embed_changes(ACME, products, ports=self.doom.watch_all(self.pipeline.embed_ports))

    def index(self) -> Indexed:
        ports = self.doom.watch_all(self.pipeline.index_ports)
        return index_catalogue(ACME, may_embed=lambda: self.time_left, ports=ports)

    def stream(self, products: Sequence[ProductId]) -> None:
        while True:
            try:
                self.embed(products)
            except (Crash, TransientError):
                continue
            return

    def drain(self) -> None:
        while self.pipeline.index_jobs.take():
            while True:
                try:
                    self.index()
                except (Crash, TransientError):
                    continue
                break

    @property
    def in_index(self) -> dict[str, tuple[str, bool]]:
        """Title, and whether it has a vector, by id."""
        return {
            indexed.product.product_id: (indexed.product.title, indexed.vector is not None)
            for indexed in self.pipeline.indexes.searched(ACME)
        }


@pytest.fixture
def deployment() -> Deployment:
    made = Deployment()
    made.pipeline.products.put(ACME, SHOP)
    return made


def test_what_is_new_is_embedded_in_batches_and_an_index_asked_for(deployment: Deployment) -> None:
    assert deployment.embed(ids(SHOP)) == Embedded(embedded=7, unchanged=0, deleted=0)
    assert deployment.pipeline.model.texts == [embedded_text(one) for one in SHOP]
    assert list(deployment.pipeline.index_jobs.take()) == [ACME]


def test_a_price_a_stock_or_the_same_again_embeds_nothing_and_asks_for_an_index(deployment: Deployment) -> None:
    deployment.embed(ids(SHOP))
    deployment.pipeline.index_jobs.take()
    deployment.pipeline.products.put(ACME, [replace(SHOP[0], price=Money(1, "USD"), stock=0, link="https://x.example")])
    assert deployment.embed(ids(SHOP)) == Embedded(embedded=0, unchanged=7, deleted=0)
    assert deployment.pipeline.index_jobs.take() == [ACME]


@pytest.mark.parametrize(
    "change", [{"title": "x"}, {"description": "x"}, {"category": "x"}, {"attributes": {"color": "x"}}]
)
def test_other_words_are_embedded_anew(deployment: Deployment, change: dict[str, object]) -> None:
    deployment.embed(ids(SHOP))
    deployment.pipeline.products.put(ACME, [replace(SHOP[0], **change)])  # type: ignore[arg-type]
    assert deployment.embed(ids(SHOP)).embedded == 1


def test_another_model_embeds_everything_anew(deployment: Deployment) -> None:
    deployment.embed(ids(SHOP))
    deployment.pipeline.model.name = "lengths-2"
    assert deployment.embed(ids(SHOP)).embedded == 7
    assert {one.model for one in deployment.pipeline.embeddings.all(ACME)} == {"lengths-2"}


def test_a_whole_catalogue_is_embedded_with_progress_and_indexed_once(deployment: Deployment) -> None:
    deployment.pipeline.products.put(ACME, [product(f"Q-{n:03}", f"Thing {n}") for n in range(250)])
    deployment.embed(ids(SHOP))
    told: list[Embedded] = []
    done = embed_catalogue(ACME, ports=deployment.pipeline.embed_ports, on_progress=told.append)
    assert done == told[-1] == Embedded(embedded=250, unchanged=7, deleted=0)
    assert len(told) == 2
    assert deployment.pipeline.index_jobs.take() == [ACME]


def test_with_a_product_its_embedding_goes(deployment: Deployment) -> None:
    deployment.embed(ids(SHOP))
    deployment.pipeline.products.delete(ACME, [SHOP[0].product_id])
    deployment.pipeline.embeddings.put(GLOBEX, list(deployment.pipeline.embeddings.all(ACME)))
    assert deployment.embed([SHOP[0].product_id]) == Embedded(embedded=0, unchanged=0, deleted=1)
    assert [one.product_id for one in deployment.pipeline.embeddings.all(ACME)] == ids(SHOP[1:])
    assert len(list(deployment.pipeline.embeddings.all(GLOBEX))) == 7


def test_what_is_not_active_costs_no_embedding_and_stands_in_no_index(deployment: Deployment) -> None:
    deployment.pipeline.products.put(ACME, [replace(one, active=False) for one in SHOP[:3]])
    assert deployment.embed(ids(SHOP)).embedded == 4
    assert deployment.index().products == 4
    assert sorted(deployment.in_index) == ids(SHOP[3:])


def test_a_text_beyond_what_models_take_is_cut() -> None:
    long = product(description="x" * 5000)
    assert len(embedded_text(long)) == 2000
    assert content_hash(long, "m") == content_hash(replace(long, description="x" * 6000), "m")
    assert content_hash(product(title="\ud800"), "m")  # half a surrogate pair, which no UTF-8 carries


def test_the_index_holds_what_the_catalogue_holds(deployment: Deployment) -> None:
    deployment.stream(ids(SHOP))
    assert deployment.index() == Indexed(products=7, embedded=0, without_vector=0, in_use=True)
    assert deployment.in_index == {one.product_id: (one.title, True) for one in SHOP}


def test_an_index_embeds_what_the_embedder_missed(deployment: Deployment) -> None:
    deployment.embed(ids(SHOP[:3]))
    deployment.pipeline.products.put(ACME, [replace(SHOP[1], title="Other")])
    assert deployment.index().embedded == 5
    assert deployment.index().embedded == 0
    assert all(vector for _, vector in deployment.in_index.values())


def test_where_time_is_short_words_have_to_do_and_the_rest_is_asked_for(deployment: Deployment) -> None:
    deployment.time_left = False
    assert deployment.index() == Indexed(products=7, embedded=0, without_vector=7, in_use=True)
    assert not any(vector for _, vector in deployment.in_index.values())
    assert deployment.pipeline.index_jobs.take() == [ACME]


def test_where_the_model_fails_words_have_to_do_until_the_job_comes_back(deployment: Deployment) -> None:
    deployment.pipeline.model.fails = True
    with pytest.raises(ServiceUnavailableError):
        deployment.index()
    assert deployment.in_index == {one.product_id: (one.title, False) for one in SHOP}
    deployment.pipeline.model.fails = False
    assert deployment.index().without_vector == 0


def test_vectors_of_another_model_are_in_no_index_of_this_one(deployment: Deployment) -> None:
    deployment.embed(ids(SHOP))
    deployment.pipeline.model.name = "lengths-2"
    deployment.time_left = False
    assert deployment.index().without_vector == 7


def test_embeddings_without_a_product_go(deployment: Deployment) -> None:
    deployment.embed(ids(SHOP))
    deployment.pipeline.products.delete(ACME, [ProductId("P-0"), ProductId("P-3"), ProductId("P-6")])
    deployment.index()
    assert [one.product_id for one in deployment.pipeline.embeddings.all(ACME)] == ["P-1", "P-2", "P-4", "P-5"]


def test_a_product_that_comes_while_the_others_are_read_keeps_its_embedding(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployment.embed(ids(SHOP))
    late = SHOP[3]
    monkeypatch.setattr(FakeProducts, "all", lambda *_: [one for one in SHOP if one != late])
    deployment.index()
    assert late.product_id not in deployment.in_index
    assert late.product_id in deployment.pipeline.embeddings.get(ACME, [late.product_id])


def test_a_build_that_began_earlier_gives_way(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = deployment.pipeline.indexes.begin(ACME)
    deployment.index()
    monkeypatch.setattr(FakeProductIndexes, "begin", lambda *_: earlier)
    assert not deployment.index().in_use
    found = deployment.pipeline.indexes.in_use(ACME)
    assert found is not None
    assert found.build == BuildNumber(earlier + 1)


def test_an_empty_catalogue_has_an_empty_index() -> None:
    assert Deployment().index() == Indexed(products=0, embedded=0, without_vector=0, in_use=True)


def story(deployment: Deployment) -> None:
    """A catalogue comes, one of its products changes, one goes, and each change is told twice."""
    deployment.pipeline.products.put(ACME, SHOP)
    for _ in range(2):
        deployment.stream(ids(SHOP))
    deployment.drain()
    deployment.pipeline.products.put(ACME, [replace(SHOP[2], title="Other")])
    deployment.pipeline.products.delete(ACME, [SHOP[5].product_id])
    for _ in range(2):
        deployment.stream(ids(SHOP))
        deployment.drain()


def test_wherever_a_worker_dies_the_index_comes_to_hold_the_catalogue() -> None:
    healthy = Deployment()
    story(healthy)
    expected = {one.product_id: (one.title, True) for one in SHOP if one != SHOP[5]} | {"P-2": ("Other", True)}
    assert healthy.in_index == expected
    for n in range(len(healthy.doom.calls)):
        for when in When:
            doomed = Deployment(doom=Doom(n, when))
            story(doomed)
            assert doomed.in_index == expected, (n, when)
            assert [one.product_id for one in doomed.pipeline.embeddings.all(ACME)] == sorted(expected)
            assert len(doomed.pipeline.indexes.written) <= 3, (n, when)
