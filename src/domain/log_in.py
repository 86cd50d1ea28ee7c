"""Use cases: from a password to tokens, and what may be asked on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.access import Principal
from domain.audit_trail import AuditTrail, done_by
from domain.errors import LogInRefusedError
from domain.identify import IdentifyPorts, identify

_CODE = re.compile(r"[0-9]{6}")


class LogInRefusal(StrEnum):
    CREDENTIALS = "credentials"
    """E-mail address or password; which, is not told."""
    CODE = "code"
    """The code of the authenticator app; the same question may be answered again."""
    PASSWORD_POLICY = "password_policy"  # noqa: S105 (no password)
    """The new password is too weak; the same question may be answered again."""
    EXPIRED = "expired"
    """The question is too old: begin anew."""
    TOO_OFTEN = "too_often"


class ChallengeKind(StrEnum):
    NEW_PASSWORD = "new_password"  # noqa: S105 (no password)
    """Of who was invited: the password of the invitation ends here."""
    TOTP = "totp"
    """The six digits of an authenticator app."""


@dataclass(frozen=True, slots=True)
class Challenge:
    kind: ChallengeKind
    username: str
    """As the user pool wants it back."""
    session: str
    """The user pool's own: good for some minutes, and for this log-in alone."""


@dataclass(frozen=True, slots=True)
class Tokens:
    access: str
    refresh: str


class Sessions(Protocol):
    """Whoever fails to show who they are is told so by `LogInRefusedError`."""

    def begin(self, email: str, password: str) -> Tokens | Challenge: ...

    def answer(self, challenge: Challenge, given: str) -> Tokens | Challenge: ...

    def refresh(self, refresh_token: str) -> str:
        """A new access token. Raises `UnauthenticatedError` where the refresh token holds no more."""

    def end(self, refresh_token: str) -> None:
        """No access token can be had with it any more. Not an error if it held no more before."""


class PasswordResets(Protocol):
    """For who has forgotten their password."""

    def ask(self, email: str) -> None:
        """A code by e-mail, to who is known here and has logged in before; nobody is told whether that is so.

        Raises `LogInRefusedError` for who asks too often.
        """

    def reset(self, email: str, code: str, password: str) -> None:
        """And ends every session that there is: no refresh token from before holds any more.

        Raises `LogInRefusedError` for a wrong or old code, and for a password that is too weak.
        """


class AuthenticatorApps(Protocol):
    """The second factor of who is logged in."""

    def secret(self, access_token: str) -> str:
        """A new one, in base32: not asked for until `confirm`."""

    def confirm(self, access_token: str, code: str) -> None:
        """From now on each log-in asks for a code. Raises `LogInRefusedError` for a wrong one."""

    def forget(self, access_token: str) -> None:
        """Log-ins ask for the password alone again."""


class LogInPorts(IdentifyPorts, Protocol):
    @property
    def sessions(self) -> Sessions: ...
    @property
    def audit_trail(self) -> AuditTrail: ...


@dataclass(frozen=True, slots=True)
class LoggedIn:
    tokens: Tokens
    principal: Principal


def log_in(email: str, password: str, *, now: datetime, ports: LogInPorts) -> LoggedIn | Challenge:
    return _welcomed(ports.sessions.begin(email.strip(), password), now, ports)


def answer_challenge(challenge: Challenge, given: str, *, now: datetime, ports: LogInPorts) -> LoggedIn | Challenge:
    if challenge.kind is ChallengeKind.TOTP:
        given = checked_code(given)
    return _welcomed(ports.sessions.answer(challenge, given), now, ports)


def checked_code(given: str) -> str:
    """As apps show it, with or without a gap in the middle. Raises `LogInRefusedError`."""
    code = "".join(given.split())
    if not _CODE.fullmatch(code):
        raise LogInRefusedError(LogInRefusal.CODE)
    return code


def log_out(principal: Principal | None, refresh_token: str | None, *, now: datetime, ports: LogInPorts) -> None:
    if refresh_token:
        ports.sessions.end(refresh_token)
    if principal:
        ports.audit_trail.write(done_by(principal, "session.ended", principal.subject, now=now))


def _welcomed(outcome: Tokens | Challenge, now: datetime, ports: LogInPorts) -> LoggedIn | Challenge:
    if isinstance(outcome, Challenge):
        return outcome
    principal = identify(outcome.access, now=now, ports=ports)
    ports.audit_trail.write(done_by(principal, "session.begun", principal.subject, now=now))
    return LoggedIn(outcome, principal)
