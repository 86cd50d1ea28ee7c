"""Imports in the tenants table, for ninety days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_values import from_item, time_of, time_text, to_item
from domain.import_jobs import ImportId, ImportJob, ImportProgress, ImportState, ToldFault
from domain.tenants import TenantId

_KEPT = timedelta(days=90)
_COUNTS = ("rows", "stored", "faulty", "deleted", "missing")
_NOT_OVER = "attribute_exists(sk) AND NOT #state IN (:done, :failed)"


class DynamoImportJobs:
    def __init__(self, table: str) -> None:
        self._table = table

    def add(self, tenant_id: TenantId, job: ImportJob) -> None:
        with translated("begin an import"):
            client("dynamodb").put_item(TableName=self._table, Item=to_item(_row(tenant_id, job)))

    def find(self, tenant_id: TenantId, import_id: ImportId) -> ImportJob | None:
        key: Any = to_item(keys.import_job(tenant_id, import_id))
        with translated("read an import"):
            found = client("dynamodb").get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return _job_of(from_item(found["Item"])) if "Item" in found else None

    def page(self, tenant_id: TenantId, before: ImportId | None, limit: int) -> list[ImportJob]:
        start: Any = {"ExclusiveStartKey": to_item(keys.import_job(tenant_id, before))} if before else {}
        with translated("list imports"):
            found = client("dynamodb").query(
                TableName=self._table,
                KeyConditionExpression="tenantId = :tenant AND begins_with(sk, :imports)",
                ExpressionAttributeValues=to_item({":tenant": tenant_id, ":imports": keys.IMPORTS}),
                ScanIndexForward=False,
                Limit=limit,
                **start,
            )
        return [_job_of(from_item(item)) for item in found["Items"]]

    def save(self, tenant_id: TenantId, job: ImportJob) -> bool:
        with translated("keep an import's progress"):
            try:
                client("dynamodb").put_item(
                    TableName=self._table,
                    Item=to_item(_row(tenant_id, job)),
                    ConditionExpression=_NOT_OVER,
                    ExpressionAttributeNames={"#state": "state"},
                    ExpressionAttributeValues=to_item({":done": ImportState.DONE, ":failed": ImportState.FAILED}),
                )
            except ClientError as error:
                if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                    return False
                raise
        return True


def _row(tenant_id: TenantId, job: ImportJob) -> dict[str, Any]:
    progress = asdict(job.progress)
    return {
        **keys.import_job(tenant_id, job.import_id),
        "createdAt": time_text(job.created_at),
        "by": job.by,
        "fileName": job.file_name,
        "fileBytes": job.file_bytes,
        "dryRun": job.dry_run,
        "deleteMissing": job.delete_missing,
        "state": job.state,
        "updatedAt": time_text(job.updated_at) if job.updated_at else None,
        "fileVersion": job.file_version,
        **{name: progress[name] for name in _COUNTS},
        "ignoredColumns": list(job.progress.ignored_columns),
        "stopped": job.progress.stopped,
        "notDeleted": job.progress.not_deleted,
        "faults": [{"line": fault.line, "reasons": list(fault.reasons)} for fault in job.progress.faults],
        "expiresAt": int((job.created_at + _KEPT).timestamp()),
    }


def _job_of(row: Mapping[str, Any]) -> ImportJob:
    return ImportJob(
        import_id=ImportId(row["sk"].removeprefix(keys.IMPORTS)),
        created_at=time_of(row["createdAt"]),
        by=row["by"],
        file_name=row["fileName"],
        file_bytes=int(row["fileBytes"]),
        dry_run=row["dryRun"],
        delete_missing=row["deleteMissing"],
        state=ImportState(row["state"]),
        updated_at=time_of(row["updatedAt"]) if "updatedAt" in row else None,
        file_version=row["fileVersion"],
        progress=ImportProgress(
            **{name: int(row[name]) for name in _COUNTS},
            ignored_columns=tuple(row["ignoredColumns"]),
            stopped=row["stopped"],
            not_deleted=row["notDeleted"],
            faults=tuple(ToldFault(int(fault["line"]), tuple(fault["reasons"])) for fault in row["faults"]),
        ),
    )
