"""People and what they did, as the API takes and tells them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import StringConstraints

from domain.access import Role
from domain.audit_trail import AuditPage
from domain.members import Member
from handlers.api.models import FromPath, Listed, Sent, Told

SubjectInPath = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$"),
    FromPath,
    Path(description="Cognito's `sub` of the member."),
]
TenantRole = Literal["tenant_admin", "tenant_agent"]


class NewMember(Sent):
    email: str
    """Where the invitation goes, and with what they log in."""
    name: str
    """For people to read, 1 to 100 characters."""
    role: TenantRole


class MemberChange(Sent):
    role: TenantRole


class ToldMember(Told):
    subject: str
    email: str
    name: str
    role: Role
    since: datetime


class MemberList(Told):
    items: list[ToldMember]
    """All of them, by name."""


class ToldAuditEntry(Told):
    at: datetime
    subject: str
    """Cognito's `sub` of who did it."""
    name: str
    role: Role
    action: str
    """What happened to what: `member.invited`."""
    object_id: str
    on_behalf_of: str | None
    """The tenant that an operator acted for."""
    details: dict[str, str]


class AuditList(Listed):
    items: list[ToldAuditEntry]
    """Newest first."""


def told_member(member: Member) -> ToldMember:
    return ToldMember.model_validate(member)


def told_trail(page: AuditPage, next_cursor: str | None) -> AuditList:
    entries = [ToldAuditEntry.model_validate({name: getattr(one, name) for name in _ENTRY}) for one in page.entries]
    return AuditList(items=entries, next_cursor=next_cursor)


_ENTRY = tuple(ToldAuditEntry.model_fields)
