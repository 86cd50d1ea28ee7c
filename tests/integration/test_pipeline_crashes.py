"""The functions of the catalogue's pipeline on the real tables, bucket and queue, killed at every call."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from adapters.aws_clients import client
from adapters.dynamodb_catalogue import DynamoProducts
from adapters.dynamodb_embeddings import DynamoEmbeddings
from adapters.dynamodb_index_pointers import DynamoIndexPointers
from adapters.file_index import FileIndex
from adapters.indexed_catalogue_search import IndexedCatalogueSearch
from adapters.ngram_embeddings import NgramEmbeddings
from adapters.s3_product_indexes import S3ProductIndexes
from adapters.sqs_index_jobs import SqsIndexJobs, parse_index_job
from domain.catalogue import Product, ProductId
from domain.embed import EmbedPorts
from domain.index_catalogue import IndexPorts
from domain.tenants import TenantId
from handlers import indexer
from handlers.bootstrap import Indexer
from handlers.embedder import embed_records
from tests.builders import product
from tests.fakes.crashes import Crash, Doom, When
from tests.integration.template_resources import TemplateResources
from tests.unit.handlers.records import sqs_record

SHOP = [product("MUG-1", "Blue mug"), product("HAT-1", "Straw hat"), product("POT-1", "Red teapot")]


@pytest.fixture(autouse=True)
def _powertools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "test")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "test")


@dataclass
class Deployment:
    """One tenant's share of it."""

    resources: TemplateResources
    tenant_id: TenantId
    doom: Doom = field(default_factory=Doom)

    def __post_init__(self) -> None:
        tables, queue = self.resources.tables, self.resources.queues["IndexingQueue"]
        self.products = DynamoProducts(tables["ProductsTable"])
        self.embeddings = DynamoEmbeddings(tables["EmbeddingsTable"])
        self.indexes = S3ProductIndexes(self.resources.buckets["ProductIndexBucket"], tables["TenantsTable"])
        self.jobs = SqsIndexJobs(queue, DynamoIndexPointers(tables["TenantsTable"]).begun)
        self.model = NgramEmbeddings()

    def changes(self, *product_ids: str) -> None:
        keys = [{"tenantId": {"S": self.tenant_id}, "productId": {"S": product_id}} for product_id in product_ids]
        records = [{"dynamodb": {"Keys": key, "SequenceNumber": str(n)}} for n, key in enumerate(keys)]
        ports = EmbedPorts(self.products, self.embeddings, self.model, self.jobs)
        for _ in range(2):  # a stream tells some changes twice
            self._until_done(lambda: embed_records(records, self.doom.watch_all(ports)))

    def drain(self) -> None:
        url = self.resources.queues["IndexingQueue"]
        ports = IndexPorts(self.products, self.embeddings, self.model, self.indexes, self.jobs)
        while received := client("sqs").receive_message(QueueUrl=url).get("Messages", []):
            record = sqs_record(received[0]["Body"])
            self._until_done(
                lambda record=record: indexer.handle(
                    record, Indexer(parse_index_job, self.doom.watch_all(ports)), lambda: True
                )
            )
            client("sqs").delete_message(QueueUrl=url, ReceiptHandle=received[0]["ReceiptHandle"])

    @staticmethod
    def _until_done(work: Any) -> None:
        while True:
            try:
                work()
            except Crash:
                continue
            return

    def found(self, question: str) -> list[str]:
        search = IndexedCatalogueSearch(self.products, FileIndex(self.indexes, NgramEmbeddings), small=0)
        return [hit.product.title for hit in search.search(self.tenant_id, question, 3)]


def story(deployment: Deployment) -> None:
    deployment.products.put(deployment.tenant_id, SHOP)
    deployment.changes("MUG-1", "HAT-1", "POT-1")
    deployment.drain()
    changed: Product = replace(SHOP[0], title="Green cup")
    deployment.products.put(deployment.tenant_id, [changed])
    deployment.products.delete(deployment.tenant_id, [ProductId("HAT-1")])
    deployment.changes("MUG-1", "HAT-1")
    deployment.drain()


def check(deployment: Deployment) -> None:
    assert deployment.found("green cup") == ["Green cup"]
    assert deployment.found("straw hat") == []
    assert deployment.found("red teapot") == ["Red teapot"]
    kept = list(deployment.embeddings.all(deployment.tenant_id))
    assert [one.product_id for one in kept] == ["MUG-1", "POT-1"]
    version = deployment.indexes.in_use(deployment.tenant_id)
    assert version is not None
    assert version.products == 2
    bucket = deployment.resources.buckets["ProductIndexBucket"]
    files = client("s3").list_objects_v2(Bucket=bucket, Prefix=f"{deployment.tenant_id}/")["KeyCount"]
    assert files <= 2


def test_wherever_a_worker_dies_what_is_sold_is_found_and_nothing_else() -> None:
    resources = TemplateResources({"IndexDelaySeconds": 0}).create()
    healthy = Deployment(resources, TenantId("healthy"))
    story(healthy)
    check(healthy)
    for n in range(len(healthy.doom.calls)):
        for when in When:
            doomed = Deployment(resources, TenantId(f"doomed-{when}-{n}"), Doom(n, when))
            story(doomed)
            check(doomed)
