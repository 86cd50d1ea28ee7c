"""Use case: the Meta app gets another app secret, or another verify token, while its webhooks come in.

Meta alone makes an app secret, and signs with it from then on. Both are accepted until the rotation is finished, so
that nothing is refused that was signed before, or by a part of Meta that learns of it late.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from domain.access import Principal, Role
from domain.audit_trail import AuditTrail, done_by
from domain.errors import AlreadyExistsError, ChangedMeanwhileError, InvalidInputError, NotFoundError
from domain.intake import PlatformSecrets

GRACE = timedelta(hours=1)
"""Twelve times what a worker remembers the secrets for, and longer than any delivery of Meta's is under way."""

_OBJECT = "platform-secret"
_FORM = re.compile(r"[!-~]{16,256}")


@dataclass(frozen=True, slots=True)
class KeptSecrets:
    secrets: PlatformSecrets
    version: str
    since: datetime


class PlatformSecretVersions(Protocol):
    def current(self) -> KeptSecrets:
        """Raises `ServiceUnavailableError`."""

    def replace(self, seen: KeptSecrets, secrets: PlatformSecrets) -> bool:
        """What else stands in the secret stays. False, and nothing changed, where another version is current by now."""


@dataclass(frozen=True, slots=True)
class PlatformSecretPorts:
    versions: PlatformSecretVersions
    trail: AuditTrail


def begin(who: Principal, app_secret: str, *, now: datetime, ports: PlatformSecretPorts) -> None:
    """The one before stays beside it. Done again with the same secret, it changes nothing.

    Raises `InvalidInputError`, `AlreadyExistsError` while another rotation is under way.
    """
    who.demand(Role.OPERATOR)
    _check(app_secret, "app_secret")
    seen = ports.versions.current()
    if seen.secrets.app_secret == app_secret:
        return
    if seen.secrets.previous_app_secret:
        raise AlreadyExistsError("a rotation is under way: finish it, or put the app secret before back")
    rotated = replace(seen.secrets, app_secret=app_secret, previous_app_secret=seen.secrets.app_secret)
    _keep(who, seen, rotated, "app_secret.rotated", now, ports)


def finish(who: Principal, *, at_once: bool, now: datetime, ports: PlatformSecretPorts) -> None:
    """The app secret before opens nothing any more. Where there is none, nothing changes.

    `at_once`: without the time of grace; for a secret that others know. Raises `AlreadyExistsError` within that time.
    """
    who.demand(Role.OPERATOR)
    seen = ports.versions.current()
    if not seen.secrets.previous_app_secret:
        return
    if not at_once and now < seen.since + GRACE:
        raise AlreadyExistsError(
            f"what was signed before may still come in: finish it after {seen.since + GRACE:%H:%M} UTC"
        )
    _keep(who, seen, replace(seen.secrets, previous_app_secret=""), "app_secret.rotation_finished", now, ports)


def put_back(who: Principal, *, now: datetime, ports: PlatformSecretPorts) -> None:
    """The app secret before is the only one again: what was typed was none of Meta's. Raises `NotFoundError`."""
    who.demand(Role.OPERATOR)
    seen = ports.versions.current()
    if not seen.secrets.previous_app_secret:
        raise NotFoundError("no rotation is under way")
    before = replace(seen.secrets, app_secret=seen.secrets.previous_app_secret, previous_app_secret="")
    _keep(who, seen, before, "app_secret.put_back", now, ports)


def change_verify_token(who: Principal, token: str, *, now: datetime, ports: PlatformSecretPorts) -> None:
    """Meta names it when somebody saves the callback in its dashboard, and never else: there is none before to keep."""
    who.demand(Role.OPERATOR)
    _check(token, "verify_token")
    seen = ports.versions.current()
    if seen.secrets.verify_token != token:
        _keep(who, seen, replace(seen.secrets, verify_token=token), "verify_token.changed", now, ports)


def _check(value: str, field: str) -> None:
    if not _FORM.fullmatch(value):
        raise InvalidInputError(f"/{field}", "16 to 256 characters of ASCII, none of them a space")


def _keep(  # noqa: PLR0913, PLR0917 (who made what of what, and when)
    who: Principal, seen: KeptSecrets, secrets: PlatformSecrets, action: str, now: datetime, ports: PlatformSecretPorts
) -> None:
    if not ports.versions.replace(seen, secrets):
        raise ChangedMeanwhileError("somebody else changed the platform secret meanwhile: look, and begin again")
    ports.trail.write(done_by(who, action, _OBJECT, now=now))
