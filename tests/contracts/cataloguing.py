"""`Products`, `Embeddings`, `ProductIndexes`, `IndexJobs`: from a catalogue to the index that it is searched by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from domain.catalogue import ProductId
from domain.embeddings import Embedding, Vector
from domain.ports import Embeddings, IndexJobs, ProductIndexes, Products
from domain.product_indexes import BuildNumber, IndexedProduct
from domain.tenants import TenantId
from tests.builders import ACME, GLOBEX, product

MANY = 130
"""More than one batch of any call takes."""


def embedding(product_id: str = "MUG-1", *, scale: float = 0.1, model: str = "a-model") -> Embedding:
    return Embedding(ProductId(product_id), Vector(bytes(range(200, 256)) + bytes(8), scale), model, "hash")


class ProductsContract:
    def test_those_that_there_are_come_back_whole(self, products: Products) -> None:
        whole = [product(f"P-{n:03}", f"Product {n}", description="x", stock=n) for n in range(MANY)]
        products.put(ACME, whole)
        asked = [ProductId("NONE"), *(one.product_id for one in whole)]
        assert sorted(products.get(ACME, asked), key=lambda one: one.product_id) == whole
        assert products.get(ACME, []) == []

    def test_ids_that_cannot_be_are_not_there_and_none_counts_twice(self, products: Products) -> None:
        products.put(ACME, [product()])
        asked = ["MUG-1", "", "x" * 1025, "\ud83d", "MUG-1"]
        assert products.get(ACME, [ProductId(one) for one in asked]) == [product()]

    def test_all_come_by_their_ids_whatever_is_in_these(self, products: Products) -> None:
        ids = ["b", "a", "Z", "é", "10", "9", "ü-1", "mug", "👟", "�"]
        products.put(ACME, [product(product_id) for product_id in ids])
        assert [one.product_id for one in products.all(ACME)] == sorted(ids)
        assert sorted(products.ids(ACME)) == sorted(ids)

    def test_one_that_is_not_active_is_there(self, products: Products) -> None:
        products.put(ACME, [replace(product(), active=False)])
        assert [one.active for one in products.get(ACME, [ProductId("MUG-1")])] == [False]
        assert [one.active for one in products.all(ACME)] == [False]

    def test_nothing_of_another_tenant_comes_or_goes(self, products: Products) -> None:
        for tenant_id, title in ((ACME, "Mug"), (GLOBEX, "Hat")):
            products.put(tenant_id, [product("P-1", title)])
        assert [one.title for one in products.get(ACME, [ProductId("P-1")])] == ["Mug"]
        assert [one.title for one in products.all(GLOBEX)] == ["Hat"]
        products.delete(ACME, [ProductId("P-1")])
        assert list(products.all(ACME)) == []
        assert [one.title for one in products.all(GLOBEX)] == ["Hat"]

    def test_what_is_gone_can_go_again(self, products: Products) -> None:
        products.delete(ACME, [ProductId("NONE")])
        assert list(products.ids(ACME)) == []


class EmbeddingsContract:
    def test_they_come_back_as_they_were_kept(self, embeddings: Embeddings) -> None:
        kept = [embedding(f"P-{n:03}", scale=n / 7) for n in range(MANY)]
        embeddings.put(ACME, kept)
        assert list(embeddings.all(ACME)) == kept
        asked = [ProductId("NONE"), *(one.product_id for one in kept)]
        assert embeddings.get(ACME, asked) == {one.product_id: one for one in kept}

    def test_a_newer_one_replaces_it(self, embeddings: Embeddings) -> None:
        embeddings.put(ACME, [embedding()])
        embeddings.put(ACME, [embedding(model="another")])
        assert [one.model for one in embeddings.all(ACME)] == ["another"]

    def test_nothing_of_another_tenant_comes_or_goes(self, embeddings: Embeddings) -> None:
        for tenant_id in (ACME, GLOBEX):
            embeddings.put(tenant_id, [embedding(model=tenant_id)])
        embeddings.delete(ACME, [ProductId("MUG-1"), ProductId("NONE")])
        assert list(embeddings.all(ACME)) == []
        assert embeddings.get(ACME, [ProductId("MUG-1")]) == {}
        assert [one.model for one in embeddings.all(GLOBEX)] == [GLOBEX]


class ProductIndexesContract:
    def build(self, indexes: ProductIndexes, tenant_id: TenantId = ACME, count: int = 2) -> BuildNumber:
        """Begun and written, and not in use yet."""
        number = indexes.begin(tenant_id)
        products = [IndexedProduct(product(f"P-{n}"), None) for n in range(count)]
        written = indexes.write(tenant_id, number, "a-model", products)
        assert (written.build, written.model, written.products) == (number, "a-model", count)
        return number

    def test_builds_are_numbered_for_each_tenant(self, indexes: ProductIndexes) -> None:
        assert [indexes.begin(ACME) for _ in range(3)] == [1, 2, 3]
        assert indexes.begin(GLOBEX) == 1

    def test_what_was_begun_and_written_is_not_in_use(self, indexes: ProductIndexes) -> None:
        assert indexes.in_use(ACME) is None
        self.build(indexes)
        assert indexes.in_use(ACME) is None

    def test_one_is_put_in_use_for_its_tenant_alone(self, indexes: ProductIndexes) -> None:
        version = indexes.write(ACME, indexes.begin(ACME), "a-model", [IndexedProduct(product(), None)])
        assert indexes.put_in_use(ACME, version)
        assert indexes.in_use(ACME) == version
        assert indexes.in_use(GLOBEX) is None
        assert indexes.put_in_use(ACME, version)  # by a worker that does not know that it did

    def test_an_older_one_never_replaces_a_newer(self, indexes: ProductIndexes) -> None:
        older, newer = (indexes.begin(ACME) for _ in range(2))
        written = {
            build: indexes.write(ACME, build, "a-model", [IndexedProduct(product(), None)]) for build in (newer, older)
        }
        assert indexes.put_in_use(ACME, written[newer])
        assert not indexes.put_in_use(ACME, written[older])
        assert indexes.in_use(ACME) == written[newer]

    def test_an_empty_catalogue_has_one_too(self, indexes: ProductIndexes) -> None:
        version = indexes.write(ACME, indexes.begin(ACME), "a-model", [])
        assert indexes.put_in_use(ACME, version)
        assert version.products == 0

    def test_the_one_in_use_and_the_one_before_are_left(
        self, indexes: ProductIndexes, kept: Callable[[TenantId], list[BuildNumber]]
    ) -> None:
        indexes.discard_older(ACME)
        for tenant_id in (ACME, GLOBEX):
            for _ in range(3):
                number = self.build(indexes, tenant_id)
        last = indexes.write(ACME, indexes.begin(ACME), "a-model", [])
        indexes.put_in_use(ACME, last)
        newer = self.build(indexes)
        indexes.discard_older(ACME)
        assert kept(ACME) == [number, last.build, newer]
        assert kept(GLOBEX) == [1, 2, 3]


class IndexJobsContract:
    """`waiting` takes what is on the queue."""

    def test_many_asks_of_a_tenant_are_one(self, index_jobs: IndexJobs, waiting: Callable[[], list[TenantId]]) -> None:
        for tenant_id in (ACME, GLOBEX, ACME, ACME):
            index_jobs.put(tenant_id)
        assert sorted(waiting()) == sorted([ACME, GLOBEX])
