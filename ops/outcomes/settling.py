"""Waiting until every update has come to its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from adapters.sqs_depths import Depth
from domain.ports import Tenants
from domain.tenants import PhoneNumberId
from ops.outcomes.items import Item
from ops.outcomes.judge import Judge
from ops.outcomes.queues import Queues
from ops.outcomes.states import FinalState, ItemOutcome

_POLL_SECONDS = 0.25
_QUIET_LOOKS = 2
"""How often in a row every queue must be empty: a depth is approximate by its name."""
_PATIENCE_SECONDS = 5.0
"""How long something may stay unsettled beside empty queues: nothing will move it on any more."""
_FOREIGN_SECONDS = 15.0
"""How long queues are waited for beside items that have all settled: what is left there is somebody else's."""

Watch = Callable[[Sequence[ItemOutcome]], None]


@dataclass(frozen=True, slots=True)
class Settling:
    judge: Judge
    queues: Queues
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def wait(self, items: Sequence[Item], seconds: float, watch: Watch = lambda _: None) -> list[ItemOutcome]:
        """The outcome of each item, once all have settled, or when time is up."""
        deadline, quiet_since, settled_since, looks = self.clock() + seconds, None, None, 0
        while True:
            depths = self.queues.depths()
            outcomes = self.look(items, depths)
            watch(outcomes)
            quiet = _quiet(depths)
            looks = looks + 1 if quiet else 0
            quiet_since = (quiet_since or self.clock()) if quiet else None
            settled = all(outcome.state is not FinalState.PENDING for outcome in outcomes)
            settled_since = (settled_since or self.clock()) if settled else None
            foreign = settled_since is not None and self.clock() - settled_since > _FOREIGN_SECONDS
            if settled and (looks >= _QUIET_LOOKS or foreign):
                return outcomes
            stuck = quiet_since is not None and self.clock() - quiet_since > _PATIENCE_SECONDS
            if stuck or self.clock() > deadline:
                return outcomes
            self.sleep(_POLL_SECONDS)

    def look(self, items: Sequence[Item], depths: Sequence[Depth]) -> list[ItemOutcome]:
        """How things stand now. What is in no table yet may still be on its way."""
        outcomes = self.judge.outcomes(items)
        if not _quiet(depths):
            outcomes = [
                replace(outcome, state=FinalState.PENDING) if outcome.state is FinalState.LOST else outcome
                for outcome in outcomes
            ]
        if not any(depth.total for depth in depths if depth.dead_letters):
            return outcomes
        dead = self.queues.dead_letters()
        return [
            ItemOutcome(FinalState.DEAD_LETTERED, outcome.detail)
            if dead & _identities(item, self.judge.tenants)
            else outcome
            for item, outcome in zip(items, outcomes, strict=True)
        ]


def _quiet(depths: Sequence[Depth]) -> bool:
    return not any(depth.total for depth in depths if not depth.dead_letters)


def _identities(item: Item, tenants: Tenants) -> set[tuple[str, str]]:
    """How the item would be called on a dead-letter queue: by its number, or by its tenant as a reply job."""
    numbers = {address.phone_number_id for address in item.addresses} | {""}
    owners = [tenants.number(PhoneNumberId(number)) for number in numbers if number]
    tenant_ids = {owner.tenant.tenant_id for owner in owners if owner is not None}
    return {(name, item.update_id) for name in numbers | tenant_ids}
