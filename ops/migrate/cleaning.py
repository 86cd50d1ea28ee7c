"""Legacy tables deleted, each after a backup of its own."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from botocore.exceptions import ClientError
from pydantic import BaseModel

from adapters.aws_clients import client, translated
from domain.errors import ServiceUnavailableError
from ops.errors import OpsError
from ops.migrate.cutting_over import cut_over_at
from ops.migrate.desk import Migration
from ops.migrate.sources import Source

_BACKUP_SECONDS = 900
_POLL_SECONDS = 1
_AVAILABLE = "AVAILABLE"


class Deleted(BaseModel):
    table: str
    backup_arn: str
    """Empty where the service has none, and the operator said to do without."""


def check(migration: Migration, *, unfit_seen: bool) -> None:
    """Raises `OpsError` unless the new system is at work and holds everything."""
    if cut_over_at(migration) is None:
        raise OpsError("the new system has not been cut over to", "`ai-marketplace migrate cutover` comes first")
    verdict = migration.verify()
    if not verdict.passed:
        raise OpsError(
            "the deployment does not hold what the legacy tables hold", "`ai-marketplace migrate verify` says what"
        )
    if verdict.unfit and not unfit_seen:
        raise OpsError(
            f"{verdict.unfit:,} legacy rows or messages could not be transformed: {migration.unfit.path}",
            "keep that file, and say --unfit-seen",
        )


def delete(source: Source, *, backed_up: bool) -> Deleted:
    arn = _back_up(source) if backed_up else ""
    with translated(f"delete {source.table}"):
        client("dynamodb").delete_table(TableName=source.table)
    return Deleted(table=source.table, backup_arn=arn)


def _back_up(source: Source) -> str:
    """Whole before this returns."""
    name = f"{source.table}-before-cleanup-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    try:
        with translated(f"back up {source.table}"):
            arn = client("dynamodb").create_backup(TableName=source.table, BackupName=name)["BackupDetails"][
                "BackupArn"
            ]
            deadline = time.monotonic() + _BACKUP_SECONDS
            while time.monotonic() < deadline:
                told = client("dynamodb").describe_backup(BackupArn=arn)["BackupDescription"]["BackupDetails"]
                if told["BackupStatus"] == _AVAILABLE:
                    return arn
                time.sleep(_POLL_SECONDS)
    except ServiceUnavailableError as error:
        cause = error.__cause__
        code = cause.response["Error"]["Code"] if isinstance(cause, ClientError) else type(error).__name__
        raise OpsError(
            f"{source.table} cannot be backed up: {code}",
            "nothing was deleted; --without-backup deletes it without one",
        ) from error
    raise OpsError(f"the backup of {source.table} is not there after {_BACKUP_SECONDS} s", "nothing was deleted")
