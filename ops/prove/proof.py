"""Runs of a seed, one after the other, and what to do with one that breaks a promise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ops.prove.clock import Clock
from ops.prove.deployment import Deployment
from ops.prove.invariants import Violation, violations
from ops.prove.play import Playing
from ops.prove.scenarios import NOON, STORIES, Site, mixed, sites
from ops.prove.script import Script
from ops.prove.shrink import shrunk


@dataclass(frozen=True, slots=True)
class RunResult:
    run: int
    name: str
    violations: tuple[Violation, ...]
    injected: Counter[str]
    crashes: int = 0


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
        with self.deployment.in_place():
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
            calls.append(self.deployment.calls)
        return sites(calls, self.seed)

    def script(self, run: int) -> Script:
        """By turns: everything mixed; a worker killed at a call; that; a call struck in another way."""
        killed, others = self.sites
        of_four, quarter = run % 4, run // 4
        if of_four in {1, 3} and 2 * quarter + (of_four == 3) < len(killed):  # noqa: PLR2004 (every other run)
            return killed[2 * quarter + (of_four == 3)].script()  # noqa: PLR2004
        if of_four == 2 and quarter % 2 and quarter // 2 < len(others):  # noqa: PLR2004 (every eighth)
            return others[quarter // 2].script()
        return mixed(self.seed, run)

    def play(self, script: Script) -> tuple[list[Violation], Counter[str]]:
        self.clock.now = script.start
        with self.clock.running():
            self.deployment.fresh(script.start, script.seed)
            self.deployment.aws.dynamodb.restore(self._furnished)
            self.deployment._forget_worker()  # noqa: SLF001
            playing = Playing(self.deployment, script)
            found = violations(playing.run())
        return found, playing.injected

    def run(self, run: int) -> RunResult:
        script = self.script(run)
        found, injected = self.play(script)
        return RunResult(run, script.name, tuple(found), injected, self.deployment.crashes)

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
