"""Use case: a tenant's catalogue becomes an index that its assistant searches.

It is made anew, whole, from the products and embeddings as they stand, and then put in the place of the one before: so
it heals what an embedder missed, and nobody ever searches half of one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from domain.catalogue import Product, ProductId
from domain.embed import embed_and_keep, stale_of
from domain.embeddings import Embedding
from domain.errors import TransientError
from domain.ports import EmbeddingModel, Embeddings, IndexJobs, ProductIndexes, Products
from domain.product_indexes import IndexedProduct
from domain.tenants import TenantId

_AT_ONCE = 256
"""Products that are looked at together: those of them that lack an embedding are embedded together."""


@dataclass(frozen=True, slots=True)
class IndexPorts:
    products: Products
    embeddings: Embeddings
    model: EmbeddingModel
    indexes: ProductIndexes
    index_jobs: IndexJobs


@dataclass(frozen=True, slots=True)
class Indexed:
    products: int
    embedded: int
    """Of them, by this very run."""
    without_vector: int
    in_use: bool
    """False where a build that began later was faster."""


def index_catalogue(tenant_id: TenantId, *, may_embed: Callable[[], bool], ports: IndexPorts) -> Indexed:
    """Raises what `ports` raise; of the model, once the index that does without it is in use.

    `may_embed` says whether there is time for another batch. What is left to the next run is asked for.
    """
    build = ports.indexes.begin(tenant_id)
    run = _Run(tenant_id, may_embed, ports)
    written = ports.indexes.write(tenant_id, build, ports.model.name, run.products())
    in_use = ports.indexes.put_in_use(tenant_id, written)
    ports.indexes.discard_older(tenant_id)
    run.delete_orphans()
    if run.failure is not None:
        raise run.failure
    if run.without_vector:
        ports.index_jobs.put(tenant_id)
    return Indexed(written.products, run.embedded, run.without_vector, in_use)


@dataclass(slots=True)
class _Run:
    tenant_id: TenantId
    may_embed: Callable[[], bool]
    ports: IndexPorts
    embedded: int = 0
    without_vector: int = 0
    failure: TransientError | None = None
    orphans: list[ProductId] = field(default_factory=list)
    """Embeddings whose product was not met."""

    def products(self) -> Iterator[IndexedProduct]:
        chunk: list[tuple[Product, Embedding | None]] = []
        for product, embedding in self._joined():
            if not product.active:
                continue
            chunk.append((product, embedding))
            if len(chunk) == _AT_ONCE:
                yield from self._with_vectors(chunk)
                chunk = []
        yield from self._with_vectors(chunk)

    def _joined(self) -> Iterator[tuple[Product, Embedding | None]]:
        """Both come by their ids, so neither is ever held whole."""
        embeddings = iter(self.ports.embeddings.all(self.tenant_id))
        embedding = next(embeddings, None)
        for product in self.ports.products.all(self.tenant_id):
            while embedding is not None and embedding.product_id < product.product_id:
                self.orphans.append(embedding.product_id)
                embedding = next(embeddings, None)
            if embedding is not None and embedding.product_id == product.product_id:
                yield product, embedding
                embedding = next(embeddings, None)
            else:
                yield product, None
        while embedding is not None:
            self.orphans.append(embedding.product_id)
            embedding = next(embeddings, None)

    def _with_vectors(self, chunk: Sequence[tuple[Product, Embedding | None]]) -> Iterator[IndexedProduct]:
        products = [product for product, _ in chunk]
        known = {embedding.product_id: embedding for _, embedding in chunk if embedding is not None}
        stale = stale_of(products, known, self.ports.model.name)
        made = {embedding.product_id: embedding for embedding in self._embed(stale)}
        lacking = {product.product_id for product in stale} - made.keys()
        self.embedded += len(made)
        self.without_vector += len(lacking)
        known |= made
        for product in products:
            stands = product.product_id not in lacking
            yield IndexedProduct(product, known[product.product_id].vector if stands else None)

    def _embed(self, stale: list[Product]) -> Iterator[Embedding]:
        if not stale or self.failure is not None or not self.may_embed():
            return
        try:
            yield from embed_and_keep(self.tenant_id, stale, self.ports.embeddings, self.ports.model)
        except TransientError as error:
            self.failure = error

    def delete_orphans(self) -> None:
        """But of a product that came while the others were read: its embedding is its own."""
        for start in range(0, len(self.orphans), _AT_ONCE):
            orphans = self.orphans[start : start + _AT_ONCE]
            there = {product.product_id for product in self.ports.products.get(self.tenant_id, orphans)}
            gone = [product_id for product_id in orphans if product_id not in there]
            if gone:
                self.ports.embeddings.delete(self.tenant_id, gone)
