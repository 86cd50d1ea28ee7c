"""One batch of the products table's stream."""

from __future__ import annotations

from typing import Any

from domain.catalogue import ProductId
from handlers.embedder import embed_records
from tests.builders import ACME, GLOBEX, product
from tests.fakes.pipeline import FakeIndexJobs, FakePipeline
from tests.unit.handlers.conftest import Log


def record(product_id: str, sequence: int, tenant_id: str = ACME) -> dict[str, Any]:
    keys = {"tenantId": {"S": tenant_id}, "productId": {"S": product_id}}
    return {"eventName": "MODIFY", "dynamodb": {"Keys": keys, "SequenceNumber": str(sequence)}}


def shop(*tenants: Any) -> FakePipeline:
    pipeline = FakePipeline()
    for tenant_id in tenants:
        pipeline.products.put(tenant_id, [product("P-1"), product("P-2", "Red mug")])
    return pipeline


def test_each_tenants_changes_are_embedded_once_and_its_index_asked_for(log: Log) -> None:
    pipeline = shop(ACME, GLOBEX)
    records = [record("P-1", 1), record("P-1", 2, GLOBEX), record("P-1", 3), record("P-2", 4), record("GONE", 5)]
    assert embed_records(records, pipeline.embed_ports) == {"batchItemFailures": []}
    assert sorted(pipeline.embeddings.stored) == [(ACME, "P-1"), (ACME, "P-2"), (GLOBEX, "P-1")]
    assert len(pipeline.model.texts) == 3
    assert pipeline.index_jobs.take() == [ACME, GLOBEX]
    told = [(line["tenant_id"], line["embedded"], line["deleted"]) for line in log.lines]
    assert told == [(ACME, 2, 1), (GLOBEX, 1, 0)]


def test_the_stream_begins_again_where_the_first_change_of_a_failed_tenant_stands(log: Log) -> None:
    pipeline = shop(ACME, GLOBEX)
    pipeline.products.delete(ACME, [ProductId("P-1"), ProductId("P-2")])  # nothing to embed: it does not fail
    pipeline.model.fails = True
    records = [record("P-1", 1), record("P-1", 2, GLOBEX), record("P-2", 3, GLOBEX)]
    assert embed_records(records, pipeline.embed_ports) == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert pipeline.index_jobs.take() == [ACME, GLOBEX]
    assert [line["message"] for line in log.lines] == ["embedded", "not_embedded"]
    pipeline.model.fails = False
    assert embed_records(records[1:], pipeline.embed_ports) == {"batchItemFailures": []}
    assert pipeline.index_jobs == FakeIndexJobs([GLOBEX])


def test_no_product_is_told_to_the_log(log: Log) -> None:
    embed_records([record("P-1", 1)], shop(ACME).embed_ports)
    assert "P-1" not in log.text
    assert product("P-1").title not in log.text
