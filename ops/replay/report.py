"""What a replay came to."""

from __future__ import annotations

from collections import Counter

from pydantic import BaseModel, computed_field

from ops.outcomes.states import FinalState

BAD = (FinalState.LOST, FinalState.DEAD_LETTERED, FinalState.PENDING)
_OK = 200


class ItemReport(BaseModel):
    kind: str
    update_id: str
    state: FinalState
    detail: str
    duplicate: bool
    """Known before this body brought it: its state is that of the first."""


class BodyReport(BaseModel):
    name: str
    http_status: int | None
    items: list[ItemReport]
    not_accepted: list[str]
    """Kinds of the updates that stand in the body and that the webhook did not name: lost."""

    @property
    def ok(self) -> bool:
        bad = any(item.state in BAD for item in self.items)
        return self.http_status == _OK and not self.not_accepted and not bad


class ReplayReport(BaseModel):
    bodies: list[BodyReport]
    seconds: float
    log_lines: int
    leaks: list[str]
    """Where a log line tells something of a customer, and of what kind it is."""

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorators on top of a property
    @property
    def states(self) -> dict[str, int]:
        counted = Counter(str(item.state) for body in self.bodies for item in body.items)
        counted[FinalState.LOST] += sum(len(body.not_accepted) for body in self.bodies)
        return {str(state): counted[state] for state in FinalState if counted[state]}

    @computed_field  # type: ignore[prop-decorator]  # as above
    @property
    def ok(self) -> bool:
        return all(body.ok for body in self.bodies) and not self.leaks
