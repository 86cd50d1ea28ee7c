"""The dead-letter queues for the operator's page: the same letters, causes and rounds as the command's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from adapters.dead_letters.groups import fingerprint as fingerprint_of
from adapters.dead_letters.groups import grouped
from adapters.dead_letters.letters import Letter
from adapters.dead_letters.moving import Round
from adapters.dead_letters.queues import DeadLetters as Queue
from adapters.dead_letters.redriving import Redriving
from adapters.dead_letters.survey import survey
from domain.dead_letters import DeadQueue, LetterGroup, Redriven


class SqsDeadLetters:
    """`functions`: logical name to deployed name, to find their logs."""

    def __init__(self, queues: Sequence[Queue], functions: Mapping[str, str], redriving: Redriving) -> None:
        self._queues = queues
        self._functions = functions
        self._redriving = redriving

    def depths(self) -> list[DeadQueue]:
        with ThreadPoolExecutor(len(self._queues)) as pool:
            depths = list(pool.map(Queue.depth, self._queues))
        return [DeadQueue(depth.queue, depth.waiting, depth.in_flight) for depth in depths]

    def groups(self) -> list[LetterGroup]:
        found = survey(self._queues, self._functions)
        return [
            LetterGroup(
                fingerprint=group.fingerprint,
                queue=group.queue.dead,
                kind=group.kind,
                type=group.type,
                why=group.why,
                count=len(group.letters),
                oldest=min(letter.at for letter in group.letters),
                newest=max(letter.at for letter in group.letters),
            )
            for group in grouped(found.letters, found.causes.why)
        ]

    def redrive(self, fingerprint: str, most: int) -> Redriven:
        found = survey(self._queues, self._functions)

        def wanted(letter: Letter) -> bool:
            return fingerprint_of(letter, found.causes.why(letter)) == fingerprint

        through = Round(wanted, self._redriving, most)
        for queue in self._queues:
            seen = sum(letter.queue is queue.name and wanted(letter) for letter in found.letters)
            if seen:
                through.through(queue, sum(letter.queue is queue.name for letter in found.letters))
        return Redriven({str(outcome): count for outcome, count in through.tally.counts.items()})
