"""What is remembered of a migration between its runs, whoever runs it and wherever."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from adapters.dynamodb_migrations import DynamoMigrations, Progress
from adapters.dynamodb_values import time_of, time_text

_RUN = "run"
_COPY = "copy#"


@dataclass(slots=True)
class Journal:
    store: DynamoMigrations
    head: Progress

    @classmethod
    def open(cls, store: DynamoMigrations) -> Journal:
        return cls(store, store.read(_RUN))

    @property
    def begun(self) -> bool:
        return self.head.version > 0

    @property
    def begun_at(self) -> datetime:
        return time_of(self.head.told["begunAt"])

    @property
    def segments(self) -> int:
        return int(self.head.told["segments"])

    def begin(self, segments: int) -> None:
        self.head = self.store.write(self.head, {"begunAt": time_text(datetime.now(UTC)), "segments": segments})

    def note(self, **told: Any) -> None:
        """Raises `ContentionError` where another process has noted something since."""
        self.head = self.store.write(self.head, {**self.head.told, **told})

    # ---- of each table -----------------------------------------------------------------------------------------

    def stream_of(self, table: str) -> str:
        """Empty: changes of this table are not told, so that it is copied again and again."""
        return str(self.head.told.get("streams", {}).get(table, ""))

    def round_of(self, table: str) -> int:
        return int(self.head.told.get("rounds", {}).get(table, 0))

    def next_round(self, table: str) -> None:
        rounds = {**self.head.told.get("rounds", {}), table: self.round_of(table) + 1}
        self.note(rounds=rounds)

    def segment(self, table: str, segment: int) -> Progress:
        return self.store.read(f"{_COPY}{table}#{self.round_of(table):04}#{segment:03}")

    def shard(self, table: str, shard_id: str) -> Progress:
        return self.store.read(f"follow#{table}#{self.round_of(table):04}#{shard_id}")

    def copied(self, table: str) -> bool:
        return all(self.segment(table, n).told.get("done") for n in range(self.segments))

    def counts(self, table: str) -> Counter[str]:
        """Of the present round."""
        prefix = f"{_COPY}{table}#{self.round_of(table):04}#"
        return total(one.told.get("counts", {}) for one in self.store.all() if one.name.startswith(prefix))


def total(counts: Iterable[Mapping[str, Any]]) -> Counter[str]:
    summed: Counter[str] = Counter()
    for one in counts:
        summed.update({name: int(count) for name, count in one.items()})
    return summed
