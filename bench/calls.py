"""AWS calls, Graph API calls, log bytes, new clients and connections per message: counted.

The real handlers and adapters run on the proof's embedded AWS, with ids as long as Meta's.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from unittest import mock

import boto3
import httpx

from adapters.aws_json import Connections
from bench.figures import Bar, Figure, Measurement, Plot
from ops.prove.play import Playing
from ops.prove.proof import Proof
from ops.prove.scenarios import NOON
from ops.prove.script import Act, Script, Step, Update, What

_PIPELINE = frozenset({"webhook", "message_handler", "reply_handler"})
_LATER = 20.0
_NOTHING_REMEMBERED = 400.0
"""Sellers and numbers are believed for a minute, secrets for five."""
_LATER_LINE = "tracked"
"""Of what came of a message at Meta: a line for each status."""
_WAMID = "wamid.HBgLMTY0NjcwNDM1OTUVAgASGBQzQTdGNjA3NjQ5QTUwNkM3MDgA"


@dataclass(frozen=True)
class Story:
    calls: Counter[str]
    """Of the functions that a message goes through, by function and operation."""
    sent: int
    log_bytes: int
    made: int
    """Clients of AWS or HTTP, and connections without boto3."""

    def __sub__(self, other: Story) -> Story:
        bytes_more, made_more = self.log_bytes - other.log_bytes, self.made - other.made
        return Story(self.calls - other.calls, self.sent - other.sent, bytes_more, made_more)

    @property
    def aws(self) -> int:
        return sum(times for call, times in self.calls.items() if " graph " not in call)

    @property
    def graph(self) -> int:
        return sum(times for call, times in self.calls.items() if " graph " in call)


def measure() -> Measurement:
    proof = Proof(0)
    with proof.in_place():
        return _measured(proof)


def _measured(proof: Proof) -> Measurement:
    first = [_asks(1, 0.0)]  # warms the workers
    _play(proof, first)  # makes what outlives a run
    warm = _play(proof, first)
    answered = _play(proof, [*first, _asks(2, _LATER)]) - warm
    burst = _play(proof, [*first, _asks(2, _LATER), _asks(3, 1.0), _asks(4, 1.0)]) - warm
    thanks = _play(proof, [*first, _says(2, What.THANKS), _says(3, What.STICKER)]) - warm
    forgotten = _play(proof, [*first, _asks(2, _NOTHING_REMEMBERED)]) - warm
    superseded = (burst.aws - answered.aws) / 2
    return Measurement(
        figures=(
            Figure("5", "AWS calls per answered text", answered.aws, 8, "calls", told=_told(answered, forgotten)),
            Figure("5", "AWS calls per superseded message", superseded, 6, "calls"),
            Figure("5", "Graph API calls per answered text", answered.graph, 2, "calls"),
            Figure("6", "clients and connections made per warm message", answered.made, 0, "made"),
            Figure("8", "answers to a burst of three messages", burst.sent, 1, "answers"),
            Figure("8", "answers to thanks and a sticker", thanks.sent, 0, "answers"),
            Figure("13", "log bytes per answered message", answered.log_bytes, 1024, "bytes"),
        ),
        plots=(
            Plot(
                "calls",
                "AWS calls of an answered text",
                "calls",
                (
                    Bar("ours, exactly once, metered, with a send ledger", answered.aws),
                    Bar("build-on-aws v2 (published)", 7),
                    Bar("aws-samples connect-chat (published)", 9),
                    Bar("wecaredigital (published)", 12),
                ),
            ),
        ),
    )


def _asks(n: int, after: float) -> Step:
    return Step(Act.POST, n, (Update(n, What.QUESTION),), after)


def _says(n: int, what: What) -> Step:
    return Step(Act.POST, n, (Update(n, what),), _LATER)


def _told(story: Story, forgotten: Story) -> str:
    calls = ", ".join(f"{call.replace('_', '-')} {times}" for call, times in sorted(story.calls.items()))
    return f"{calls}; {forgotten.aws} where the workers remember nothing of the seller"


def _play(proof: Proof, steps: Sequence[Step]) -> Story:
    script = Script("a measurement", NOON, 0, tuple(steps))
    proof.prepare(script)
    made: list[str] = []
    with (
        proof.clock.running(),
        mock.patch.object(boto3, "client", _noted(boto3.client, made)),
        mock.patch.object(httpx.Client, "__init__", _noted(httpx.Client.__init__, made)),
        mock.patch.object(Connections, "_new", _noted(Connections._new, made)),  # noqa: SLF001 (counted, not called)
    ):
        evidence = Playing(proof.deployment, script).run()
    calls = Counter(f"{function} {call}" for function, _, call in proof.deployment.calls if function in _PIPELINE)
    calls["webhook sqs SendMessageBatch"] -= proof.deployment.invocations["webhook"] - len(steps)  # of the statuses
    return Story(calls, len(evidence.posts), sum(map(_bytes, proof.deployment.log)), len(made))


def _noted(real: Callable[..., Any], made: list[str]) -> Callable[..., Any]:
    def noting(*args: Any, **kwargs: Any) -> Any:
        made.append(real.__qualname__)
        return real(*args, **kwargs)

    return noting


def _bytes(line: str) -> int:
    """Of a line about a message or its answer."""
    if not line.startswith("{") or json.loads(line).get("message") == _LATER_LINE:
        return 0
    return len(re.sub(r"wamid\.in\.\d+", _WAMID, line).encode())
