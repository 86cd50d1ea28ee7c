"""Lambda on the media queue: fetches a customer's file from Meta, once, into the library."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from domain.errors import MediaUnavailableError
from domain.fetch_media import Fetched, fetch_media
from domain.messages import message_id_of
from handlers import bootstrap
from handlers.batches import Record, process_records
from handlers.observability import correlated, count, described, failed, invocation, logger

_PAUSE_BASE_SECONDS = 4
_MOST_ATTEMPTS = 4
"""Then the sweeper asks again, later and later: a Meta that is down fills no dead-letter queue."""

_METRICS = {Fetched.STORED: "MediaStored", Fetched.REFUSED: "MediaRefused", Fetched.POSTPONED: "MediaPostponed"}


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    with invocation(context):
        return process_records(event, partial(handle, services=bootstrap.media_handler()))


def handle(record: Record, services: bootstrap.MediaHandler) -> None:
    """Raises where the record is to come back; where Meta has no file for now, it says when."""
    job = services.parse_job(record.body)
    with correlated(message_id_of(job.position), tenant_id=job.tenant_id):
        try:
            fetched = fetch_media(job, ports=services.ports)
        except MediaUnavailableError as error:
            fetched = _later(record, services, error)
        except Exception as error:
            failed("not_fetched", error)
            raise
        if fetched in _METRICS:
            count(_METRICS[fetched])
        logger().info("fetched", extra={"outcome": fetched})


def _later(record: Record, services: bootstrap.MediaHandler, error: MediaUnavailableError) -> Fetched:
    attempt = record.received
    logger().warning("deferred", extra=described(error))
    if attempt >= _MOST_ATTEMPTS:
        return Fetched.POSTPONED
    services.media_jobs.come_back(record.receipt_handle, _PAUSE_BASE_SECONDS**attempt)
    raise error
