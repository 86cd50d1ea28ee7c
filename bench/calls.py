"""Calls of AWS and of the Graph API, log bytes, clients and connections per message: counted, with the real handlers and
adapters on the proof's embedded AWS."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bench.figures import Measurement
from ops.prove.evidence import Evidence
from ops.prove.play import Playing
from ops.prove.proof import Proof
from ops.prove.scenarios import NOON
from ops.prove.script import Act, Script, Step, Update, What

_PIPELINE = frozenset({"webhook", "message_handler", "reply_handler"})


@dataclass(frozen=True)
class Story:
    evidence: Evidence
    calls: Counter[str]
    """Of the functions that a message goes through, on warm workers, by name."""
    log_bytes: int


def measure() -> Measurement:
    proof = Proof(0)
    with proof.in_place():
        return _measured(proof)


def _measured(proof: Proof) -> Measurement:
    warm = Step(Act.POST, 1, (Update(1, What.QUESTION),))

    def story(*steps: Step) -> Story:
        """What `steps` add to a first message, which warms the workers."""
        first, both = _play(proof, [warm]), _play(proof, [warm, *steps])
        return Story(both.evidence, both.calls - first.calls, both.log_bytes - first.log_bytes)

    later = 300.0
    answered = story(Step(Act.POST, 2, (Update(2, What.QUESTION),), later))
    superseded = story(
        Step(Act.POST, 2, (Update(2, What.QUESTION),), later), Step(Act.POST, 3, (Update(3, What.QUESTION),), later + 1)
    )
    raise NotImplementedError


def _play(proof: Proof, steps: Sequence[Step]) -> Story:
    script = Script("a measurement", NOON, 0, tuple(steps))
    proof.prepare(script)
    with proof.clock.running():
        evidence = Playing(proof.deployment, script).run()
    calls = Counter(f"{function}: {call}" for function, _, call in proof.deployment.calls if function in _PIPELINE)
    return Story(evidence, calls, sum(len(line.encode()) for line in proof.deployment.log))
