"""What the log-in's pages show, and with which status."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from domain.access import Principal
from domain.log_in import Challenge, ChallengeKind, LogInRefusal
from handlers.rest_api import WebRequest
from handlers.sheets import sheet

_STATUSES = {
    LogInRefusal.CREDENTIALS: HTTPStatus.UNAUTHORIZED,
    LogInRefusal.EXPIRED: HTTPStatus.UNAUTHORIZED,
    LogInRefusal.CODE: HTTPStatus.UNPROCESSABLE_ENTITY,
    LogInRefusal.PASSWORD_POLICY: HTTPStatus.UNPROCESSABLE_ENTITY,
    LogInRefusal.TOO_OFTEN: HTTPStatus.TOO_MANY_REQUESTS,
}
_TEMPLATES = {ChallengeKind.NEW_PASSWORD: "new_password.html", ChallengeKind.TOTP: "totp.html"}


def log_in_page(
    request: WebRequest,
    wanted: str | None,
    email: str = "",
    reason: LogInRefusal | None = None,
    *,
    changed: bool = False,
) -> dict[str, Any]:
    """`changed`: a new password has been chosen just now."""
    return _page(request, "login.html", reason, next=wanted or "", email=email, changed=changed)


def forgot_page(request: WebRequest, reason: LogInRefusal | None = None) -> dict[str, Any]:
    return _page(request, "forgot.html", reason)


def reset_page(request: WebRequest, email: str, reason: LogInRefusal | None = None) -> dict[str, Any]:
    return _page(request, "reset.html", reason, email=email)


def challenge_page(
    request: WebRequest, challenge: Challenge, wanted: str | None, reason: LogInRefusal | None = None
) -> dict[str, Any]:
    return _page(request, _TEMPLATES[challenge.kind], reason, next=wanted or "")


def totp_page(
    request: WebRequest, principal: Principal, secret: str | None, reason: LogInRefusal | None = None
) -> dict[str, Any]:
    """`secret`: None where a code did not match; the app has it already."""
    return _page(request, "totp_setup.html", reason, principal, secret=secret, picture=_picture(secret, principal.name))


def query(wanted: str | None) -> str:
    return f"?next={quote(wanted, safe='')}" if wanted else ""


def _page(
    request: WebRequest, template: str, reason: LogInRefusal | None, principal: Principal | None = None, **view: object
) -> dict[str, Any]:
    status = _STATUSES[reason] if reason else HTTPStatus.OK
    return sheet(request, template, status, principal, reason=reason, **view)


def _picture(secret: str | None, name: str) -> str:
    """A QR code as an SVG element; empty without a secret. What it says is what authenticator apps read."""
    if secret is None:
        return ""
    import segno

    issuer = "AI Marketplace"
    address = f"otpauth://totp/{quote(f'{issuer}:{name}')}?secret={secret}&issuer={quote(issuer)}"
    return segno.make(address, micro=False).svg_inline(scale=5, light="#fff", svgclass="qr")
