"""Use case: products changed, so their embeddings do.

What a product is now counts, not what the change was: a change that is told twice, late or out of order does no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.catalogue import Product, ProductId
from domain.embeddings import Embedding, content_hash, embedded_text
from domain.errors import TransientError
from domain.ports import EmbeddingModel, Embeddings, IndexJobs, Products
from domain.tenants import TenantId

_AT_ONCE = 200
"""Products of a whole catalogue that are looked at together."""


@dataclass(frozen=True, slots=True)
class EmbedPorts:
    products: Products
    embeddings: Embeddings
    model: EmbeddingModel
    index_jobs: IndexJobs


@dataclass(frozen=True, slots=True)
class Embedded:
    embedded: int
    unchanged: int
    deleted: int

    def __add__(self, other: Embedded) -> Embedded:
        return Embedded(self.embedded + other.embedded, self.unchanged + other.unchanged, self.deleted + other.deleted)


def embed_changes(tenant_id: TenantId, product_ids: Sequence[ProductId], *, ports: EmbedPorts) -> Embedded:
    """The index is asked for whatever came of it: prices and stock are in it, too, and words do without a vector."""
    try:
        embedded = _embed(tenant_id, product_ids, ports)
    except TransientError:
        ports.index_jobs.put(tenant_id)
        raise
    ports.index_jobs.put(tenant_id)
    return embedded


def embed_catalogue(tenant_id: TenantId, *, ports: EmbedPorts, on_progress: Callable[[Embedded], None]) -> Embedded:
    """All of it, where the model has changed or changes were missed. Cut off, it is simply run again."""
    done = Embedded(0, 0, 0)
    product_ids = list(ports.products.ids(tenant_id))
    for start in range(0, len(product_ids), _AT_ONCE):
        done += _embed(tenant_id, product_ids[start : start + _AT_ONCE], ports)
        on_progress(done)
    ports.index_jobs.put(tenant_id)
    return done


def _embed(tenant_id: TenantId, product_ids: Sequence[ProductId], ports: EmbedPorts) -> Embedded:
    products = {product.product_id: product for product in ports.products.get(tenant_id, product_ids)}
    gone = [product_id for product_id in product_ids if product_id not in products]
    if gone:
        ports.embeddings.delete(tenant_id, gone)
    active = [product for product in products.values() if product.active]
    known = ports.embeddings.get(tenant_id, [product.product_id for product in active])
    stale = stale_of(active, known, ports.model.name)
    for _ in embed_and_keep(tenant_id, stale, ports.embeddings, ports.model):
        pass
    return Embedded(len(stale), len(active) - len(stale), len(gone))


def stale_of(products: Sequence[Product], known: Mapping[ProductId, Embedding], model: str) -> list[Product]:
    """Those without an embedding of what they are now, by this model."""
    return [
        product
        for product in products
        if product.product_id not in known or not known[product.product_id].is_of(product, model)
    ]


def embed_and_keep(
    tenant_id: TenantId, products: Sequence[Product], embeddings: Embeddings, model: EmbeddingModel
) -> Iterator[Embedding]:
    """In batches, each kept before the next is made: whoever is cut off loses one of them."""
    for start in range(0, len(products), model.most_at_once):
        batch = products[start : start + model.most_at_once]
        vectors = model.of_products([embedded_text(product) for product in batch])
        made = [
            Embedding(product.product_id, vector, model.name, content_hash(product, model.name))
            for product, vector in zip(batch, vectors, strict=True)
        ]
        embeddings.put(tenant_id, made)
        yield from made
