"""S3 Vectors behind the same port: requests as botocore's own model of the service takes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore.stub import ANY, Stubber

from adapters.aws_clients import client
from adapters.file_index import FileIndex
from adapters.ngram_embeddings import MODEL, NgramEmbeddings
from adapters.s3_product_indexes import S3ProductIndexes
from adapters.s3_vectors_indexes import S3VectorsIndexes, index_name
from adapters.sized_indexes import SizedIndex, SizedProductIndexes
from adapters.vectors import array_of
from domain.catalogue import EVERYTHING, Money, Product, Sale, SearchFilter
from domain.embeddings import embedded_text
from domain.errors import ServiceUnavailableError
from domain.product_indexes import BuildNumber, IndexedProduct, IndexStore, ProductIndexVersion
from domain.tenants import TenantId
from tests.builders import ACME, GLOBEX, product
from tests.integration.template_resources import TemplateResources

BUCKET = "ai-marketplace-vectors-platform"
INDEX = {"vectorBucketName": BUCKET, "indexName": index_name(ACME, MODEL)}
EMBEDDINGS = NgramEmbeddings()
VERSION = ProductIndexVersion(BuildNumber(1), MODEL, 2, IndexStore.S3_VECTORS)


@pytest.fixture
def service() -> Iterator[Stubber]:
    with Stubber(client("s3vectors")) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def vectors() -> S3VectorsIndexes:
    return S3VectorsIndexes(BUCKET, NgramEmbeddings)


def indexed(*products: Product) -> list[IndexedProduct]:
    made = EMBEDDINGS.of_products([embedded_text(one) for one in products])
    return [IndexedProduct(one, vector) for one, vector in zip(products, made, strict=True)]


def creates(service: Stubber) -> None:
    asked = {**INDEX, "dataType": "float32", "dimension": 512, "distanceMetric": "cosine"}
    service.add_response("create_index", {"indexArn": "arn:aws:s3vectors:::x"}, asked)


def lists(service: Stubber, *pages: list[str]) -> None:
    for number, page in enumerate(pages):
        more = {"nextToken": f"page-{number}"} if number else {}
        further = {"nextToken": f"page-{number + 1}"} if number + 1 < len(pages) else {}
        answer: dict[str, Any] = {"vectors": [{"key": key} for key in page], **further}
        service.add_response("list_vectors", answer, {**INDEX, "maxResults": 1000, **more})


def test_a_build_puts_every_vector_and_removes_those_it_did_not_meet(
    service: Stubber, vectors: S3VectorsIndexes
) -> None:
    mug = product("MUG-1", "Blue mug", category="Kitchen", stock=0, sale=Sale(Money(900, "USD")))
    [expected, _] = products = indexed(mug, product("HAT-1", "Straw hat"))
    creates(service)
    assert expected.vector is not None
    first = {
        "key": "MUG-1",
        "data": {"float32": array_of(expected.vector).tolist()},
        "metadata": {"category": "kitchen", "lowestPrice": 900, "highestPrice": 1250, "inStock": False},
    }
    service.add_response("put_vectors", {}, {**INDEX, "vectors": [first, ANY]})
    lists(service, ["MUG-1", "GONE-1"], ["HAT-1", "GONE-2"])
    service.add_response("delete_vectors", {}, {**INDEX, "keys": ["GONE-1", "GONE-2"]})
    written = vectors.write(ACME, BuildNumber(7), MODEL, [*products, IndexedProduct(product("NEW-1"), None)])
    assert written == ProductIndexVersion(BuildNumber(7), MODEL, 3, IndexStore.S3_VECTORS)


def test_five_hundred_vectors_are_one_call(service: Stubber, vectors: S3VectorsIndexes) -> None:
    many = indexed(*(product(f"P-{n:04}", f"Thing {n}") for n in range(501)))
    service.add_client_error("create_index", "ConflictException")  # it is there already
    for count in (500, 1):
        service.add_response("put_vectors", {}, {**INDEX, "vectors": [ANY] * count})
    lists(service, [one.product.product_id for one in many])
    assert vectors.write(ACME, BuildNumber(1), MODEL, many).products == 501


@pytest.mark.parametrize(
    ("only", "wanted"),
    [
        (EVERYTHING, None),
        (SearchFilter(category="Kitchen"), {"category": {"$eq": "kitchen"}}),
        (
            SearchFilter(least_minor=5, most_minor=9, in_stock=True),
            {
                "$and": [
                    {"lowestPrice": {"$lte": 9}},
                    {"highestPrice": {"$gte": 5}},
                    {"inStock": {"$eq": True}},
                ]
            },
        ),
    ],
    ids=["everything", "category", "price and stock"],
)
def test_a_question_is_asked_of_its_tenants_index_alone(
    service: Stubber, vectors: S3VectorsIndexes, only: SearchFilter, wanted: Any
) -> None:
    question = array_of(EMBEDDINGS.of_question("blue mug")).tolist()
    asked = {**INDEX, "topK": 50, "queryVector": {"float32": question}, **({"filter": wanted} if wanted else {})}
    answer = {"vectors": [{"key": "MUG-1"}, {"key": "MUG-2"}], "distanceMetric": "cosine"}
    service.add_response("query_vectors", answer, asked)
    assert vectors.candidates(ACME, VERSION, "blue mug", 50, only) == ["MUG-1", "MUG-2"]


@pytest.mark.usefixtures("service")
def test_without_a_vector_that_can_be_compared_nothing_is_asked(vectors: S3VectorsIndexes) -> None:
    assert vectors.candidates(ACME, replace(VERSION, model="another"), "blue mug", 5, EVERYTHING) is None
    assert vectors.candidates(ACME, VERSION, "how much is it?", 5, EVERYTHING) == []


def test_a_service_that_throttles_is_asked_again(service: Stubber, vectors: S3VectorsIndexes) -> None:
    service.add_client_error("query_vectors", "TooManyRequestsException")
    with pytest.raises(ServiceUnavailableError, match="TooManyRequestsException"):
        vectors.candidates(ACME, VERSION, "blue mug", 5, EVERYTHING)


def test_tenants_and_models_have_indexes_of_their_own() -> None:
    names = {index_name(tenant, model) for tenant in (ACME, GLOBEX) for model in ("a", "b")}
    assert len(names) == 4
    assert len(index_name(TenantId("x" * 40), "a")) <= 63


def test_a_catalogue_beyond_a_file_goes_to_s3_vectors_and_is_searched_there(
    service: Stubber, vectors: S3VectorsIndexes, resources: TemplateResources
) -> None:
    bucket, table = resources.buckets["ProductIndexBucket"], resources.tables["TenantsTable"]
    indexes = SizedProductIndexes(bucket, table, vectors, 3)
    index = SizedIndex(FileIndex(S3ProductIndexes(bucket, table), NgramEmbeddings), vectors)

    def build(count: int) -> ProductIndexVersion:
        products = indexed(*(product(f"P-{n}", f"Mug {n}") for n in range(count)))
        written = indexes.write(ACME, indexes.begin(ACME), MODEL, products)
        assert indexes.put_in_use(ACME, written)
        in_use = index.in_use(ACME)
        assert in_use == written
        return written

    small = build(2)
    assert small.store is IndexStore.FILE
    assert index.candidates(ACME, small, "mug 1", 1, EVERYTHING) == ["P-1"]
    creates(service)
    service.add_response("put_vectors", {}, {**INDEX, "vectors": [ANY] * 3})
    lists(service, ["P-0", "P-1", "P-2"])
    large = build(3)
    assert (large.store, large.products) == (IndexStore.S3_VECTORS, 3)
    service.add_response("query_vectors", {"vectors": [{"key": "P-2"}], "distanceMetric": "cosine"})
    assert index.candidates(ACME, large, "mug 2", 1, EVERYTHING) == ["P-2"]
