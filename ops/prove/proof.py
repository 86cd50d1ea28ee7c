"""Runs of a seed, one after the other, and what to do with one that breaks a promise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ops.prove.clock import Clock
from ops.prove.deployment import Deployment
from ops.prove.in_place import in_place
from ops.prove.invariants import Violation, violations
from ops.prove.play import Playing
from ops.prove.scenarios import NOON, STORIES, Site, mixed, sites
from ops.prove.script import Script
from ops.prove.shrink import shrunk

_TURNS = ("mixed", "killed", "struck", "killed", "mixed", "killed", "mixed", "killed")


@dataclass(frozen=True, slots=True)
class RunResult:
    run: int
    name: str
    violations: tuple[Violation, ...]
    injected: Counter[str]
    kills: bool = False
    """Whether it is one of those that kill a worker at one call of a story."""
    kills_in_all: int = 0
    """How many of these there are."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A run that broke a promise, cut down to what it takes."""

    seed: int
    run: int
    violations: tuple[Violation, ...]
    kept: tuple[int, ...]
    script: Script
    """What is left of it."""

    @property
    def replay(self) -> str:
        return f"ai-marketplace prove --seed {self.seed} --run {self.run} --only {','.join(map(str, self.kept))}"


@dataclass
class Proof:
    """One process's world. Inside of `in_place` alone."""

    seed: int
    clock: Clock = field(default_factory=lambda: Clock(NOON))
    deployment: Deployment = field(init=False)
    _furnished: Any = None

    def __post_init__(self) -> None:
        self.deployment = Deployment(self.clock)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        with in_place(self.deployment):
            with self.clock.running():
                self.deployment.fresh(NOON, 0)
                self.deployment.furnish()
                self._furnished = self.deployment.aws.dynamodb.snapshot()
            yield

    @cached_property
    def sites(self) -> tuple[list[Site], list[Site]]:
        calls = []
        for story in STORIES:
            self.play(story)
            calls.append(_worth_striking(self.deployment.calls))
        return sites(calls, self.seed)

    def script(self, run: int) -> Script:
        """By turns: everything mixed, a worker killed at a call, a call struck in another way."""
        kind, index = self._drawn(run)
        match kind:
            case "killed":
                return self.sites[0][index].script()
            case "struck":
                return self.sites[1][index].script()
            case _:
                return mixed(self.seed, run)

    def _drawn(self, run: int) -> tuple[str, int]:
        """What kind of run it is, and which of its kind."""
        turn, of = divmod(run, len(_TURNS))
        kind = _TURNS[of]
        index = turn * _TURNS.count(kind) + _TURNS[:of].count(kind)
        there_are = {"killed": len(self.sites[0]), "struck": len(self.sites[1])}.get(kind, 0)
        return (kind if index < there_are else "mixed"), index

    def prepare(self, script: Script) -> None:
        """Sellers and catalogues, and nothing else; a worker that has just started."""
        self.deployment.fresh(script.start, script.seed)
        self.deployment.aws.dynamodb.restore(self._furnished)
        self.deployment.forget_worker()

    def play(self, script: Script) -> tuple[list[Violation], Counter[str]]:
        self.prepare(script)
        with self.clock.running():
            playing = Playing(self.deployment, script)
            found = violations(playing.run())
        return found, playing.injected

    def run(self, run: int) -> RunResult:
        script = self.script(run)
        found, injected = self.play(script)
        kills = self._drawn(run)[0] == "killed"
        return RunResult(run, script.name, tuple(found), injected, kills, len(self.sites[0]))

    def shrink(self, run: int) -> Failure:
        script = self.script(run)
        found, _ = self.play(script)
        broken = {violation.invariant for violation in found}

        def fails(kept: Collection[int]) -> bool:
            again, _ = self.play(script.only(kept))
            return bool(broken & {violation.invariant for violation in again})

        kept = shrunk(range(len(script.parts)), fails)
        left, _ = self.play(script.only(kept))
        return Failure(self.seed, run, tuple(left), tuple(kept), script.only(kept))


def _worth_striking(calls: Sequence[tuple[str, int, str]]) -> list[int]:
    """Each call, with what its invocation had called before: the first time that it comes to that.

    Every minute the sweeper looks through all of its index again, and mostly finds nothing.
    """
    so_far: dict[tuple[str, int], tuple[str, ...]] = {}
    met: set[tuple[str, tuple[str, ...]]] = set()
    chosen = []
    for index, (function, nth, call) in enumerate(calls):
        before = so_far.get((function, nth), ())
        so_far[function, nth] = (*before, call) if before[-1:] != (call,) else before
        site = (function, so_far[function, nth])
        if site not in met:
            met.add(site)
            chosen.append(index)
    return chosen
