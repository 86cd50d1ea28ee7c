"""Which tenants' indexes are to be made anew, on their queue: many asks soon after another are one."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from adapters.aws_clients import client, translated
from domain.errors import MalformedRecordError
from domain.tenants import TenantId


class SqsIndexJobs:
    """Those of one half of the queue's delay are one to it, which is over before the job is looked at.

    So no ask is swallowed by one that was answered already, whatever the other half leaves to clocks and calls.
    """

    def __init__(self, queue_url: str, delay_seconds: int, clock: Callable[[], float] = time.time) -> None:
        self._url = queue_url
        self._bucket_seconds = max(delay_seconds / 2, 0.5)
        self._clock = clock

    def put(self, tenant_id: TenantId) -> None:
        bucket = int(self._clock() / self._bucket_seconds)
        with translated("ask for an index"):
            client("sqs").send_message(
                QueueUrl=self._url,
                MessageBody=json.dumps({"tenant_id": tenant_id}),
                MessageGroupId=tenant_id,
                MessageDeduplicationId=f"{tenant_id}-{bucket}",
            )


def parse_index_job(text: str) -> TenantId:
    """Raises `MalformedRecordError`."""
    try:
        return TenantId(json.loads(text)["tenant_id"])
    except (ValueError, KeyError, TypeError) as error:
        raise MalformedRecordError("an indexing record names no tenant") from error
