"""What an import came to, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from ops.catalogue.importing import ImportResult
    from ops.catalogue.reindexing import ReindexResult


def show(result: ImportResult) -> None:
    console = Console(highlight=False, soft_wrap=True, markup=False)
    stored = "would be stored" if result.dry_run else "stored"
    console.print(f"{result.rows:,} rows read, {result.stored:,} products {stored} in {result.seconds:.1f} s")
    if result.deleted:
        console.print(f"{result.deleted:,} products that the file lacks {'would be ' if result.dry_run else ''}deleted")
    elif result.not_deleted:
        console.print(f"{result.missing:,} products that the file lacks were kept: {result.not_deleted}")
    if result.ignored_columns:
        console.print(f"Columns not read: {', '.join(result.ignored_columns)}")
    if result.faulty:
        console.print(f"{result.faulty:,} faulty rows, not stored: see {result.faulty_rows_file}")
    if result.stopped:
        console.print(f"The file was not read to its end: {result.stopped}")


def show_reindexed(result: ReindexResult) -> None:
    console = Console(highlight=False, soft_wrap=True, markup=False)
    console.print(
        f"{result.embedded:,} products embedded by {result.model} in {result.seconds:.1f} s, "
        f"{result.unchanged:,} were up to date"
    )
    console.print("The index is on its way: the assistant searches it within a minute or two")


def show_interrupted() -> None:
    console = Console(stderr=True, highlight=False, markup=False)
    console.print("Interrupted. What was done stays; run the same command again for the rest.")
