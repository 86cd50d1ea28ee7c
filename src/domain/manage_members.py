"""Use cases: whom a tenant lets in, and as what.

The user pool comes first when somebody is let in and last when they leave: a user without a row may do nothing. What is
broken off in between, the same call again brings to its end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.access import Principal, Role
from domain.audit_trail import AuditEntry, done_by
from domain.errors import AlreadyExistsError, ForbiddenError, InvalidInputError, NotFoundError
from domain.members import Member
from domain.ports_identity import InvitedUser, Members, UserDirectory, Users
from domain.tenants import TenantId

TENANT_ROLES = (Role.TENANT_ADMIN, Role.TENANT_AGENT)
_EMAIL = re.compile(r"[^@\s<>\"(),:;\\\[\]]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_LONGEST_EMAIL, _LONGEST_NAME = 254, 100


class MembersPorts(Protocol):
    @property
    def members(self) -> Members: ...
    @property
    def directory(self) -> UserDirectory: ...
    @property
    def users(self) -> Users: ...


def list_members(who: Principal, tenant_id: TenantId, *, ports: MembersPorts) -> Sequence[Member]:
    """By name. Raises `NotFoundError` where `who` has nothing to do with the tenant."""
    _demand(who, tenant_id, Role.OPERATOR, *TENANT_ROLES)
    return sorted(ports.members.members(tenant_id), key=lambda member: (member.name.casefold(), member.subject))


def invite(  # noqa: PLR0913 (who invites whom, where to and as what)
    who: Principal,
    tenant_id: TenantId,
    email: str,
    name: str,
    role: Role,
    *,
    now: datetime,
    ports: MembersPorts,
) -> Member:
    """Cognito sends the invitation; asked again before they came, it sends another one.

    Raises `AlreadyExistsError` where the address belongs to somebody who has come already, here or elsewhere.
    """
    _demand(who, tenant_id, Role.OPERATOR, Role.TENANT_ADMIN)
    email, name = checked_email(email), checked_name(name)
    _check_role(role)
    user = _user_for(email, name, tenant_id, ports)
    present = ports.members.member(tenant_id, user.subject)
    if present is not None:
        return _invite_again(present, user, ports)
    member = Member(user.subject, email, name, role, tenant_id, since=now)
    ports.members.add(tenant_id, member, _entry(who, tenant_id, "member.invited", user.subject, now, role=role))
    return member


def change_role(  # noqa: PLR0913 (who makes whom what)
    who: Principal, tenant_id: TenantId, subject: str, role: Role, *, now: datetime, ports: MembersPorts
) -> Member:
    """Raises `NotFoundError`, and `NotAllowedError` where nobody would be left who may invite."""
    _demand(who, tenant_id, Role.OPERATOR, Role.TENANT_ADMIN)
    _check_role(role)
    member = _found(tenant_id, subject, ports)
    if member.role is role:
        return member
    entry = _entry(who, tenant_id, "member.role_changed", subject, now, before=member.role, after=role)
    ports.members.change_role(tenant_id, member, role, entry)
    return member.with_role(role)


def remove(who: Principal, tenant_id: TenantId, subject: str, *, now: datetime, ports: MembersPorts) -> None:
    """Raises `NotFoundError`, and `NotAllowedError` where nobody would be left who may invite.

    What the worker left behind that died after the row: a user of this tenant's without one, which goes too.
    """
    _demand(who, tenant_id, Role.OPERATOR, Role.TENANT_ADMIN)
    member = ports.members.member(tenant_id, subject)
    if member is not None:
        entry = _entry(who, tenant_id, "member.removed", subject, now, role=member.role)
        ports.members.remove(tenant_id, member, entry)
    elif ports.directory.tenant_of(subject) != tenant_id:
        raise NotFoundError("no such member")
    ports.directory.delete(subject)


def _demand(who: Principal, tenant_id: TenantId, *roles: Role) -> None:
    if who.role is not Role.OPERATOR and who.tenant_id != tenant_id:
        raise NotFoundError("no such tenant")
    who.demand(*roles)


def _entry(who: Principal, tenant_id: TenantId, action: str, subject: str, now: datetime, **details: str) -> AuditEntry:
    """In the tenant's own trail, also where an operator did it without viewing as the tenant."""
    acting = Principal(who.subject, who.name, who.role, tenant_id)
    return done_by(acting, action, subject, now=now, **details)


def _user_for(email: str, name: str, tenant_id: TenantId, ports: MembersPorts) -> InvitedUser:
    user = ports.directory.invite(email, name, tenant_id)
    if user.tenant_id == tenant_id:
        return user
    if user.tenant_id is None or ports.users.user(user.subject) is not None:
        raise AlreadyExistsError("this e-mail address is in use already")
    # Left behind by a removal elsewhere that was broken off; a user's tenant never changes.
    ports.directory.delete(user.subject)
    return ports.directory.invite(email, name, tenant_id)


def _invite_again(member: Member, user: InvitedUser, ports: MembersPorts) -> Member:
    if not user.pending:
        raise AlreadyExistsError("this person is a member already")
    if not user.created:
        ports.directory.remind(member.email)
    return member


def _found(tenant_id: TenantId, subject: str, ports: MembersPorts) -> Member:
    member = ports.members.member(tenant_id, subject)
    if member is None:
        raise NotFoundError("no such member")
    return member


def _check_role(role: Role) -> None:
    if role not in TENANT_ROLES:
        raise ForbiddenError("a member is an admin or an agent; operators are made elsewhere")


def checked_email(email: str) -> str:
    email = email.strip().lower()
    if len(email) > _LONGEST_EMAIL or not _EMAIL.fullmatch(email):
        raise InvalidInputError("/email", "this is no e-mail address")
    return email


def checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
        raise InvalidInputError("/name", f"a name has 1 to {_LONGEST_NAME} characters")
    return name
