"""SQS events, as Lambda hands them over."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from handlers.batches import Record, record_of
from handlers.whatsapp_webhook import encode, split
from tests.unit.handlers.envelopes import RECEIVED_AT_MS

CONTEXT = SimpleNamespace(aws_request_id="request-1", get_remaining_time_in_millis=lambda: 30_000)


def record(body: str, sqs_id: str = "sqs-1", received: int = 1, sent_at_ms: int = RECEIVED_AT_MS) -> dict[str, Any]:
    return {
        "messageId": sqs_id,
        "receiptHandle": f"receipt-{sqs_id}",
        "body": body,
        "attributes": {"ApproximateReceiveCount": str(received), "SentTimestamp": str(sent_at_ms)},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:queue.fifo",
        "awsRegion": "us-east-1",
    }


def event(*records: dict[str, Any]) -> dict[str, Any]:
    return {"Records": list(records)}


def sqs_record(body: str, received: int = 1, sent_at_ms: int = RECEIVED_AT_MS) -> Record:
    return record_of(record(body, received=received, sent_at_ms=sent_at_ms))


def queued(webhook_body: bytes) -> list[str]:
    """The records that the webhook writes for a body of Meta's."""
    return [encode(item) for item in split(webhook_body, RECEIVED_AT_MS)]


def failures(response: dict[str, Any]) -> list[str]:
    assert response.keys() == {"batchItemFailures"}
    return [failure["itemIdentifier"] for failure in response["batchItemFailures"]]
