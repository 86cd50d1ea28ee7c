"""Media jobs on their queue. In no order: a large file keeps no other waiting."""

from __future__ import annotations

import json
from dataclasses import asdict

from adapters.aws_clients import client, translated
from domain.customers import CustomerId
from domain.errors import MalformedRecordError
from domain.media import MediaJob
from domain.messages import Position, message_id_of
from domain.tenants import TenantId


class SqsMediaJobs:
    def __init__(self, queue_url: str) -> None:
        self._url = queue_url

    def put(self, job: MediaJob) -> None:
        with translated("ask for a file"):
            client("sqs").send_message(QueueUrl=self._url, MessageBody=json.dumps(asdict(job), separators=(",", ":")))

    def come_back(self, receipt_handle: str, seconds: int) -> None:
        """Makes a job that is about to fail visible again after so many seconds, not after the queue's own time-out."""
        with translated("defer a file"):
            client("sqs").change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds
            )


def parse_media_job(text: str) -> MediaJob:
    """Raises `MalformedRecordError`."""
    try:
        body = json.loads(text)
        job = MediaJob(
            tenant_id=TenantId(body["tenant_id"]),
            customer_id=CustomerId(body["customer_id"]),
            position=Position(body["position"]),
        )
        message_id_of(job.position)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise MalformedRecordError("a media record is not a media job") from error
    return job
