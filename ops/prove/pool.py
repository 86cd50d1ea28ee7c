"""Runs on every processor. Each worker is a process of its own, with the same hash seed: a run can be made again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue

from ops.prove.invariants import Violation
from ops.prove.proof import Failure, Proof, RunResult
from ops.prove.script import Script


@dataclass(frozen=True, slots=True)
class One:
    """One run, with what happened in it."""

    script: Script
    violations: tuple[Violation, ...]


def one(seed: int, run: int, kept: Sequence[int] | None) -> One:
    proof = Proof(seed)
    with proof.in_place():
        script = proof.script(run)
        script = script if kept is None else script.only(kept)
        found, _ = proof.play(script)
    return One(script, tuple(found))


def failure(seed: int, run: int) -> Failure:
    proof = Proof(seed)
    with proof.in_place():
        return proof.shrink(run)


def results(seed: int, runs: int, workers: int | None) -> Iterator[RunResult]:
    """In the order in which they are done."""
    count = min(workers or os.cpu_count() or 1, runs)
    lines: SimpleQueue[str | None] = SimpleQueue()
    processes = [_worker(seed, range(index, runs, count)) for index in range(count)]
    try:
        with ThreadPoolExecutor(max_workers=count) as threads:
            for process in processes:
                threads.submit(_read, process, lines)
            left = count
            while left:
                line = lines.get()
                if line is None:
                    left -= 1
                    continue
                yield _result(line)
        died = [process.args for process in processes if process.wait()]
        if died:
            raise RuntimeError(f"{len(died)} of the workers died")
    finally:
        for process in processes:
            if process.poll() is None:
                process.terminate()
            process.wait()


def _worker(seed: int, runs: range) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-m", "ops.prove.pool", str(seed), str(runs.start), str(runs.stop), str(runs.step)]
    return subprocess.Popen(  # noqa: S603 (this very program)
        arguments, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONHASHSEED": "0"}
    )


def _read(process: subprocess.Popen[str], lines: SimpleQueue[str | None]) -> None:
    try:
        if process.stdout is not None:
            for line in process.stdout:
                lines.put(line)
    finally:
        lines.put(None)


def _result(line: str) -> RunResult:
    told = json.loads(line)
    found = tuple(Violation(*pair) for pair in told["violations"])
    return RunResult(told["run"], told["name"], found, Counter(told["injected"]), told["kills"], told["kills_in_all"])


def main() -> None:
    seed, start, stop, step = map(int, sys.argv[1:5])
    out = sys.stdout  # the functions' own lines go elsewhere
    proof = Proof(seed)
    with proof.in_place():
        for run in range(start, stop, step):
            result = proof.run(run)
            told = {
                "run": result.run,
                "name": result.name,
                "violations": [[one.invariant, one.told] for one in result.violations],
                "injected": result.injected,
                "kills": result.kills,
                "kills_in_all": result.kills_in_all,
            }
            print(json.dumps(told), file=out, flush=True)


if __name__ == "__main__":
    main()
