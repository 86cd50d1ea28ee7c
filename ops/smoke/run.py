"""The steps, one after the other, and the cleaning, whatever comes of them."""

from __future__ import annotations

from collections.abc import Callable

from ops.smoke import cleaning
from ops.smoke.bench import Bench, State, Step, StepError, StoppedError
from ops.smoke.message import try_message
from ops.smoke.tables import try_tables
from ops.smoke.topics import try_topics

_STOPPED = "it was stopped"
STEPS: tuple[Callable[[Bench], None], ...] = (try_tables, try_topics, try_message)


def run(bench: Bench, steps: tuple[Callable[[Bench], None], ...] = STEPS) -> list[Step]:
    if bench.stopped():
        return [Step("smoke test", "begun", State.NOT_TRIED, _STOPPED)]
    killed = 0
    with bench.step("smoke test", "begun"):
        killed = cleaning.begin(bench)
    if bench.steps[-1].state is not State.WORKS:
        return bench.steps  # without its own row, nobody would find what it leaves
    if killed:
        bench.steps.append(Step("cleaning", "runs before", State.WORKS, f"{killed} had been killed"))
    try:
        for step in steps:
            step(bench)
    except StoppedError:
        bench.steps.append(Step("smoke test", "to its end", State.NOT_TRIED, _STOPPED))
    finally:
        cleaner = Bench(
            *(bench.aws, bench.stack, bench.run, bench.tables, bench.queues, bench.topics, bench.buckets),
            steps=bench.steps,
        )
        _clean(cleaner)
    return bench.steps


def _clean(bench: Bench) -> None:
    with bench.step("cleaning", "nothing is left"):
        cleaning.clean(bench)
        left = cleaning.left(bench)
        if left:
            raise StepError(f"rows are left in {', '.join(left)}: run it again")
