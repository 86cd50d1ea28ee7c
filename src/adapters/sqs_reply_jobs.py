"""Reply jobs on their queue."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from adapters.aws_clients import client, translated
from domain.conversations import ReplyJob, conversation_id
from domain.customers import CustomerId
from domain.errors import MalformedRecordError
from domain.messages import MessageId, Position
from domain.tenants import PhoneNumberId, TenantId


class SqsReplyJobs:
    """The queue itself delays each job, so that a burst is complete when its last job is looked at."""

    def __init__(self, queue_url: str) -> None:
        self._url = queue_url

    def put(self, job: ReplyJob) -> None:
        with translated("ask for a reply"):
            client("sqs").send_message(
                QueueUrl=self._url,
                MessageBody=json.dumps(asdict(job), separators=(",", ":")),
                MessageGroupId=_digest(conversation_id(job.tenant_id, job.customer_id)),
                MessageDeduplicationId=_digest(f"{job.tenant_id}#{job.message_id}"),
            )

    def come_back(self, receipt_handle: str, seconds: int) -> None:
        """Makes a job that is about to fail visible again after so many seconds, not after the queue's own time-out."""
        with translated("defer a reply"):
            client("sqs").change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds
            )


def parse_job(text: str) -> ReplyJob:
    """Raises `MalformedRecordError`."""
    try:
        body = json.loads(text)
        return ReplyJob(
            tenant_id=TenantId(body["tenant_id"]),
            phone_number_id=PhoneNumberId(body["phone_number_id"]),
            customer_id=CustomerId(body["customer_id"]),
            message_id=MessageId(body["message_id"]),
            position=Position(body["position"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise MalformedRecordError("a replies record is not a reply job") from error


def _digest(text: str) -> str:
    """SQS takes at most 128 characters, and no others than it likes."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
