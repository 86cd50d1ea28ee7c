"""Records of one queue, whatever is in them."""

from __future__ import annotations

from adapters.aws_clients import client, translated


class SqsRecords:
    def __init__(self, queue_url: str) -> None:
        self._url = queue_url

    def come_back(self, receipt_handle: str, seconds: int) -> None:
        """Makes one that is about to fail visible again after so many seconds, not after the queue's own time-out."""
        with translated("defer a record"):
            client("sqs").change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds
            )
