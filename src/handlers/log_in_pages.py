"""The way in and out: e-mail and password, what the user pool asks besides, log-out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from domain.access import Role
from domain.errors import LogInRefusedError, UnauthenticatedError
from domain.log_in import (
    Challenge,
    LoggedIn,
    LogInPorts,
    LogInRefusal,
    answer_challenge,
    log_in,
    log_out,
)
from handlers import cookies
from handlers.log_in_views import challenge_page, log_in_page, query
from handlers.page_sessions import ACCESS_SECONDS, require_same_origin, safe_next, session_of
from handlers.rest_api import WebRequest, redirect, with_cookies


def _ask(request: WebRequest, ports: LogInPorts) -> dict[str, Any]:
    wanted = safe_next(request.query.get("next"))
    try:
        session = session_of(request, ports)
    except UnauthenticatedError:
        return log_in_page(request, wanted)
    return with_cookies(redirect(_onward(request, session.principal.role, wanted)), session.cookies)


def _log_in(request: WebRequest, ports: LogInPorts) -> dict[str, Any]:
    require_same_origin(request)
    form, wanted = request.form, safe_next(request.form.get("next"))
    email = form.get("email", "")
    try:
        outcome = log_in(email, form.get("password", ""), now=datetime.now(UTC), ports=ports)
    except UnauthenticatedError as error:
        return log_in_page(request, wanted, email, _reason(error))
    return _went_on(request, outcome, wanted)


def _ask_challenge(request: WebRequest, _: LogInPorts) -> dict[str, Any]:
    challenge, wanted = cookies.challenge_of(request), safe_next(request.query.get("next"))
    if challenge is None:
        return log_in_page(request, wanted, reason=LogInRefusal.EXPIRED)
    return challenge_page(request, challenge, wanted)


def _answer_challenge(request: WebRequest, ports: LogInPorts) -> dict[str, Any]:
    require_same_origin(request)
    challenge, wanted = cookies.challenge_of(request), safe_next(request.form.get("next"))
    if challenge is None:
        return log_in_page(request, wanted, reason=LogInRefusal.EXPIRED)
    try:
        outcome = answer_challenge(challenge, request.form.get("given", ""), now=datetime.now(UTC), ports=ports)
    except UnauthenticatedError as error:
        return _asked_again(request, challenge, wanted, error)
    return _went_on(request, outcome, wanted)


def _asked_again(
    request: WebRequest, challenge: Challenge, wanted: str | None, error: UnauthenticatedError
) -> dict[str, Any]:
    reason = _reason(error)
    if reason in {LogInRefusal.CODE, LogInRefusal.PASSWORD_POLICY}:
        return challenge_page(request, challenge, wanted, reason)
    return with_cookies(log_in_page(request, wanted, reason=reason), cookies.clear(request, cookies.CHALLENGE))


def _log_out(request: WebRequest, ports: LogInPorts) -> dict[str, Any]:
    require_same_origin(request)
    try:
        principal = session_of(request, ports).principal
    except UnauthenticatedError:
        principal = None
    log_out(principal, cookies.cookie(request, cookies.REFRESH), now=datetime.now(UTC), ports=ports)
    gone = cookies.clear(request, cookies.ACCESS, cookies.REFRESH, cookies.CHALLENGE)
    return redirect(request.url("/login"), gone)


def _went_on(request: WebRequest, outcome: LoggedIn | Challenge, wanted: str | None) -> dict[str, Any]:
    if isinstance(outcome, Challenge):
        held = cookies.challenge_value(outcome)
        asked = cookies.set_cookie(request, cookies.CHALLENGE, held, cookies.CHALLENGE_SECONDS)
        return redirect(request.url(f"/login/challenge{query(wanted)}"), [asked])
    tokens = [
        cookies.set_cookie(request, cookies.ACCESS, outcome.tokens.access, ACCESS_SECONDS),
        cookies.set_cookie(request, cookies.REFRESH, outcome.tokens.refresh, cookies.REFRESH_SECONDS),
        *cookies.clear(request, cookies.CHALLENGE),
    ]
    return redirect(_onward(request, outcome.principal.role, wanted), tokens)


def _onward(request: WebRequest, role: Role, wanted: str | None) -> str:
    return request.url(wanted or ("/operator" if role is Role.OPERATOR else "/"))


def _reason(error: UnauthenticatedError) -> LogInRefusal:
    return error.reason if isinstance(error, LogInRefusedError) else LogInRefusal.CREDENTIALS


ROUTES: Mapping[tuple[str, str], Callable[[WebRequest, LogInPorts], dict[str, Any]]] = {
    ("GET", "/login"): _ask,
    ("POST", "/login"): _log_in,
    ("GET", "/login/challenge"): _ask_challenge,
    ("POST", "/login/challenge"): _answer_challenge,
    ("POST", "/logout"): _log_out,
}
