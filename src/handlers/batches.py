"""SQS batches: each record succeeds or fails alone (ADR 40)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from domain.errors import MalformedRecordError
from handlers.observability import failed


class Record(NamedTuple):
    """As much of an SQS record as is read."""

    message_id: str
    body: str
    receipt_handle: str
    received: int
    """How many times by now."""
    sent_at: datetime
    """When it was put on its queue."""


def record_of(raw: Mapping[str, Any]) -> Record:
    attributes = raw["attributes"]
    return Record(
        message_id=raw["messageId"],
        body=raw["body"],
        receipt_handle=raw["receiptHandle"],
        received=int(attributes["ApproximateReceiveCount"]),
        sent_at=datetime.fromtimestamp(int(attributes["SentTimestamp"]) / 1000, UTC),
    )


def process_records(event: Mapping[str, Any], handle: Callable[[Record], None]) -> dict[str, Any]:
    """Answers with the records that are to come back. A batch that fails whole is an answer, not an exception."""
    failed = [record.message_id for record in map(record_of, event["Records"]) if not _handled(record, handle)]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _handled(record: Record, handle: Callable[[Record], None]) -> bool:
    try:
        handle(record)
    except MalformedRecordError as error:  # raised before a handler knows which message to name in its log
        failed("malformed_record", error, sqs_message_id=record.message_id)
        return False
    except Exception:  # noqa: BLE001 (whatever it is, the handler has told of it, and its neighbours are handled)
        return False
    return True


def ends_at(context: Any) -> datetime:
    """When Lambda stops this invocation, whatever it is doing."""
    return datetime.now(UTC) + timedelta(milliseconds=context.get_remaining_time_in_millis())
