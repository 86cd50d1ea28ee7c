"""Lambda on the imports queue: a seller's file becomes their catalogue, in as many runs as it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from domain.import_jobs import ImportState
from domain.run_imports import give_up, run_import
from handlers import bootstrap_imports
from handlers.batches import Record, process_records
from handlers.observability import count, failed, invocation, logger

_SPARE_MILLISECONDS = 60_000
"""Left of the function's time when it begins no further batch: the last one, and the next run asked for."""
LAST_ATTEMPT = 5
"""As the queue's `maxReceiveCount`."""


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    def may_go_on() -> bool:
        return bool(context.get_remaining_time_in_millis() > _SPARE_MILLISECONDS)

    with invocation(context):
        services = bootstrap_imports.catalogue_importer()
        return process_records(event, partial(handle, services=services, may_go_on=may_go_on))


def handle(record: Record, services: bootstrap_imports.CatalogueImporter, may_go_on: Callable[[], bool]) -> None:
    """Raises where the record is to come back."""
    tenant_id, import_id = services.parse_job(record.body)
    named = {"tenant_id": tenant_id, "import_id": import_id}
    try:
        job = run_import(tenant_id, import_id, may_go_on=may_go_on, clock=_now, ports=services.ports)
        if job is not None and job.state is ImportState.RUNNING:
            services.queue.put(tenant_id, import_id, job.progress.stored)
    except Exception as error:
        failed("not_imported", error, **named)
        if record.received >= LAST_ATTEMPT:
            give_up(tenant_id, import_id, now=_now(), ports=services.ports)
        raise
    if job is None:
        return
    count("ImportsDone", int(job.over))
    progress = job.progress
    told = {"rows": progress.rows, "stored": progress.stored, "faulty": progress.faulty, "state": job.state}
    logger().info("imported", extra={**named, **told})


def _now() -> datetime:
    return datetime.now(UTC)
