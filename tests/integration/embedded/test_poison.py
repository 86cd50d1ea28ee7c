"""A hundred records that nobody wrote among a thousand: these alone are dead-lettered, every customer is answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from domain.messages import message_id_of
from domain.replies import parse_reply_id
from ops.prove.evidence import Evidence
from ops.prove.invariants import violations
from ops.prove.play import Playing
from ops.prove.proof import Proof
from ops.prove.scenarios import NOON
from ops.prove.script import Act, Script, Step, Update, What

_BODIES, _MESSAGES, _POISON = 10, 90, 10
"""In each of ten rounds, ninety messages and ten others."""


@pytest.fixture(autouse=True)
def _aws() -> None:
    """A proof brings its own."""


@pytest.fixture(autouse=True, scope="module")
def _clients() -> None:
    """As above."""


@pytest.fixture(scope="module")
def proof() -> Iterator[Proof]:
    proof = Proof(0)
    with proof.in_place():
        yield proof


def _play(proof: Proof, *last: Step) -> Evidence:
    steps: list[Step] = []
    for n in range(_BODIES):
        first = n * _MESSAGES
        updates = tuple(Update(first + k, What.QUESTION, k % 2, k % 4) for k in range(_MESSAGES))
        steps += [
            Step(Act.POST, n, updates, 60.0),
            Step(Act.POISON, 100 + n, times=_POISON, text="inbox"),
        ]
    script = Script("poison", NOON, 0, (*steps, *last))
    proof.prepare(script)
    with proof.clock.running():
        return Playing(proof.deployment, script).run()


def test_a_hundred_among_a_thousand(proof: Proof) -> None:
    _play(proof)  # makes what outlives a run
    evidence = _play(proof)
    rows = evidence.rows["ConversationsTable"]
    stored = {row["messageId"] for row in rows if row.get("direction") == "in"}
    answered = [message_id for row in rows if row.get("purpose") == "answer" for message_id in row["answers"]]
    assert violations(evidence) == []
    assert [letter.poison for letter in evidence.dead_letters] == [True] * _BODIES * _POISON
    assert len(stored) == _BODIES * _MESSAGES
    assert sorted(answered) == sorted(stored)

    twice = _play(proof, Step(Act.REDRIVE, 200, (), 3600.0, 1), Step(Act.REDRIVE, 201, (), 3600.0, 1))
    assert violations(twice) == []
    assert [letter.poison for letter in twice.dead_letters] == [True] * _BODIES * _POISON
    assert _counted(twice) == _counted(evidence)
    assert _sent(twice) == _sent(evidence)


def _counted(evidence: Evidence) -> list[dict[str, Any]]:
    """`lastMessageAt` is not: of a body's messages, whichever is written last leaves its own."""
    return [{name: row[name] for name in row if name != "lastMessageAt"} for row in evidence.rows["TenantUsageTable"]]


def _sent(evidence: Evidence) -> list[tuple[str, str, str]]:
    """To whom, about which message, and as what: all of a reply's id but the milliseconds at which its message came."""
    sent = [parsed for post in evidence.posts if (parsed := parse_reply_id(post.reply_id))]
    assert len(sent) == len(evidence.posts)
    return sorted((one.customer_id, message_id_of(one.position), one.purpose) for one in sent)
