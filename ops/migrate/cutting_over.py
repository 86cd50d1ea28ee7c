"""The last step into the new system, and the way back as long as the legacy tables stand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from botocore.exceptions import ClientError

from domain.errors import ServiceUnavailableError
from ops.errors import OpsError
from ops.migrate import fence
from ops.migrate.desk import Migration
from ops.migrate.verifying import Verdict

JUST_NOW = timedelta(minutes=15)


def check(migration: Migration) -> None:
    """Raises `OpsError` unless everything had arrived a moment ago."""
    if not migration.verified_since(JUST_NOW):
        minutes = int(JUST_NOW.total_seconds() // 60)
        raise OpsError(
            f"no verification has passed in the last {minutes} minutes",
            "`ai-marketplace migrate verify`, then this again",
        )


def cut_over(migration: Migration, *, quiet_seconds: float, fenced: bool, step: Callable[[str], None]) -> Verdict:
    """The webhook has been switched at Meta. What the earlier system still writes is read until it is silent; then it
    can write no more, and everything is compared a last time.

    May be stopped at any point and run again.
    """
    check(migration)
    work = migration.work()
    step(f"Waiting until the earlier system has written nothing for {quiet_seconds:g} s")
    migration.wait_for_silence(work, quiet_seconds)
    if fenced:
        step("Closing the legacy tables to writes")
        for source in migration.sources:
            _close(migration, source.table)
    step("Reading what was written last, and comparing everything")
    verdict = migration.verify()
    if verdict.passed:
        migration.journal.note(cutOverAt=datetime.now(UTC).isoformat(), fenced=fenced)
    return verdict


def _close(migration: Migration, table: str) -> None:
    source = next(source for source in migration.sources if source.table == table)
    try:
        fence.put_up(source)
    except ServiceUnavailableError as error:
        cause = error.__cause__
        code = cause.response["Error"]["Code"] if isinstance(cause, ClientError) else type(error).__name__
        raise OpsError(
            f"{table} cannot be closed to writes: {code}",
            "stop the earlier system's functions (reserved concurrency 0), then say --no-fence",
        ) from error


def undo(migration: Migration) -> None:
    """The legacy tables take writes again. The webhook is switched back at Meta."""
    for source in migration.sources:
        fence.take_down(source)
    told = {name: value for name, value in migration.journal.head.told.items() if name != "cutOverAt"}
    migration.journal.head = migration.journal.store.write(migration.journal.head, told)


def cut_over_at(migration: Migration) -> datetime | None:
    at = migration.journal.head.told.get("cutOverAt")
    return datetime.fromisoformat(at) if at else None
