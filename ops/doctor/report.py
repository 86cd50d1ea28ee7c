"""What the command answers, for programs as for people."""

from __future__ import annotations

from pydantic import BaseModel

HEALTHY, FINDINGS, NOT_ASKED = 0, 1, 2


class Finding(BaseModel):
    check: str
    subject: str
    found: str
    remedy: str


class Unasked(BaseModel):
    """What is not known, and so not healthy either."""

    check: str
    subject: str
    why: str


class DoctorReport(BaseModel):
    stack: str
    checks: int
    findings: list[Finding]
    unasked: list[Unasked]
    notes: list[str]

    @property
    def exit_code(self) -> int:
        if self.findings:
            return FINDINGS
        return NOT_ASKED if self.unasked else HEALTHY
