"""What `ai-marketplace capacity` reckons with is what a message takes, on the proof's embedded AWS."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from ops.capacity.counted import ANSWERED, RECEIVED, STATUS, STATUSES, SUPERSEDED
from ops.prove import play
from ops.prove.aws.dynamodb import RowChange, Table
from ops.prove.deployment import Deployment
from ops.prove.play import Playing
from ops.prove.proof import Proof
from ops.prove.scenarios import NOON
from ops.prove.script import Act, Script, Step, Update, What

_COUNTED = frozenset({"webhook", "message_handler", "reply_handler", "status_handler"})
_KEYS_ONLY = frozenset({"DueIndex"})


@pytest.fixture(autouse=True)
def _aws() -> None:
    """A proof brings its own."""


@pytest.fixture(autouse=True, scope="module")
def _clients() -> None:
    """As above."""


def test_counted_is_what_a_message_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(play._REPORTS, "", ((2, ("sent", "delivered", "read")),))
    proof = Proof(0)
    first = _asks(1, 0.0)
    with proof.in_place():
        _play(proof, [first])  # makes what outlives a run
        warm = _play(proof, [first])
        answered = _play(proof, [first, _asks(2, 20.0)])
        burst = _play(proof, [first, _asks(2, 20.0), _asks(3, 1.0), _asks(4, 1.0)])
    answered.subtract(warm)
    burst.subtract(warm)
    of_a_burst = Counter(burst)
    of_a_burst.subtract(answered)
    # The proof's Graph API tells all three statuses in one body; capacity reckons with one body for each.
    assert +answered == RECEIVED + ANSWERED + STATUSES - STATUS - STATUS
    assert +of_a_burst == RECEIVED + SUPERSEDED + RECEIVED + SUPERSEDED


def _asks(n: int, after: float) -> Step:
    return Step(Act.POST, n, (Update(n, What.QUESTION),), after)


def _play(proof: Proof, steps: Sequence[Step]) -> Counter[str]:
    script = Script("a measurement", NOON, 0, tuple(steps))
    proof.prepare(script)
    with proof.clock.running():
        Playing(proof.deployment, script).run()
    deployment = proof.deployment
    calls = Counter(f"{function} {call}" for function, _, call in deployment.calls if function in _COUNTED)
    calls.update({f"{name} lambda Invoke": n for name, n in deployment.invocations.items() if name in _COUNTED})
    return calls + _written(deployment)


def _written(deployment: Deployment) -> Counter[str]:
    """Write units of rows up to a kilobyte: two in a transaction, and those of each index that holds the row."""
    units: Counter[str] = Counter()
    history = deployment.aws.dynamodb.history
    together = Counter(change.write for change in history)
    for change in history:
        table = deployment.aws.dynamodb.tables[change.table]
        name = change.table.removeprefix("ai-marketplace-").removesuffix("-platform")
        units[f"written {name}"] += 2 if together[change.write] > 1 else 1
        for index in table.indexes:
            units[f"written {name}/{index}"] += _in_index(change, table, index)
    return units


def _in_index(change: RowChange, table: Table, index: str) -> int:
    """A changed key is one row removed and one put; an unchanged one is written again only with what it projects."""
    old, new = (_place(row, table.indexes[index]) for row in (change.old, change.new))
    if old == new:
        return 0 if old is None or index in _KEYS_ONLY else 1
    return (old is not None) + (new is not None)


def _place(row: object, names: Sequence[str]) -> tuple[object, ...] | None:
    return tuple(row[name] for name in names) if isinstance(row, dict) and all(name in row for name in names) else None
