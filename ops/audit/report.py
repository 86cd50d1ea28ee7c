"""What `audit` answers, for programs as for people."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import BaseModel

from ops.audit.findings import Kind
from ops.audit.survey import Survey
from ops.smoke.bench import State

CLEAN, FINDINGS, NOT_LOOKED = 0, 1, 2


class FindingReport(BaseModel):
    kind: Kind
    type: str
    resource: str
    name: str
    where: str
    declared: str
    found: str
    remedy: str


class UnreadReport(BaseModel):
    resource: str
    what: str
    why: str


class StepReport(BaseModel):
    what: str
    name: str
    state: State
    detail: str


class AuditReport(BaseModel):
    stack: str
    account: str
    region: str
    at: datetime
    looked_at: int
    findings: list[FindingReport]
    unread: list[UnreadReport]
    notes: list[str]
    tried: list[StepReport] = []
    """What `--smoke` has tried."""

    @property
    def exit_code(self) -> int:
        if self.findings or any(step.state is State.FAILS for step in self.tried):
            return FINDINGS
        return NOT_LOOKED if self.unread else CLEAN


def report(survey: Survey) -> AuditReport:
    place = survey.stack.place
    return AuditReport(
        stack=survey.stack.name,
        account=place.account,
        region=place.region,
        at=datetime.now(UTC),
        looked_at=sum(reading.there is not None for reading in survey.readings),
        findings=[FindingReport.model_validate(one, from_attributes=True) for one in survey.findings],
        unread=[UnreadReport.model_validate(one, from_attributes=True) for one in survey.unread],
        notes=survey.notes,
    )
