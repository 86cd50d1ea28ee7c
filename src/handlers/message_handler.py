"""Lambda on the inbox queue, one message at a time: record it, count it, apply the rules."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from domain.receive import Outcome
from handlers import bootstrap
from handlers.batches import Record, process_records
from handlers.observability import correlated, count, failed, invocation, told
from handlers.whatsapp_messages import parse_inbox_item

_METRICS = {
    Outcome.REPLY_DUE: ("RepliesDue",),
    Outcome.ESCALATED: ("RepliesDue", "Escalations"),  # the customer is told, once
    Outcome.OPT_OUT_CHANGED: ("RepliesDue",),
    Outcome.QUARANTINED: ("MessagesQuarantined",),
}


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    with invocation(context):
        return process_records(event, partial(handle, services=bootstrap.message_handler()))


def handle(record: Record, services: bootstrap.MessageHandler) -> None:
    """Raises where the record is to come back, and to the dead-letter queue when it keeps failing."""
    item = parse_inbox_item(record.body)
    with correlated(item.message.message_id, phone_number_id=item.phone_number_id):
        try:
            received = services.receive(item.message, item.phone_number_id)
        except Exception as error:
            failed("not_recorded", error)
            raise
        if not received.duplicate:
            count("MessagesReceived")
            for metric in _METRICS.get(received.outcome, ()):
                count(metric)
        told(  # and nothing of what is None
            "received",
            message_type=item.message.counted_type,
            outcome=received.outcome,
            tenant_id=received.tenant_id,
            phone_number_id=item.phone_number_id if received.outcome == Outcome.QUARANTINED else None,
            duplicate=received.duplicate or None,
        )
