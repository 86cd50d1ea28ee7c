"""The second factor of whoever is logged in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from domain.audit_trail import AuditTrail, done_by
from domain.errors import LogInRefusedError
from domain.log_in import AuthenticatorApps, checked_code
from handlers.log_in_views import totp_page
from handlers.page_sessions import PageSession, SessionPorts, require_same_origin, session_of
from handlers.rest_api import WebRequest, redirect, with_cookies


class AccountPorts(SessionPorts, Protocol):
    @property
    def authenticator_apps(self) -> AuthenticatorApps: ...
    @property
    def audit_trail(self) -> AuditTrail: ...


def _begin(request: WebRequest, ports: AccountPorts) -> dict[str, Any]:
    session = session_of(request, ports)
    secret = ports.authenticator_apps.secret(session.access_token)
    return with_cookies(totp_page(request, session.principal, secret), session.cookies)


def _confirm(request: WebRequest, ports: AccountPorts) -> dict[str, Any]:
    require_same_origin(request)
    session = session_of(request, ports)
    try:
        ports.authenticator_apps.confirm(session.access_token, checked_code(request.form.get("given", "")))
    except LogInRefusedError as error:
        return with_cookies(totp_page(request, session.principal, None, error.reason), session.cookies)
    return _recorded(request, session, "second_factor.added", ports)


def _forget(request: WebRequest, ports: AccountPorts) -> dict[str, Any]:
    require_same_origin(request)
    session = session_of(request, ports)
    ports.authenticator_apps.forget(session.access_token)
    return _recorded(request, session, "second_factor.removed", ports)


def _recorded(request: WebRequest, session: PageSession, action: str, ports: AccountPorts) -> dict[str, Any]:
    ports.audit_trail.write(done_by(session.principal, action, session.principal.subject, now=datetime.now(UTC)))
    return redirect(request.url("/"), session.cookies)


ROUTES: Mapping[tuple[str, str], Callable[[WebRequest, AccountPorts], dict[str, Any]]] = {
    ("GET", "/account/totp"): _begin,
    ("POST", "/account/totp"): _confirm,
    ("POST", "/account/totp/off"): _forget,
}
