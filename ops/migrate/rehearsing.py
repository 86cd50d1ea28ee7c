"""What would become of the legacy rows, without a row being written."""

from __future__ import annotations

from collections import Counter

from ops.migrate.copying import READ, UNFIT, Work
from ops.migrate.rows import TargetRow
from ops.migrate.sources import Source, pages

_PAGE = 500


def rehearse(work: Work, source: Source, kept: list[TargetRow] | None) -> Counter[str]:
    """`kept` takes the rows themselves, where others depend on them."""
    counts: Counter[str] = Counter()
    for rows, _ in pages(source, 0, 1, None, _PAGE):
        work.check_whether_to_go_on()
        work.pace.wait(len(rows))
        for row in rows:
            done = work.transformed(source, row)
            counts.update(target.table for target in done.rows)
            if kept is not None:
                kept += done.rows
            counts[UNFIT] += len(done.unfit)
            if done.unfit:
                work.unfit.add(source.table, source.key_of(row), row, done.unfit)
        counts[READ] += len(rows)
        work.told(source.table, len(rows))
    return counts
