"""SQS batches: each record succeeds or fails alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from domain.errors import MalformedRecordError
from handlers.observability import described, logger


def process_records(event: Mapping[str, Any], handle: Callable[[SQSRecord], None], context: Any) -> dict[str, Any]:
    """Answers with the records that are to come back. A batch that fails whole is an answer, not an exception."""

    def handle_record(record: SQSRecord) -> None:
        try:
            handle(record)
        except MalformedRecordError as error:  # raised before a handler knows which message to name in its log
            logger().error("malformed_record", extra={"sqs_message_id": record.message_id, **described(error)})
            raise

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    response = process_partial_response(
        event=dict(event), record_handler=handle_record, processor=processor, context=context
    )
    return dict(response)


def sent_at(record: SQSRecord) -> datetime:
    """When the record was put on its queue."""
    return datetime.fromtimestamp(int(record.attributes.sent_timestamp) / 1000, UTC)


def ends_at(context: Any) -> datetime:
    """When Lambda stops this invocation, whatever it is doing."""
    return datetime.now(UTC) + timedelta(milliseconds=context.get_remaining_time_in_millis())
