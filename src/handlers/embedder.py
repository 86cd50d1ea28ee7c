"""Lambda on the products table's stream: what changed is embedded, and its tenant's index asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.catalogue import ProductId
from domain.embed import EmbedPorts, embed_changes
from domain.errors import TransientError
from domain.tenants import TenantId
from handlers import bootstrap
from handlers.observability import count, described, invocation, logger


def handler(event: Mapping[str, Any], context: Any) -> dict[str, list[dict[str, str]]]:
    with invocation(context):
        return embed_records(event["Records"], bootstrap.embedder())


def embed_records(records: list[dict[str, Any]], ports: EmbedPorts) -> dict[str, list[dict[str, str]]]:
    """Answers with where the stream is to begin again: a shard goes on in its order, or not at all."""
    failed = [sequence for changes in _by_tenant(records) if (sequence := _embed(*changes, ports)) is not None]
    return {"batchItemFailures": [{"itemIdentifier": sequence} for sequence in failed]}


def _by_tenant(records: list[dict[str, Any]]) -> list[tuple[TenantId, list[ProductId], str]]:
    """With the first sequence number of each tenant. A product that changed twice is looked at once."""
    changes: dict[TenantId, tuple[dict[ProductId, None], str]] = {}
    for record in records:
        stream = record["dynamodb"]
        tenant_id = TenantId(stream["Keys"]["tenantId"]["S"])
        products, _ = changes.setdefault(tenant_id, ({}, stream["SequenceNumber"]))
        products[ProductId(stream["Keys"]["productId"]["S"])] = None
    return [(tenant_id, list(products), first) for tenant_id, (products, first) in changes.items()]


def _embed(tenant_id: TenantId, product_ids: list[ProductId], first: str, ports: EmbedPorts) -> str | None:
    try:
        embedded = embed_changes(tenant_id, product_ids, ports=ports)
    except TransientError as error:
        logger().error("not_embedded", extra={"tenant_id": tenant_id, **described(error)})
        return first
    count("ProductsEmbedded", embedded.embedded)
    logger().info(
        "embedded",
        extra={
            "tenant_id": tenant_id,
            "embedded": embedded.embedded,
            "unchanged": embedded.unchanged,
            "deleted": embedded.deleted,
        },
    )
    return None
