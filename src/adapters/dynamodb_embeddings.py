"""Products' vectors in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.dynamodb_batches import delete_items, get_items, partition, put_items
from domain.catalogue import ProductId
from domain.embeddings import Embedding, Vector
from domain.tenants import TenantId


class DynamoEmbeddings:
    def __init__(self, table: str) -> None:
        self._table = table

    def get(self, tenant_id: TenantId, product_ids: Sequence[ProductId]) -> Mapping[ProductId, Embedding]:
        rows = get_items(self._table, [keys.embedding(tenant_id, product_id) for product_id in product_ids])
        return {embedding.product_id: embedding for embedding in map(_embedding_of, rows)}

    def all(self, tenant_id: TenantId) -> Iterable[Embedding]:
        return map(_embedding_of, partition(self._table, "tenantId", tenant_id))

    def put(self, tenant_id: TenantId, embeddings: Sequence[Embedding]) -> None:
        put_items(self._table, [_row_of(tenant_id, embedding) for embedding in embeddings])

    def delete(self, tenant_id: TenantId, product_ids: Sequence[ProductId]) -> None:
        delete_items(self._table, [keys.embedding(tenant_id, product_id) for product_id in product_ids])


def _row_of(tenant_id: TenantId, embedding: Embedding) -> dict[str, Any]:
    return {
        **keys.embedding(tenant_id, embedding.product_id),
        "vector": embedding.vector.components,
        "scale": repr(
            embedding.vector.scale
        ),  # text: DynamoDB's numbers are decimal, and this one is to come back whole
        "dimension": embedding.vector.dimension,
        "model": embedding.model,
        "contentHash": embedding.content_hash,
    }


def _embedding_of(row: Mapping[str, Any]) -> Embedding:
    return Embedding(
        product_id=ProductId(row["productId"]),
        vector=Vector(row["vector"], float(row["scale"])),
        model=row["model"],
        content_hash=row["contentHash"],
    )
