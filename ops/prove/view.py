"""What a person reads of a proof: progress, a table, and a failure cut down to what it takes."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from ops.prove.invariants import CHECKS
from ops.prove.pool import One, failure
from ops.prove.proof import Failure, RunResult

_MOST_TOLD = 8


@dataclass(slots=True)
class Totals:
    runs: Counter[str] = field(default_factory=Counter)
    injected: Counter[str] = field(default_factory=Counter)
    broken: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By fault and invariant, in runs."""
    failed: list[RunResult] = field(default_factory=list)
    done: int = 0
    kills: int = 0
    kills_in_all: int = 0

    def add(self, result: RunResult) -> None:
        self.done += 1
        self.kills += result.kills
        self.kills_in_all = result.kills_in_all
        broken = {violation.invariant for violation in result.violations}
        for fault, count in (result.injected or Counter({"no fault": 1})).items():
            self.runs[fault] += 1
            self.injected[fault] += count
            for invariant in broken:
                self.broken[fault, invariant] += 1
        if result.violations:
            self.failed.append(result)


def show_proof(seed: int, runs: int, results: Iterator[RunResult]) -> int:
    """The exit code."""
    totals, console = Totals(), Console()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(f"Proving, seed {seed}", total=runs)
        for result in results:
            totals.add(result)
            if result.violations:
                progress.console.print(f"run {result.run} ({result.name}): {result.violations[0]}", markup=False)
            progress.update(task, advance=1, description=f"Proving, seed {seed}, {len(totals.failed)} broken")
            if not sys.stderr.isatty() and totals.done % 200 == 0:
                print(f"{totals.done} of {runs} runs, {len(totals.failed)} broken", file=sys.stderr, flush=True)
    console.print(_table(totals))
    print(
        f"{totals.done} runs, {totals.injected.total()} faults, {len(totals.failed)} runs with violations; seed {seed}"
    )
    print(f"{totals.kills} of {totals.kills_in_all} ways to kill a worker before or after a call of a story")
    if not totals.failed:
        return 0
    first = min(totals.failed, key=lambda result: result.run)
    print(f"\nRun {first.run} ({first.name}) is cut down …", file=sys.stderr, flush=True)
    show_failure(failure(seed, first.run))
    return 1


def _table(totals: Totals) -> Table:
    table = Table(title="Fault by fault: runs with a violation")
    table.add_column("fault")
    for name in ("runs", "injected", *CHECKS):
        table.add_column(name, justify="right")
    for fault in sorted(totals.runs):
        broken = [str(totals.broken[fault, invariant]) for invariant in CHECKS]
        table.add_row(fault, str(totals.runs[fault]), str(totals.injected[fault]), *broken)
    return table


def show_failure(found: Failure) -> None:
    print(f"\nWhat it takes ({len(found.kept)} parts):")
    _show_parts(One(found.script, found.violations))
    print(f"\nAgain: {found.replay}")


def show_run(played: One) -> int:
    """The exit code."""
    _show_parts(played)
    print(f"\n{len(played.violations)} violations" if played.violations else "\nevery promise held")
    return 1 if played.violations else 0


def _show_parts(played: One) -> None:
    for part in played.script.parts:
        print(f"  - {part}")
    for violation in played.violations[:_MOST_TOLD]:
        print(f"  ✗ {violation}")
    if len(played.violations) > _MOST_TOLD:
        print(f"  … and {len(played.violations) - _MOST_TOLD} more")
