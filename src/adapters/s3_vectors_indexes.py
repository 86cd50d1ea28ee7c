"""Amazon S3 Vectors, for catalogues that are too large for a file which each worker loads: one index for each tenant.

Vectors alone: a mistyped word is found as far as the model knows spelling. A query takes about 100 ms.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from adapters.aws_clients import client, translated
from adapters.vectors import array_of
from domain.catalogue import ProductId, SearchFilter
from domain.embeddings import Vector
from domain.errors import TransientError
from domain.ports import EmbeddingModel
from domain.product_indexes import BuildNumber, IndexedProduct, IndexStore, ProductIndexVersion
from domain.tenants import TenantId

_PUT_AT_ONCE = 500
_LISTED_AT_ONCE = 1000
_MOST_FOUND = 100
_MOST_CATEGORY_CHARACTERS = 200
"""What is filtered by has 2 KB for each vector."""


class S3VectorsIndexes:
    """A build replaces vector by vector, in the index that is searched; in its end it removes what it did not meet."""

    def __init__(self, vector_bucket: str, model: Callable[[], EmbeddingModel]) -> None:
        self._bucket = vector_bucket
        self._model = model

    def write(
        self, tenant_id: TenantId, build: BuildNumber, model: str, products: Iterable[IndexedProduct]
    ) -> ProductIndexVersion:
        index, count, met = index_name(tenant_id, model), 0, set[str]()
        remaining = iter(products)
        while batch := list(islice(remaining, _PUT_AT_ONCE)):
            count += len(batch)
            vectors = [_vector_of(one, one.vector) for one in batch if one.vector and any(one.vector.components)]
            if vectors:
                if not met:
                    self._create(index, len(vectors[0]["data"]["float32"]))
                self._call("put_vectors", indexName=index, vectors=vectors)
                met.update(vector["key"] for vector in vectors)
        if met:
            self._remove_all_but(met, index)
        return ProductIndexVersion(build, model, count, IndexStore.S3_VECTORS)

    def candidates(
        self, tenant_id: TenantId, version: ProductIndexVersion, question: str, limit: int, only: SearchFilter
    ) -> list[ProductId] | None:
        """None where the question cannot be embedded as the products were."""
        model = self._model()
        if model.name != version.model:
            return None
        try:
            vector = model.of_question(question)
        except TransientError:
            return None
        if not any(vector.components):
            return []
        wanted = _filter(only)
        found = self._call(
            "query_vectors",
            indexName=index_name(tenant_id, version.model),
            topK=min(limit, _MOST_FOUND),
            queryVector={"float32": array_of(vector).tolist()},
            **({"filter": wanted} if wanted else {}),
        )
        return [ProductId(one["key"]) for one in found["vectors"]]

    def _create(self, index: str, dimension: int) -> None:
        s3vectors = client("s3vectors")
        with translated("create a vector index"):
            try:
                s3vectors.create_index(
                    vectorBucketName=self._bucket,
                    indexName=index,
                    dataType="float32",
                    dimension=dimension,
                    distanceMetric="cosine",
                )
            except s3vectors.exceptions.ConflictException:
                return  # it is there already

    def _remove_all_but(self, met: set[str], index: str) -> None:
        gone = [key for key in self._keys(index) if key not in met]
        for start in range(0, len(gone), _PUT_AT_ONCE):
            self._call("delete_vectors", indexName=index, keys=gone[start : start + _PUT_AT_ONCE])

    def _keys(self, index: str) -> Iterator[str]:
        more: dict[str, Any] = {}
        while True:
            listed = self._call("list_vectors", indexName=index, maxResults=_LISTED_AT_ONCE, **more)
            yield from (one["key"] for one in listed["vectors"])
            if not listed.get("nextToken"):
                return
            more = {"nextToken": listed["nextToken"]}

    def _call(self, operation: str, **arguments: Any) -> Any:
        with translated(operation):
            return getattr(client("s3vectors"), operation)(vectorBucketName=self._bucket, **arguments)


def index_name(tenant_id: TenantId, model: str) -> str:
    """From the tenant's id alone, whose characters an index may have; a model has another for its other dimension."""
    return f"{tenant_id}.{hashlib.sha256(model.encode()).hexdigest()[:8]}"


def _vector_of(indexed: IndexedProduct, vector: Vector) -> dict[str, Any]:
    product = indexed.product
    prices = [product.price.minor, *([product.sale.price.minor] if product.sale else [])]
    return {
        "key": product.product_id,
        "data": {"float32": array_of(vector).tolist()},
        "metadata": {
            "category": _category(product.category),
            "lowestPrice": min(prices),
            "highestPrice": max(prices),
            "inStock": product.in_stock,
        },
    }


def _category(category: str) -> str:
    return category.casefold()[:_MOST_CATEGORY_CHARACTERS]


def _filter(only: SearchFilter) -> dict[str, Any]:
    """It leaves in what may meet it: of a product that is on sale now and then, both prices count."""
    parts: Sequence[dict[str, Any] | None] = (
        {"category": {"$eq": _category(only.category)}} if only.category else None,
        {"lowestPrice": {"$lte": only.most_minor}} if only.most_minor is not None else None,
        {"highestPrice": {"$gte": only.least_minor}} if only.least_minor is not None else None,
        {"inStock": {"$eq": True}} if only.in_stock else None,
    )
    wanted = [part for part in parts if part]
    return {"$and": wanted} if len(wanted) > 1 else wanted[0] if wanted else {}
