"""From products to their index, in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from domain.catalogue import ProductId
from domain.embed import EmbedPorts
from domain.embeddings import Embedding, Vector
from domain.errors import ServiceUnavailableError
from domain.index_catalogue import IndexPorts
from domain.product_indexes import BuildNumber, IndexedProduct, ProductIndexVersion
from domain.tenants import TenantId
from tests.fakes.products import FakeProducts


@dataclass(slots=True)
class FakeEmbeddings:
    stored: dict[tuple[TenantId, ProductId], Embedding] = field(default_factory=dict)

    def get(self, tenant_id: TenantId, product_ids: Sequence[ProductId]) -> Mapping[ProductId, Embedding]:
        found = {product_id: self.stored.get((tenant_id, product_id)) for product_id in product_ids}
        return {product_id: embedding for product_id, embedding in found.items() if embedding is not None}

    def all(self, tenant_id: TenantId) -> Iterable[Embedding]:
        return [
            embedding
            for (owner, _), embedding in sorted(self.stored.items(), key=lambda entry: entry[0])
            if owner == tenant_id
        ]

    def put(self, tenant_id: TenantId, embeddings: Sequence[Embedding]) -> None:
        self.stored |= {(tenant_id, embedding.product_id): embedding for embedding in embeddings}

    def delete(self, tenant_id: TenantId, product_ids: Sequence[ProductId]) -> None:
        for product_id in product_ids:
            self.stored.pop((tenant_id, product_id), None)


@dataclass(slots=True)
class FakeEmbeddingModel:
    """Knows the length of a text, and no more of it."""

    name: str = "lengths-1"
    most_at_once: int = 3
    texts: list[str] = field(default_factory=list)
    """All that it was ever given."""
    fails: bool = False

    def of_products(self, texts: Sequence[str]) -> list[Vector]:
        assert 0 < len(texts) <= self.most_at_once
        if self.fails:
            raise ServiceUnavailableError("the model is throttled")
        self.texts += texts
        return [self.of_question(text) for text in texts]

    def of_question(self, text: str) -> Vector:
        return Vector(bytes([len(text) % 100] * 64), 1.0)


@dataclass(slots=True)
class FakeIndexJobs:
    waiting: list[TenantId] = field(default_factory=list)

    def put(self, tenant_id: TenantId) -> None:
        if tenant_id not in self.waiting:
            self.waiting.append(tenant_id)

    def take(self) -> list[TenantId]:
        taken, self.waiting = self.waiting, []
        return taken


@dataclass(slots=True)
class FakeProductIndexes:
    builds: Counter[TenantId] = field(default_factory=Counter)
    written: dict[tuple[TenantId, BuildNumber], tuple[ProductIndexVersion, list[IndexedProduct]]] = field(
        default_factory=dict
    )
    pointers: dict[TenantId, ProductIndexVersion] = field(default_factory=dict)

    def begin(self, tenant_id: TenantId) -> BuildNumber:
        self.builds[tenant_id] += 1
        return BuildNumber(self.builds[tenant_id])

    def write(
        self, tenant_id: TenantId, build: BuildNumber, model: str, products: Iterable[IndexedProduct]
    ) -> ProductIndexVersion:
        indexed = list(products)
        version = ProductIndexVersion(build, model, len(indexed))
        self.written[tenant_id, build] = version, indexed
        return version

    def put_in_use(self, tenant_id: TenantId, version: ProductIndexVersion) -> bool:
        before = self.pointers.get(tenant_id)
        if before is not None and before.build >= version.build:
            return before == version
        self.pointers[tenant_id] = version
        return True

    def in_use(self, tenant_id: TenantId) -> ProductIndexVersion | None:
        return self.pointers.get(tenant_id)

    def discard_older(self, tenant_id: TenantId) -> None:
        current = self.pointers.get(tenant_id)
        if current is None:
            return
        older = sorted(build for owner, build in self.written if owner == tenant_id and build < current.build)
        for build in older[:-1]:
            del self.written[tenant_id, build]

    def searched(self, tenant_id: TenantId) -> list[IndexedProduct]:
        """What is in the index that is in use."""
        return self.written[tenant_id, self.pointers[tenant_id].build][1]


@dataclass(slots=True)
class FakePipeline:
    products: FakeProducts = field(default_factory=FakeProducts)
    embeddings: FakeEmbeddings = field(default_factory=FakeEmbeddings)
    model: FakeEmbeddingModel = field(default_factory=FakeEmbeddingModel)
    indexes: FakeProductIndexes = field(default_factory=FakeProductIndexes)
    index_jobs: FakeIndexJobs = field(default_factory=FakeIndexJobs)

    @property
    def embed_ports(self) -> EmbedPorts:
        return EmbedPorts(
            products=self.products, embeddings=self.embeddings, model=self.model, index_jobs=self.index_jobs
        )

    @property
    def index_ports(self) -> IndexPorts:
        return IndexPorts(
            products=self.products,
            embeddings=self.embeddings,
            model=self.model,
            indexes=self.indexes,
            index_jobs=self.index_jobs,
        )
