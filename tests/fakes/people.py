"""Who may log in, and what they did: in memory."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.access import Role
from domain.audit_trail import AuditEntry, AuditPage
from domain.errors import (
    AlreadyExistsError,
    ContentionError,
    ForbiddenError,
    LogInRefusedError,
    NotAllowedError,
    UnauthenticatedError,
)
from domain.log_in import Challenge, LogInRefusal, Tokens
from domain.members import Member, ViewAs
from domain.ports_identity import InvitedUser, VerifiedToken
from domain.tenants import TenantId
from tests.builders import after


@dataclass(slots=True)
class PeopleStore:
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    people: dict[str, Member] = field(default_factory=dict)
    """By subject."""
    trail: list[AuditEntry] = field(default_factory=list)


class FakeAuditTrail:
    def __init__(self, store: PeopleStore | None = None) -> None:
        self.store = store or PeopleStore()

    def write(self, entry: AuditEntry) -> None:
        with self.store.lock:
            self.store.trail = [*(kept for kept in self.store.trail if _row(kept) != _row(entry)), entry]

    def page(self, tenant_id: TenantId | None, limit: int, position: str | None = None) -> AuditPage:
        trail = sorted((_row(entry)[1:], entry) for entry in self.store.trail if entry.tenant_id == tenant_id)
        rows = [(f"{at.isoformat()}#{entry_id}", entry) for (at, entry_id), entry in reversed(trail)]
        rows = [(sort_key, entry) for sort_key, entry in rows if position is None or sort_key < position]
        more = len(rows) > limit
        return AuditPage([entry for _, entry in rows[:limit]], rows[limit - 1][0] if more else None)


def _row(entry: AuditEntry) -> tuple[TenantId | None, datetime, str]:
    return entry.tenant_id, entry.at, entry.entry_id


class FakeUsers:
    def __init__(self, store: PeopleStore) -> None:
        self.store = store

    def user(self, subject: str) -> Member | None:
        return self.store.people.get(subject)

    def put_operator(self, operator: Member) -> None:
        self.store.people[operator.subject] = operator

    def delete_operator(self, subject: str) -> None:
        self.store.people.pop(subject, None)


class FakeMembers:
    def __init__(self, store: PeopleStore) -> None:
        self.store = store
        self._trail = FakeAuditTrail(store)

    def member(self, tenant_id: TenantId, subject: str) -> Member | None:
        found = self.store.people.get(subject)
        return found if found and found.tenant_id == tenant_id else None

    def members(self, tenant_id: TenantId) -> Sequence[Member]:
        return [person for person in self.store.people.values() if person.tenant_id == tenant_id]

    def add(self, tenant_id: TenantId, member: Member, entry: AuditEntry) -> None:
        with self.store.lock:
            present = self.store.people.get(member.subject)
            if present is None:
                self.store.people[member.subject] = member
                self._trail.write(entry)
            elif present.tenant_id != tenant_id:
                raise AlreadyExistsError("this person is a member elsewhere")

    def change_role(self, tenant_id: TenantId, member: Member, role: Role, entry: AuditEntry) -> None:
        with self.store.lock:
            self._check(tenant_id, member, role)
            self.store.people[member.subject] = self.store.people[member.subject].with_role(role)
            self._trail.write(entry)

    def remove(self, tenant_id: TenantId, member: Member, entry: AuditEntry) -> None:
        with self.store.lock:
            self._check(tenant_id, member, None)
            del self.store.people[member.subject]
            self._trail.write(entry)

    def _check(self, tenant_id: TenantId, member: Member, role: Role | None) -> None:
        present = self.member(tenant_id, member.subject)
        if present is None or present.role is not member.role:
            raise ContentionError("this member has changed since they were read")
        admins = [person for person in self.members(tenant_id) if person.role is Role.TENANT_ADMIN]
        if admins == [present] and role is not Role.TENANT_ADMIN:
            raise NotAllowedError("somebody must be left who may invite")


class FakeViews:
    def __init__(self, store: PeopleStore) -> None:
        self.store = store
        self._trail = FakeAuditTrail(store)

    def put(self, subject: str, view: ViewAs | None, entries: Sequence[AuditEntry]) -> None:
        with self.store.lock:
            person = self.store.people.get(subject)
            if person is None or person.role is not Role.OPERATOR:
                raise ForbiddenError("an operator alone views as a tenant")
            self.store.people[subject] = replace(person, views_as=view)
            for entry in entries:
                self._trail.write(entry)


@dataclass(slots=True)
class FakeDirectory:
    """The user pool."""

    users: dict[str, tuple[str, TenantId | None]] = field(default_factory=dict)
    """By e-mail address: subject, and the tenant that never changes."""
    come: set[str] = field(default_factory=set)
    """Subjects of those who chose a password."""
    mails: list[str] = field(default_factory=list)
    """Subjects, one for each invitation."""
    _made: int = 0

    def invite(self, email: str, name: str, tenant_id: TenantId) -> InvitedUser:  # noqa: ARG002 (kept by Cognito)
        created = email not in self.users
        if created:
            self._made += 1
            self.users[email] = (f"sub-{self._made}", tenant_id)
            self.mails.append(self.users[email][0])
        subject, owner = self.users[email]
        return InvitedUser(subject, owner, created, pending=subject not in self.come)

    def remind(self, email: str) -> None:
        self.mails.append(self.users[email][0])

    def tenant_of(self, subject: str) -> TenantId | None:
        return next((owner for known, owner in self.users.values() if known == subject), None)

    def delete(self, subject: str) -> None:
        self.users = {email: user for email, user in self.users.items() if user[0] != subject}


@dataclass(slots=True)
class FakeTokens:
    """A token is `access:` and the subject, in groups behind a further colon."""

    expired: set[str] = field(default_factory=set)

    def verify(self, token: str) -> VerifiedToken:
        kind, _, rest = token.partition(":")
        subject, _, groups = rest.partition(":")
        if kind != "access" or token in self.expired:
            raise UnauthenticatedError("the token does not hold")
        return VerifiedToken(subject, tuple(groups.split()), after(minutes=15))


@dataclass(slots=True)
class FakeSessions:
    passwords: dict[str, tuple[str, Tokens | Challenge]] = field(default_factory=dict)
    """By e-mail address: the password, and what follows it."""
    answers: dict[tuple[str, str], Tokens | Challenge] = field(default_factory=dict)
    """By session and answer."""
    refusal: LogInRefusal | None = None
    """Of whatever is not known."""
    renewed: dict[str, str] = field(default_factory=dict)
    """By refresh token."""
    ended: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)
    """The right code, by access token."""
    confirmed: list[str] = field(default_factory=list)
    mailed: dict[str, str] = field(default_factory=dict)
    """By e-mail address, the code that was sent there."""

    def begin(self, email: str, password: str) -> Tokens | Challenge:
        known, outcome = self.passwords.get(email, ("", None))
        if outcome is None or known != password:
            raise LogInRefusedError(self.refusal or LogInRefusal.CREDENTIALS)
        return outcome

    def answer(self, challenge: Challenge, given: str) -> Tokens | Challenge:
        outcome = self.answers.get((challenge.session, given))
        if outcome is None:
            raise LogInRefusedError(self.refusal or LogInRefusal.EXPIRED)
        return outcome

    def refresh(self, refresh_token: str) -> str:
        if refresh_token not in self.renewed:
            raise LogInRefusedError(LogInRefusal.CREDENTIALS)
        return self.renewed[refresh_token]

    def end(self, refresh_token: str) -> None:
        self.renewed.pop(refresh_token, None)
        self.ended.append(refresh_token)

    def ask(self, email: str) -> None:
        if self.refusal:
            raise LogInRefusedError(self.refusal)
        if email in self.passwords:
            self.mailed[email] = "123456"

    def reset(self, email: str, code: str, password: str) -> None:
        if self.mailed.get(email) != code:
            raise LogInRefusedError(LogInRefusal.CODE)
        if self.refusal:
            raise LogInRefusedError(self.refusal)
        _, outcome = self.passwords[email]
        self.passwords[email] = (password, outcome)
        if isinstance(outcome, Tokens):
            self.renewed.pop(outcome.refresh, None)

    def secret(self, access_token: str) -> str:
        self.secrets.append(access_token)
        return "JBSWY3DPEHPK3PXP"

    def confirm(self, access_token: str, code: str) -> None:
        if self.codes.get(access_token) != code:
            raise LogInRefusedError(LogInRefusal.CODE)
        self.confirmed.append(access_token)

    def forget(self, access_token: str) -> None:
        self.confirmed.remove(access_token)


@dataclass(frozen=True, slots=True)
class FakeIdentity:
    """All of it, as the handlers have it."""

    store: PeopleStore
    tokens: FakeTokens
    users: FakeUsers
    sessions: FakeSessions
    authenticator_apps: FakeSessions
    password_resets: FakeSessions
    audit_trail: FakeAuditTrail
    members: FakeMembers
    directory: FakeDirectory
    views: FakeViews

    @classmethod
    def with_people(cls, *people: Member) -> FakeIdentity:
        store, sessions = PeopleStore(people={person.subject: person for person in people}), FakeSessions()
        return cls(
            store=store,
            tokens=FakeTokens(),
            users=FakeUsers(store),
            sessions=sessions,
            authenticator_apps=sessions,
            password_resets=sessions,
            audit_trail=FakeAuditTrail(store),
            members=FakeMembers(store),
            directory=FakeDirectory(),
            views=FakeViews(store),
        )
