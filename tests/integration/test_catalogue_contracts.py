"""The contracts of the catalogue's pipeline, on the real adapters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from adapters.aws_clients import client
from adapters.dynamodb_catalogue import DynamoProducts
from adapters.dynamodb_embeddings import DynamoEmbeddings
from adapters.dynamodb_index_pointers import DynamoIndexPointers
from adapters.dynamodb_keys import PROFILE
from adapters.dynamodb_tenant_places import DynamoTenantRemovals, PartitionPlace
from adapters.dynamodb_tenant_profiles import DynamoTenantProfiles
from adapters.s3_product_indexes import S3ProductIndexes
from adapters.sqs_index_jobs import SqsIndexJobs, parse_index_job
from domain.errors import MalformedRecordError
from domain.product_indexes import BuildNumber
from domain.tenants import TenantId
from tests.builders import ACME, NOON, after, tenant
from tests.contracts import administering, cataloguing
from tests.integration.template_resources import TemplateResources


class TestProducts(cataloguing.ProductsContract):
    @pytest.fixture
    def products(self, resources: TemplateResources) -> DynamoProducts:
        return DynamoProducts(resources.tables["ProductsTable"])


class TestEmbeddings(cataloguing.EmbeddingsContract):
    @pytest.fixture
    def embeddings(self, resources: TemplateResources) -> DynamoEmbeddings:
        return DynamoEmbeddings(resources.tables["EmbeddingsTable"])


class TestProductIndexes(cataloguing.ProductIndexesContract):
    @pytest.fixture
    def indexes(self, resources: TemplateResources) -> S3ProductIndexes:
        return S3ProductIndexes(resources.buckets["ProductIndexBucket"], resources.tables["TenantsTable"])

    @pytest.fixture
    def kept(self, resources: TemplateResources) -> Callable[[TenantId], list[BuildNumber]]:
        def listed(tenant_id: TenantId) -> list[BuildNumber]:
            bucket = resources.buckets["ProductIndexBucket"]
            found = client("s3").list_objects_v2(Bucket=bucket, Prefix=f"{tenant_id}/").get("Contents", [])
            return [BuildNumber(int(one["Key"].split("/")[1].removesuffix(".index"))) for one in found]

        return listed


def queue() -> str:
    """The template's, but for its delay."""
    return TemplateResources({"IndexDelaySeconds": 0}).create().queues["IndexingQueue"]


def received(url: str) -> list[TenantId]:
    taken = []
    while messages := client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        for message in messages:
            taken.append(parse_index_job(message["Body"]))
            client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return taken


class TestIndexJobs(cataloguing.IndexJobsContract):
    @pytest.fixture
    def url(self) -> str:
        return queue()

    @pytest.fixture
    def index_jobs(self, url: str) -> SqsIndexJobs:
        return SqsIndexJobs(url, lambda _: BuildNumber(0))

    @pytest.fixture
    def waiting(self, url: str) -> Callable[[], list[TenantId]]:
        return lambda: received(url)


def test_asks_are_one_until_a_build_begins_that_sees_what_they_ask_for() -> None:
    resources = TemplateResources({"IndexDelaySeconds": 0}).create()
    url, pointers = resources.queues["IndexingQueue"], DynamoIndexPointers(resources.tables["TenantsTable"])
    jobs = SqsIndexJobs(url, pointers.begun)
    for _ in range(3):
        jobs.put(ACME)
    pointers.begin(ACME)
    for _ in range(2):
        jobs.put(ACME)
    assert received(url) == [ACME] * 2


def test_a_tenant_made_again_at_once_is_not_taken_for_the_former_one() -> None:
    """The queue takes no id twice in five minutes, and a worker may hold a file of a build of before."""
    resources = TemplateResources({"IndexDelaySeconds": 0}).create()
    url, tenants = resources.queues["IndexingQueue"], resources.tables["TenantsTable"]
    profiles = DynamoTenantProfiles(tenants, resources.tables["ConversationsTable"])
    pointers = DynamoIndexPointers(tenants)
    jobs = SqsIndexJobs(url, pointers.begun)

    def made(at: datetime) -> BuildNumber:
        assert profiles.create(ACME, tenant(), replace(administering.entry(), at=at))
        jobs.put(ACME)
        build = pointers.begin(ACME)
        jobs.put(ACME)
        return build

    former = made(NOON)
    PartitionPlace("tenants", tenants, ("tenantId", "sk"), but=(PROFILE,)).erase(ACME)
    DynamoTenantRemovals(tenants).forget(ACME)
    jobs.put(ACME)  # the last of their products have gone
    assert received(url) == [ACME] * 3
    assert made(after(minutes=2)) > former
    assert received(url) == [ACME] * 2


@pytest.mark.parametrize("body", ["", "[]", "{}", '"acme"'])
def test_a_record_that_names_no_tenant_is_malformed(body: str) -> None:
    with pytest.raises(MalformedRecordError):
        parse_index_job(body)
