"""`ai-marketplace catalogue reindex`, on the template's tables and queue."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from adapters.aws_clients import client
from adapters.dynamodb_catalogue import DynamoProducts
from adapters.dynamodb_embeddings import DynamoEmbeddings
from adapters.dynamodb_tenants import DynamoTenants
from domain.catalogue import ProductId
from ops.catalogue import reindexing
from ops.errors import OpsError
from ops.target import Target
from tests.builders import ACME, number, product
from tests.contracts.cataloguing import embedding
from tests.integration.template_resources import TemplateResources


@pytest.fixture
def target(monkeypatch: pytest.MonkeyPatch) -> Target:
    made = TemplateResources({"IndexDelaySeconds": 0}).create()
    DynamoTenants(made.tables["TenantsTable"], 0).put(number())
    environment = made.environment("EmbedderFunction")
    functions = SimpleNamespace(
        get_function_configuration=lambda FunctionName: {  # noqa: N803 (boto3's own name)
            "Environment": {"Variables": environment if FunctionName == "the-embedder" else {}}
        }
    )
    of_boto3: Any = boto3.client
    monkeypatch.setattr(boto3, "client", lambda name, **more: functions if name == "lambda" else of_boto3(name, **more))
    tables = {name: made.tables[f"{name.capitalize()}Table"] for name in ("tenants", "products", "embeddings")}
    queues = {"indexing": made.queues["IndexingQueue"]}
    return Target(
        stack_name="a-stack",
        local=True,
        tables=tables,
        queues=queues,
        topics={},
        buckets={},
        functions={"embedder": "the-embedder"},
    )


def test_what_another_model_embedded_is_embedded_anew_and_an_index_asked_for(target: Target) -> None:
    DynamoProducts(target.tables["products"]).put(ACME, [product(f"P-{n:03}", f"Thing {n}") for n in range(210)])
    embeddings = DynamoEmbeddings(target.tables["embeddings"])
    embeddings.put(ACME, [embedding("P-000")])
    first, second = (reindexing.run(ACME, target) for _ in range(2))
    assert (first.embedded, first.unchanged, first.model) == (210, 0, "hashed-ngrams-1")
    assert (second.embedded, second.unchanged) == (0, 210)
    assert embeddings.get(ACME, [ProductId("P-000")])["P-000"].model == "hashed-ngrams-1"  # type: ignore[index]
    assert client("sqs").receive_message(QueueUrl=target.queues["indexing"])["Messages"]


def test_an_unknown_seller_is_refused(target: Target) -> None:
    with pytest.raises(OpsError, match="nobody"):
        reindexing.run("nobody", target)
