"""The copy of one legacy table: segment by segment, page by page, from where the last run of it ended."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from adapters.dynamodb_values import from_item, to_item
from ops.migrate.journal import Journal
from ops.migrate.pace import Pace
from ops.migrate.rows import Transformed
from ops.migrate.secrets import keep_secrets
from ops.migrate.sources import Source, pages
from ops.migrate.transforms import transform
from ops.migrate.transforms.context import Context
from ops.migrate.unfit import UnfitFile
from ops.migrate.writing import Sourced, Writer

_PAGE = 100
READ, UNFIT = "read", "unfit"

Told = Callable[[str, int], None]
"""Told of a table and so many more of its rows."""


class StoppedError(Exception):
    """Between two pages: what has been done is written down."""


@dataclass(slots=True)
class Work:
    """What copying, following and verifying share."""

    journal: Journal
    writer: Writer
    pace: Pace
    context: Context
    unfit: UnfitFile
    stopped: Callable[[], bool] = lambda: False
    told: Told = field(default=lambda _table, _rows: None)
    failed: threading.Event = field(default_factory=threading.Event)
    """Set where one thread has failed: the others stop at their next page."""

    def transformed(self, source: Source, row: Mapping[str, Any]) -> Transformed:
        return transform(source.kind, row, self.context)

    def apply(self, source: Source, rows: Sequence[Mapping[str, Any]]) -> Counter[str]:
        """Legacy rows as they have just been read. Any of it may have been done before."""
        counts: Counter[str] = Counter({READ: len(rows)})
        sourced = []
        for row in rows:
            done = self.transformed(source, row)
            keep_secrets(done.secrets)
            if done.unfit:
                self.unfit.add(source.table, source.key_of(row), row, done.unfit)
                counts[UNFIT] += len(done.unfit)
            sourced.append(Sourced(source.table, done.groups, lambda row=row: self._again(source, row)))  # type: ignore[misc]
        return counts + self.writer.write(sourced)

    def _again(self, source: Source, row: Mapping[str, Any]) -> Sequence[Any]:
        now = source.row(source.key_of(row))
        return self.transformed(source, now).groups if now is not None else ()

    def check_whether_to_go_on(self) -> None:
        if self.stopped() or self.failed.is_set():
            raise StoppedError


def copy(work: Work, source: Source) -> None:
    """Raises `StoppedError`, and `ContentionError` where another run is at the same table."""
    segments = range(work.journal.segments)
    with ThreadPoolExecutor(len(segments), thread_name_prefix=source.table) as pool:
        ended = [pool.submit(_guarded, work, source, segment) for segment in segments]
    errors = [error for one in ended if (error := one.exception()) is not None]
    if errors:
        raise next((error for error in errors if not isinstance(error, StoppedError)), errors[0])


def _guarded(work: Work, source: Source, segment: int) -> None:
    try:
        _copy_segment(work, source, segment)
    except BaseException:
        work.failed.set()
        raise


def _copy_segment(work: Work, source: Source, segment: int) -> None:
    progress = work.journal.segment(source.table, segment)
    if progress.told.get("done"):
        return
    counts: Counter[str] = Counter({name: int(count) for name, count in progress.told.get("counts", {}).items()})
    after = progress.told.get("after")
    for rows, next_after in pages(source, segment, work.journal.segments, _wire(after), _PAGE):
        work.pace.wait(len(rows))
        counts += work.apply(source, rows)
        # What was done of a page whose end is not written down is done again, and found done.
        told = {"counts": dict(counts), "done": next_after is None, "after": _plain(next_after)}
        progress = work.journal.store.write(progress, told)
        work.told(source.table, len(rows))
        if next_after is not None:
            work.check_whether_to_go_on()


def _plain(key: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return from_item(key) if key else None


def _wire(key: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    return to_item(key) if key else None
