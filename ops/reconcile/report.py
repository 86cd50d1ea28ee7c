"""The books, for programs and for people."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel

from ops.outcomes.states import FinalState
from ops.reconcile.books import Books, MonthCount


class DayReport(BaseModel):
    tenant: str
    """Empty: of nobody, or of more than one."""
    day: str
    received: int
    answered: int
    escalated: int
    recorded: int
    pending: int
    dead: int

    @property
    def adds_up(self) -> bool:
        return self.received == self.answered + self.escalated + self.recorded + self.pending + self.dead


class ProblemReport(BaseModel):
    tenant: str
    day: str
    message_id: str
    what: str


class MonthReport(BaseModel):
    tenant: str
    month: str
    received: int
    counted: int
    adds_up: bool


class ReconcileReport(BaseModel):
    since: str
    until: str
    days: list[DayReport]
    months: list[MonthReport]
    problems: list[ProblemReport]
    further_problems: int
    adds_up: bool


def report_of(books: Books, months: Sequence[MonthCount], window: tuple[str, str]) -> ReconcileReport:
    days = [
        DayReport(
            tenant=tenant,
            day=day,
            received=states.total(),
            answered=states[FinalState.ANSWERED],
            escalated=states[FinalState.ESCALATED],
            recorded=states[FinalState.RECORDED],
            pending=states[FinalState.PENDING],
            dead=states[FinalState.DEAD_LETTERED],
        )
        for (tenant, day), states in sorted(books.days.items())
    ]
    counted = [
        MonthReport(tenant=one.tenant, month=one.month, received=one.claims, counted=one.counted, adds_up=one.adds_up)
        for one in months
    ]
    problems = [
        ProblemReport(tenant=one.tenant, day=one.day, message_id=one.message_id, what=one.what)
        for one in books.problems
    ]
    adds_up = not problems and all(day.adds_up for day in days) and all(month.adds_up for month in counted)
    return ReconcileReport(
        since=window[0],
        until=window[1],
        days=days,
        months=counted,
        problems=problems,
        further_problems=books.unnamed,
        adds_up=adds_up,
    )
