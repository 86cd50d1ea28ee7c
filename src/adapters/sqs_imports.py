"""Imports that wait for a worker, on their queue: those of one tenant one after the other."""

from __future__ import annotations

import json

from adapters.aws_clients import client, translated
from domain.errors import MalformedRecordError
from domain.import_jobs import ImportId, is_import_id
from domain.tenants import TenantId


class SqsImports:
    def __init__(self, queue_url: str) -> None:
        self._url = queue_url

    def put(self, tenant_id: TenantId, import_id: ImportId, stored: int) -> None:
        with translated("ask for an import"):
            client("sqs").send_message(
                QueueUrl=self._url,
                MessageBody=json.dumps({"tenant_id": tenant_id, "import_id": import_id}),
                MessageGroupId=tenant_id,
                MessageDeduplicationId=f"{import_id}-{stored}",
            )


def parse_import(text: str) -> tuple[TenantId, ImportId]:
    """Raises `MalformedRecordError`."""
    try:
        body = json.loads(text)
        tenant_id, import_id = body["tenant_id"], body["import_id"]
    except (ValueError, KeyError, TypeError) as error:
        raise MalformedRecordError("an import's record names none") from error
    if not isinstance(tenant_id, str) or not isinstance(import_id, str) or not is_import_id(import_id):
        raise MalformedRecordError("an import's record names none")
    return TenantId(tenant_id), ImportId(import_id)
