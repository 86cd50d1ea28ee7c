"""One operator at the dead-letter queues of one deployment."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice

from adapters.dead_letters.groups import Group, fingerprint, grouped
from adapters.dead_letters.letters import Letter
from adapters.dead_letters.moving import Act, Moved, Round, Tally
from adapters.dead_letters.queues import DeadLetters
from adapters.dead_letters.redriving import Redriving
from adapters.dead_letters.survey import Survey, survey
from domain.operator_log import ActionState, OperatorAction, OperatorLog
from domain.ports import Tenants
from ops.dlq.progress import DlqProgress
from ops.dlq.report import MoveReport, counted
from ops.dlq.stopping import stopped_by_signals
from ops.errors import OpsError


@dataclass(frozen=True, slots=True)
class Who:
    operator: str
    identity: str


@dataclass(frozen=True, slots=True)
class Order:
    """What an operator wants done."""

    command: str
    fingerprint: str | None
    """None: all of them."""
    most: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    queues: Sequence[DeadLetters]
    functions: Mapping[str, str]
    """Logical name to deployed name."""
    tenants: Tenants
    log: OperatorLog
    who: Who
    progress: DlqProgress

    def look(self) -> tuple[Survey, list[Group]]:
        with self.progress.looking():
            found = survey(self.queues, self.functions)
        return found, grouped(found.letters, found.causes.why)

    def concerned(self, found: Survey, order: Order) -> list[Letter]:
        """Of what was seen, as many as the order may touch. Raises `OpsError` where no letter has the fingerprint."""
        letters = [letter for letter in found.letters if _wanted(order, found, letter)]
        if order.fingerprint is not None and not letters:
            raise OpsError(
                f"no dead letter has the fingerprint {order.fingerprint}",
                "`ai-marketplace dlq list` shows those there are; another operator may have them in hand",
            )
        return list(islice(letters, order.most))

    def rehearse(self, found: Survey, order: Order, redriving: Redriving | None) -> MoveReport:
        """What would happen, with nothing done."""
        letters = self.concerned(found, order)
        expected = Counter(redriving.expected(letter) if redriving else Moved.DISCARDED for letter in letters)
        lying = {name.dead: depth.waiting for name, depth in found.depths.items()}
        unseen = sum(found.unseen(name) for name in found.depths) if len(letters) != order.most else 0
        return _report(order, Tally(expected), lying, dry_run=True, unseen=unseen)

    def carry_out(self, found: Survey, order: Order, act: Act) -> MoveReport:
        """Recorded before it is begun, and as it ends."""
        letters, tally = self.concerned(found, order), Tally()
        if not found.waiting:
            return _report(order, tally, {queue.name.dead: 0 for queue in self.queues})
        action, most = self._action(order), min(order.most or found.waiting, found.waiting)
        self.log.put(action)
        state = ActionState.FAILED
        try:
            with (
                stopped_by_signals() as stopping,
                self.progress.moving(order.command, len(letters) if order.fingerprint else most) as moved,
            ):
                through = Round(lambda letter: _wanted(order, found, letter), act, most, stopping, moved, tally)
                for queue in self.queues:
                    through.through(queue, sum(letter.queue is queue.name for letter in found.letters))
                interrupted = stopping()
            failed = tally.counts[Moved.FAILED] > 0
            state = ActionState.INTERRUPTED if interrupted else ActionState.FAILED if failed else ActionState.DONE
        finally:
            self.log.put(replace(action, state=state, counts=counted(tally.counts)))
        lying = {queue.name.dead: queue.depth().waiting for queue in self.queues}
        return _report(order, tally, lying, action_id=action.action_id, interrupted=interrupted)

    def _action(self, order: Order) -> OperatorAction:
        of = ", ".join(queue.name.dead for queue in self.queues)
        return OperatorAction(
            action_id=secrets.token_hex(4),
            at=datetime.now(UTC),
            operator=self.who.operator,
            identity=self.who.identity,
            command=f"dlq {order.command}",
            subject=order.fingerprint or f"all of {of}",
            state=ActionState.RUNNING,
            reason=order.reason,
        )


def _wanted(order: Order, found: Survey, letter: Letter) -> bool:
    return order.fingerprint in {None, fingerprint(letter, found.causes.why(letter))}


def _report(  # noqa: PLR0913 (the parts of a report)
    order: Order,
    tally: Tally,
    lying: Mapping[str, int],
    *,
    action_id: str = "",
    dry_run: bool = False,
    interrupted: bool = False,
    unseen: int = 0,
) -> MoveReport:
    return MoveReport(
        action_id=action_id,
        command=order.command,
        dry_run=dry_run,
        interrupted=interrupted,
        counts=counted(tally.counts),
        errors=counted(tally.errors),
        lying=dict(lying),
        unseen=unseen,
    )
