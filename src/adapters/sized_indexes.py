"""A file for a tenant's catalogue, or S3 Vectors for one that is beyond a file: the version in use says which."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, islice

from adapters.file_index import FileIndex
from adapters.s3_product_indexes import S3ProductIndexes
from adapters.s3_vectors_indexes import S3VectorsIndexes
from domain.catalogue import ProductId, SearchFilter
from domain.product_indexes import BuildNumber, IndexedProduct, IndexStore, ProductIndexVersion
from domain.tenants import TenantId


class SizedProductIndexes(S3ProductIndexes):
    def __init__(self, bucket: str, tenants_table: str, vectors: S3VectorsIndexes, from_products: int) -> None:
        super().__init__(bucket, tenants_table)
        self._vectors = vectors
        self._from_products = from_products

    def write(
        self, tenant_id: TenantId, build: BuildNumber, model: str, products: Iterable[IndexedProduct]
    ) -> ProductIndexVersion:
        remaining = iter(products)
        first = list(islice(remaining, self._from_products))
        if len(first) < self._from_products:
            return super().write(tenant_id, build, model, first)
        return self._vectors.write(tenant_id, build, model, chain(first, remaining))


class SizedIndex:
    """What is searched."""

    def __init__(self, files: FileIndex, vectors: S3VectorsIndexes) -> None:
        self._files = files
        self._vectors = vectors

    def in_use(self, tenant_id: TenantId) -> ProductIndexVersion | None:
        return self._files.in_use(tenant_id)

    def candidates(
        self, tenant_id: TenantId, version: ProductIndexVersion, question: str, limit: int, only: SearchFilter
    ) -> list[ProductId] | None:
        holder = self._vectors if version.store is IndexStore.S3_VECTORS else self._files
        return holder.candidates(tenant_id, version, question, limit, only)
