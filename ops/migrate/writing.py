"""Rows into the deployment: what is newer there, or what the new system has written or changed, is left alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from adapters.dynamodb_transactions import Refusal, put, transact
from adapters.dynamodb_values import to_item
from domain.errors import ServiceUnavailableError
from ops.migrate.pace import Pace
from ops.migrate.rows import DIGEST, KEYS, VERSION, TargetRow, digest_of

_MOST_ACTIONS = 50
"""Of one transaction. DynamoDB takes 100; smaller ones meet fewer others."""
_MOST_BYTES = 1_500_000
_LONG = 200
"""Characters: the condition that a row is as it was seen need not repeat all of a long text."""
_TRIES = 6
_MOST_REMEMBERED = 200_000
_AT_ONCE = 8
_INVALID = frozenset({"ValidationException", "ValidationError"})
"""Of a whole transaction, and of one item of it."""

Group = tuple[TargetRow, ...]

WRITTEN, REPLACED, SAME, OLDER, THEIRS, CHANGED = "written", "replaced", "same", "older", "theirs", "changed"
"""What became of a row: put; put in place of an older one; there already; a newer one stands there; the new system has
written it first; the new system has changed it since."""
REFUSED = "refused"
"""DynamoDB does not take it: the comparison names it as not arrived."""

_TOUCHED = {
    "state": ("awaiting", "inbound", "version", "person", "handoverMessageId", "mergedInto"),
    "customers": ("optOutChange", "userId", "erasedAt"),
}
"""What the new system adds to a row that it changes, and would not show in the attributes that were seen."""


@dataclass(frozen=True, slots=True)
class Sourced:
    """What one legacy row became, and how to ask for it anew."""

    source: str
    groups: Sequence[Group]
    again: Callable[[], Sequence[Group]]
    """From the legacy row as it is then."""


@dataclass(slots=True)
class Writer:
    tables: Mapping[str, str]
    """Logical name to deployed name."""
    pace: Pace
    _standing: dict[str, str] = field(default_factory=dict)
    """Name and digest of rows that this process has put, or found as they should be. Whoever has changed or deleted
    one of them since is the new system, and is left alone."""

    def write(self, sourced: Sequence[Sourced]) -> Counter[str]:
        """Any of it may have been written before."""
        counts: Counter[str] = Counter()
        newest: dict[str, tuple[Group, Sourced]] = {}
        for one in sourced:
            for group in one.groups:
                if self._stands(group):
                    counts[SAME] += len(group)
                    continue
                known = newest.get(group[0].name)
                if known is None or known[0][0].version <= group[0].version:
                    newest[group[0].name] = (group, one)
        for batch in _batches(newest.values()):
            counts += self._put(batch)
        return counts

    def _put(self, batch: Sequence[tuple[Group, Sourced]]) -> Counter[str]:
        """A group that DynamoDB takes in no form (too large, an empty key of an index) keeps no other from going in."""
        try:
            return self._put_whole(batch)
        except ServiceUnavailableError as error:
            if not _is_invalid(error):
                raise
        if len(batch) == 1:
            return Counter({REFUSED: len(batch[0][0])})
        half = len(batch) // 2
        return self._put(batch[:half]) + self._put(batch[half:])

    def _put_whole(self, batch: Sequence[tuple[Group, Sourced]]) -> Counter[str]:
        """All that is new in one transaction. A refusal says what stands there, and the rest goes in without it."""
        counts: Counter[str] = Counter()
        waiting = list(batch)
        while waiting:
            rows = [(row, at) for at, (group, one) in enumerate(waiting) for row in group]
            actions = [self._new(row, waiting[at][1].source) for row, at in rows]
            refusals = self.pace.call(len(actions), lambda actions=actions: transact(actions))  # type: ignore[misc]
            if not refusals:
                self._note(row for row, _ in rows)
                return counts + Counter({WRITTEN: len(rows)})
            refused = {rows[refusal.index][1] for refusal in refusals}
            standing = {rows[refusal.index][0].name: refusal for refusal in refusals}
            counts += self._settle_all([waiting[at] for at in refused], standing)
            waiting = [entry for at, entry in enumerate(waiting) if at not in refused]
        return counts

    def _settle_all(self, entries: Sequence[tuple[Group, Sourced]], standing: Mapping[str, Refusal]) -> Counter[str]:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            settled = pool.map(lambda entry: self._settle(entry[0], entry[1], standing), entries)
            return sum(settled, Counter[str]())

    def _new(self, row: TargetRow, source: str) -> dict[str, Any]:
        return put(self.tables[row.table], row.item(source), f"attribute_not_exists({KEYS[row.table][0]})")

    def _settle(self, group: Group, sourced: Sourced, standing: Mapping[str, Refusal]) -> Counter[str]:
        """A group of which at least one row stands there already."""
        for _ in range(_TRIES):
            first = standing.get(group[0].name)
            if first is not None and (verdict := verdict_on(group[0], first.stored or {})) in {THEIRS, CHANGED, OLDER}:
                return Counter({verdict: len(group)})
            verdicts = {row.name: _verdict(row, standing) for row in group}
            if REPLACED in verdicts.values():
                # What is put in place of a row that was seen is read after it was seen: never an older state.
                again = next((one for one in sourced.again() if one[0].name == group[0].name), None)
                if again is None:
                    return Counter({OLDER: len(group)})
                group = again
                verdicts = {row.name: _verdict(row, standing) for row in group}
            actions = list(self._actions(group, sourced.source, verdicts, standing))
            refusals = self.pace.call(len(actions), lambda actions=actions: transact(actions)) if actions else []  # type: ignore[misc]
            if not refusals:
                self._note(row for row in group if verdicts[row.name] in {WRITTEN, REPLACED, SAME})
                return Counter(verdicts.values())
            written = [row for row in group if verdicts[row.name] in {WRITTEN, REPLACED}]
            seen = {written[refusal.index].name: refusal for refusal in refusals}
            tried = {row.name for row in written}
            standing = {name: one for name, one in standing.items() if name not in tried} | seen
        return Counter({CHANGED: len(group)})  # it changes faster than it can be looked at: the new system is at work

    def _actions(
        self, group: Group, source: str, verdicts: Mapping[str, str], standing: Mapping[str, Refusal]
    ) -> Iterator[dict[str, Any]]:
        for row in group:
            if verdicts[row.name] == WRITTEN:
                yield self._new(row, source)
            elif verdicts[row.name] == REPLACED:
                condition = as_seen(standing[row.name].stored or {}, row)
                yield {"Put": {"TableName": self.tables[row.table], "Item": to_item(row.item(source)), **condition}}

    def _stands(self, group: Group) -> bool:
        return all(self._standing.get(row.name) == row.digest for row in group)

    def _note(self, rows: Iterable[TargetRow]) -> None:
        if len(self._standing) > _MOST_REMEMBERED:
            self._standing.clear()
        self._standing.update((row.name, row.digest) for row in rows)

    def remove(self, row: TargetRow, stored: Mapping[str, Any]) -> bool:
        """A row whose legacy row is gone. False where it is not as it was seen any longer."""
        self._standing.pop(row.name, None)
        action = {"TableName": self.tables[row.table], "Key": to_item(row.key), **as_seen(stored, row)}
        return not self.pace.call(1, lambda: transact([{"Delete": action}]))


def _is_invalid(error: ServiceUnavailableError) -> bool:
    cause = error.__cause__
    if not isinstance(cause, ClientError):
        return False
    reasons: list[dict[str, Any]] = cause.response.get("CancellationReasons", [])  # type: ignore[assignment]
    return not _INVALID.isdisjoint({cause.response["Error"]["Code"], *(reason.get("Code") for reason in reasons)})


def _verdict(row: TargetRow, standing: Mapping[str, Refusal]) -> str:
    refusal = standing.get(row.name)
    return WRITTEN if refusal is None else verdict_on(row, refusal.stored or {})


def verdict_on(row: TargetRow, stored: Mapping[str, Any]) -> str:
    """What becomes of a row where another stands."""
    actual = digest_of(stored)
    if actual == row.digest:
        return SAME
    if not row.marked:
        return REPLACED
    if DIGEST not in stored:
        return THEIRS
    if actual != stored[DIGEST]:
        return CHANGED
    return OLDER if stored[VERSION] > row.version else REPLACED


def as_seen(stored: Mapping[str, Any], row: TargetRow) -> dict[str, Any]:
    """The condition that nobody has changed it since: what was seen is still so, and nothing has been added that the
    new system adds to such a row."""
    key = KEYS[row.table]
    seen = {name: value for name, value in stored.items() if name not in key and not _is_long(value)}
    names = {f"#{n}": name for n, name in enumerate(seen)}
    values = {f":{n}": value for n, value in enumerate(seen.values())}
    kind = str(row.content.get("sk", row.table))
    absent = [name for name in _TOUCHED.get(kind, _TOUCHED.get(row.table, ())) if name not in stored]
    names |= {f"#a{n}": name for n, name in enumerate(absent)}
    conditions = [f"attribute_exists({key[0]})", *(f"#{n} = :{n}" for n in range(len(seen)))]
    conditions += [f"attribute_not_exists(#a{n})" for n in range(len(absent))]
    return {
        "ConditionExpression": " AND ".join(conditions),
        **({"ExpressionAttributeNames": names} if names else {}),
        **({"ExpressionAttributeValues": to_item(values)} if values else {}),
    }


def _is_long(value: Any) -> bool:
    return isinstance(value, (dict, bytes)) or (isinstance(value, str) and len(value) > _LONG)


def _batches(entries: Any) -> Iterator[list[tuple[Group, Sourced]]]:
    """So many as one transaction takes; each row once in each."""
    batch: list[tuple[Group, Sourced]] = []
    actions, size, names = 0, 0, set[str]()
    for group, one in entries:
        heavy = sum(len(str(row.content)) for row in group)
        own = {row.name for row in group}
        if batch and (actions + len(group) > _MOST_ACTIONS or size + heavy > _MOST_BYTES or own & names):
            yield batch
            batch, actions, size, names = [], 0, 0, set()
        batch.append((group, one))
        actions, size, names = actions + len(group), size + heavy, names | own
    if batch:
        yield batch
