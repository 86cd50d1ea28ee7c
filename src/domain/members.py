"""People who may log in: a tenant's members, and the operators of the marketplace."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from domain.access import Principal, Role
from domain.tenants import TenantId


@dataclass(frozen=True, slots=True)
class ViewAs:
    """An operator looks at one tenant's pages as that tenant would, for a while."""

    tenant_id: TenantId
    until: datetime


@dataclass(frozen=True, slots=True)
class Member:
    subject: str
    """Cognito's `sub`."""
    email: str
    name: str
    role: Role
    tenant_id: TenantId | None
    """None of an operator."""
    since: datetime
    views_as: ViewAs | None = None
    """Of an operator alone."""

    def principal(self, now: datetime) -> Principal:
        return Principal(self.subject, self.name, self.role, self._tenant_at(now))

    def _tenant_at(self, now: datetime) -> TenantId | None:
        if self.role is not Role.OPERATOR:
            return self.tenant_id
        return self.views_as.tenant_id if self.views_as and now < self.views_as.until else None

    def with_role(self, role: Role) -> Member:
        return replace(self, role=role)
