"""Who did what, when, and on whose behalf."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from domain.access import Principal, Role
from domain.tenants import TenantId


@dataclass(frozen=True, slots=True)
class AuditEntry:
    at: datetime
    tenant_id: TenantId | None
    """Whose trail it stands in; None: the operators' own."""
    subject: str
    """Cognito's `sub` of who did it, or the ARN under which AWS knew them."""
    name: str
    role: Role
    action: str
    """What happened to what, in the past tense: `member.invited`."""
    object_id: str = ""
    """What it was done to: an id of ours, never a phone number."""
    on_behalf_of: TenantId | None = None
    """The tenant that an operator viewed as."""
    details: Mapping[str, str] = field(default_factory=dict)
    """Values before and after, counts. Nothing of any customer, no secret."""
    entry_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    """The same entry, written again, is one entry."""


@dataclass(frozen=True, slots=True)
class AuditPage:
    entries: Sequence[AuditEntry]
    next_position: str | None = None
    """Where the list goes on; None where it has ended."""


class AuditTrail(Protocol):
    def write(self, entry: AuditEntry) -> None:
        """Kept for 400 days."""

    def page(self, tenant_id: TenantId | None, limit: int, position: str | None = None) -> AuditPage:
        """Of one trail, newest first."""


def done_by(principal: Principal, action: str, object_id: str, *, now: datetime, **details: str) -> AuditEntry:
    """In the trail of the tenant whose data the request touched: an operator's work there is seen by the tenant."""
    return AuditEntry(
        at=now,
        tenant_id=principal.tenant_id,
        subject=principal.subject,
        name=principal.name,
        role=principal.role,
        action=action,
        object_id=object_id,
        on_behalf_of=principal.tenant_id if principal.role is Role.OPERATOR else None,
        details=details,
    )
