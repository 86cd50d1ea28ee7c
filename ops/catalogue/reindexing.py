"""A whole catalogue embedded by the model that the deployment has now, with a bar, and its index asked for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pydantic import BaseModel
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from adapters.dynamodb_catalogue import DynamoProducts
from adapters.dynamodb_embeddings import DynamoEmbeddings
from adapters.dynamodb_index_pointers import DynamoIndexPointers
from adapters.embedding_models import embedding_model
from adapters.sqs_index_jobs import SqsIndexJobs
from domain.embed import EmbedPorts, embed_catalogue
from ops.catalogue.importing import tenant_of

if TYPE_CHECKING:
    from ops.target import Target


class ReindexResult(BaseModel):
    tenant: str
    model: str
    embedded: int
    unchanged: int
    seconds: float


def run(tenant_id: str, target: Target) -> ReindexResult:
    tenant = tenant_of(tenant_id, target.tables["tenants"])
    deployed = _embedders_environment(target)
    ports = EmbedPorts(
        products=DynamoProducts(target.tables["products"]),
        embeddings=DynamoEmbeddings(target.tables["embeddings"]),
        model=embedding_model(deployed["EMBEDDING_MODEL_ID"]),
        index_jobs=SqsIndexJobs(target.queues["indexing"], DynamoIndexPointers(target.tables["tenants"]).begun),
    )
    total = sum(1 for _ in ports.products.ids(tenant.tenant_id))
    began = time.monotonic()
    with _bar() as bar:
        task = bar.add_task("Embed", total=total)
        done = embed_catalogue(
            tenant.tenant_id,
            ports=ports,
            on_progress=lambda done: bar.update(task, completed=done.embedded + done.unchanged),
        )
    return ReindexResult(
        tenant=tenant_id,
        model=ports.model.name,
        embedded=done.embedded,
        unchanged=done.unchanged,
        seconds=round(time.monotonic() - began, 3),
    )


def _embedders_environment(target: Target) -> dict[str, str]:
    """The model is the deployment's, so that questions are embedded by the same."""
    import boto3

    settings = boto3.client("lambda").get_function_configuration(FunctionName=target.functions["embedder"])
    return dict(settings["Environment"]["Variables"])


def _bar() -> Progress:
    console = Console(stderr=True, highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
