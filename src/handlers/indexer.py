"""Lambda on the indexing queue: a tenant's catalogue becomes the index that its assistant searches."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from domain.index_catalogue import index_catalogue
from handlers import bootstrap
from handlers.batches import Record, process_records
from handlers.observability import count, failed, invocation, logger

_SPARE_MILLISECONDS = 150_000
"""Left of the function's time when it embeds no more: the rest of the catalogue is still to be read and written."""


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    def may_embed() -> bool:
        return bool(context.get_remaining_time_in_millis() > _SPARE_MILLISECONDS)

    with invocation(context):
        return process_records(event, partial(handle, services=bootstrap.indexer(), may_embed=may_embed))


def handle(record: Record, services: bootstrap.Indexer, may_embed: Callable[[], bool]) -> None:
    """Raises where the record is to come back."""
    tenant_id, began = services.parse_job(record.body), time.monotonic()
    try:
        indexed = index_catalogue(tenant_id, may_embed=may_embed, ports=services.ports)
    except Exception as error:
        failed("not_indexed", error, tenant_id=tenant_id, sqs_message_id=record.message_id)
        raise
    count("ProductsEmbedded", indexed.embedded)
    logger().info(
        "indexed",
        extra={
            "tenant_id": tenant_id,
            "products": indexed.products,
            "embedded": indexed.embedded,
            "without_vector": indexed.without_vector,
            "in_use": indexed.in_use,
            "seconds": round(time.monotonic() - began, 3),
        },
    )
