"""Which tenants' indexes are to be made anew, on their queue: all asks until the next build begins are one."""

from __future__ import annotations

import json
from collections.abc import Callable

from adapters.aws_clients import client, translated
from domain.errors import MalformedRecordError
from domain.product_indexes import BuildNumber
from domain.tenants import TenantId


class SqsIndexJobs:
    """Asks are told apart by the builds that have begun, not by a clock.

    A build that begins later reads what was stored before the ask, whichever ask's job it is. So however fast a
    catalogue changes, one build runs and one job waits.
    """

    def __init__(self, queue_url: str, begun: Callable[[TenantId], BuildNumber]) -> None:
        self._url = queue_url
        self._begun = begun

    def put(self, tenant_id: TenantId) -> None:
        begun = self._begun(tenant_id)
        with translated("ask for an index"):
            client("sqs").send_message(
                QueueUrl=self._url,
                MessageBody=json.dumps({"tenant_id": tenant_id}),
                MessageGroupId=tenant_id,
                MessageDeduplicationId=f"{tenant_id}-{begun}",
            )


def parse_index_job(text: str) -> TenantId:
    """Raises `MalformedRecordError`."""
    try:
        return TenantId(json.loads(text)["tenant_id"])
    except (ValueError, KeyError, TypeError) as error:
        raise MalformedRecordError("an indexing record names no tenant") from error
