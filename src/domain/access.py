"""Who is at work here, and for which seller."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.errors import ForbiddenError
from domain.tenants import TenantId


class Role(StrEnum):
    OPERATOR = "operator"
    """Of the marketplace: every tenant, none of their conversations unless they view as one."""
    TENANT_ADMIN = "tenant_admin"
    TENANT_AGENT = "tenant_agent"
    """Answers customers; changes neither settings nor members."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who makes a request, as a verified token tells it; nothing of it is taken from the request itself."""

    subject: str
    """Cognito's `sub`: stays the same when name and e-mail address change."""
    name: str
    """For people to read: in the audit trail, and where a conversation says who owns it."""
    role: Role
    tenant_id: TenantId | None = None
    """Of an operator: the tenant they view as, None while they do not."""

    def tenant(self) -> TenantId:
        """The one tenant whose data this request may touch.

        Raises `ForbiddenError` for an operator who views as none.
        """
        if self.tenant_id is None:
            raise ForbiddenError("this belongs to one tenant: an operator must view as it first")
        return self.tenant_id

    def demand(self, *roles: Role) -> None:
        """Raises `ForbiddenError` for who has none of these roles."""
        if self.role not in roles:
            raise ForbiddenError(f"this needs the role {' or '.join(roles)}; yours is {self.role}")
