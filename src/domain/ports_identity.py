"""What the use cases need to know who somebody is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.access import Role
from domain.audit_trail import AuditEntry
from domain.members import Member, ViewAs
from domain.tenants import TenantId


@dataclass(frozen=True, slots=True)
class VerifiedToken:
    """What an access token says whose signature, issuer, client, use and time have been checked."""

    subject: str
    groups: Sequence[str]
    expires_at: datetime


class TokenVerifier(Protocol):
    def verify(self, token: str) -> VerifiedToken:
        """Raises `UnauthenticatedError` for whatever is not an access token of ours that holds now.

        Raises `ServiceUnavailableError` where the keys cannot be read.
        """


class Users(Protocol):
    def user(self, subject: str) -> Member | None:
        """The person behind a token. A tenant's members may be remembered for a while, operators never are."""


class Members(Protocol):
    """What is changed is written in one transaction with what the audit trail says of it."""

    def member(self, tenant_id: TenantId, subject: str) -> Member | None: ...

    def members(self, tenant_id: TenantId) -> Sequence[Member]: ...

    def add(self, tenant_id: TenantId, member: Member, entry: AuditEntry) -> None:
        """Nothing is written if they are one already. Raises `AlreadyExistsError` for another tenant's member."""

    def change_role(self, tenant_id: TenantId, member: Member, role: Role, entry: AuditEntry) -> None:
        """`member`: as it was read. Raises `NotAllowedError` where no admin would be left.

        Raises `ContentionError` where the member has another role by now, or is none any more.
        """

    def remove(self, tenant_id: TenantId, member: Member, entry: AuditEntry) -> None:
        """As `change_role`; a token of theirs leads nowhere any more."""


class Views(Protocol):
    def put(self, subject: str, view: ViewAs | None, entries: Sequence[AuditEntry]) -> None:
        """None: the operator views as nobody. In one transaction with what the audit trail says of it.

        Raises `ForbiddenError` where the subject is no operator.
        """


@dataclass(frozen=True, slots=True)
class InvitedUser:
    """A user of the pool, with whom one may have to do because of their e-mail address."""

    subject: str
    tenant_id: TenantId | None
    """As the attribute says that never changes."""
    created: bool
    """By this very call."""
    pending: bool
    """They have not chosen a password yet."""


class UserDirectory(Protocol):
    """The user pool, as those see it who let people in."""

    def invite(self, email: str, name: str, tenant_id: TenantId) -> InvitedUser:
        """The user with this address: made and invited, or as they are."""

    def remind(self, email: str) -> None:
        """Another invitation, with another password, for who has not come yet."""

    def tenant_of(self, subject: str) -> TenantId | None:
        """None where there is no such user, or they are no tenant's."""

    def delete(self, subject: str) -> None:
        """Not an error if there is none: it was deleted before."""
