"""Lambda on the queue of tenants' events: each goes to its seller's own webhook, signed, until that takes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from domain.errors import HeldBackError, MalformedRecordError, NotDeliveredError
from domain.notify_tenant import deliver
from domain.tenant_webhooks import TenantEvent, event_of
from handlers import bootstrap_notifier
from handlers.batches import Record, process_records
from handlers.notifier_pauses import pause_seconds, spread
from handlers.observability import count, described, failed, invocation, logger


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    with invocation(context):
        return process_records(event, partial(handle, services=bootstrap_notifier.tenant_notifier()))


def handle(record: Record, services: bootstrap_notifier.TenantNotifier) -> None:
    """Raises where the record is to come back; where the webhook did not take it, it says when."""
    event = event_in(record.body)
    if event is None:
        return
    named = {"tenant_id": event.tenant_id, "kind": event.kind, "event_id": event.event_id}
    try:
        outcome = deliver(event, clock=lambda: datetime.now(UTC), ports=services.ports)
    except NotDeliveredError as error:
        count("TenantEventsNotDelivered")
        logger().warning("not_delivered", extra={**named, "reason": error.reason, **described(error)})
        services.come_back(record.receipt_handle, pause_seconds(record.received))
        raise
    except HeldBackError as error:
        logger().info("held_back", extra=named)
        pause = spread(pause_seconds(record.received), error.until - datetime.now(UTC))
        services.come_back(record.receipt_handle, pause)
        raise
    except Exception as error:
        failed("not_notified", error, **named)
        raise
    logger().info("notified", extra={**named, "outcome": outcome})


def event_in(body: str) -> TenantEvent | None:
    """From SNS's envelope. Raises `MalformedRecordError`."""
    try:
        return event_of(json.loads(json.loads(body)["Message"]))
    except (ValueError, KeyError, TypeError) as error:
        raise MalformedRecordError("no event of ours") from error
