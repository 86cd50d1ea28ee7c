"""The operators of one deployment: their row and the user pool's group, of which neither is enough alone."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from pydantic import BaseModel, RootModel

from domain.access import Role
from domain.manage_members import checked_email, checked_name
from domain.members import Member
from domain.operator_log import ActionState, OperatorAction, OperatorLog
from ops.errors import OpsError


class OperatorRows(Protocol):
    def user(self, subject: str) -> Member | None: ...
    def put_operator(self, operator: Member) -> None: ...
    def delete_operator(self, subject: str) -> None: ...


class OperatorGroup(Protocol):
    def invite(self, email: str, name: str) -> str: ...
    def subjects(self) -> dict[str, str]: ...
    def delete(self, subject: str) -> None: ...


class OperatorReport(BaseModel):
    email: str
    name: str
    subject: str
    since: str
    """Empty of who has no row: an invitation that was broken off. Invite them again."""


class OperatorsReport(RootModel[list[OperatorReport]]):
    pass


@dataclass(frozen=True, slots=True)
class Desk:
    rows: OperatorRows
    group: OperatorGroup
    log: OperatorLog
    operator: str
    identity: str

    def everybody(self) -> OperatorsReport:
        found = [(email, subject, self.rows.user(subject)) for email, subject in self.group.subjects().items()]
        return OperatorsReport(sorted((_report(*one) for one in found), key=lambda report: report.email))

    def invite(self, email: str, name: str) -> OperatorReport:
        """The row comes last: until then they may do nothing. Asked again, it goes on where it was broken off."""
        email, name = checked_email(email), checked_name(name)
        subject = self.group.invite(email, name)
        member = self.rows.user(subject)
        if member is None:
            member = Member(subject, email, name, Role.OPERATOR, None, since=datetime.now(UTC))
            with self._recorded("operators invite", subject):
                self.rows.put_operator(member)
        return _report(email, subject, member)

    def remove(self, email: str) -> OperatorReport:
        """The row goes first."""
        subject = self.group.subjects().get(email.strip().lower())
        if subject is None:
            raise OpsError(f"no operator has the address {email}", "`ai-marketplace operators list` shows them")
        report = _report(email, subject, self.rows.user(subject))
        with self._recorded("operators remove", subject):
            self.rows.delete_operator(subject)
            self.group.delete(subject)
        return report

    @contextmanager
    def _recorded(self, command: str, subject: str) -> Iterator[None]:
        """Before it is done, and again when it is: whatever is broken off is on record."""
        action = OperatorAction(
            action_id=secrets.token_hex(4),
            at=datetime.now(UTC),
            operator=self.operator,
            identity=self.identity,
            command=command,
            subject=subject,
            state=ActionState.RUNNING,
        )
        self.log.put(action)
        yield
        self.log.put(replace(action, state=ActionState.DONE))


def _report(email: str, subject: str, member: Member | None) -> OperatorReport:
    since = member.since.isoformat(timespec="seconds") if member else ""
    return OperatorReport(email=email, name=member.name if member else "", subject=subject, since=since)
