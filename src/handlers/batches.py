"""SQS batches: each record succeeds or fails alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord


def process_records(event: Mapping[str, Any], handle: Callable[[SQSRecord], None], context: Any) -> dict[str, Any]:
    """Answers with the records that are to come back. A batch that fails whole is an answer, not an exception."""
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    response = process_partial_response(event=dict(event), record_handler=handle, processor=processor, context=context)
    return dict(response)
