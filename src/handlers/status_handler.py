"""Lambda on the statuses queue, in batches: deliveries, prices, and every update that is not a message."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from domain.ports import AccountEvent, QuarantineReason
from domain.track import Tracked, TrackPorts, keep_event, track_status
from handlers import bootstrap
from handlers.batches import Record, process_records
from handlers.observability import correlated, count, failed, invocation, logger
from handlers.whatsapp_updates import MalformedItem, StatusItem, echoes_of, parse_update


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    with invocation(context):
        return process_records(event, partial(handle, ports=bootstrap.status_handler()))


def handle(record: Record, ports: TrackPorts) -> None:
    """Raises where the record is to come back."""
    item = parse_update(record.body)
    with correlated(_correlation_id(item), kind=type(item).__name__):
        try:
            tracked = _track(item, ports)
        except Exception as error:
            failed("not_tracked", error)
            raise
        if isinstance(item, StatusItem) and item.update.failure is not None:
            count("SendsFailed")
        logger().info("tracked", extra={"outcome": tracked})


def _track(item: StatusItem | AccountEvent | MalformedItem, ports: TrackPorts) -> Tracked:
    match item:
        case StatusItem():
            return track_status(item.update, item.phone_number_id, item.raw, now=datetime.now(UTC), ports=ports)
        case AccountEvent():
            return keep_event(item, ports=ports, echoes=echoes_of(item))
        case MalformedItem():
            ports.quarantine.keep(item.update_id, QuarantineReason.MALFORMED, item.raw, item.received_at)
            return Tracked.QUARANTINED


def _correlation_id(item: StatusItem | AccountEvent | MalformedItem) -> str:
    match item:
        case StatusItem():
            return item.update.message_id
        case AccountEvent():
            return item.event_id
        case MalformedItem():
            return item.update_id
