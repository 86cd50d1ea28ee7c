"""The way back in for who has forgotten their password: a code by e-mail, and a new one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from domain.errors import LogInRefusedError
from domain.log_in import PasswordResets, checked_code
from handlers.log_in_views import forgot_page, log_in_page, reset_page
from handlers.page_sessions import require_same_origin
from handlers.rest_api import WebRequest


class PasswordPorts(Protocol):
    @property
    def password_resets(self) -> PasswordResets: ...


def _forgot(request: WebRequest, _: PasswordPorts) -> dict[str, Any]:
    return forgot_page(request)


def _ask(request: WebRequest, ports: PasswordPorts) -> dict[str, Any]:
    """Known or not, everybody comes to the same next page."""
    require_same_origin(request)
    email = request.form.get("email", "").strip()
    try:
        ports.password_resets.ask(email)
    except LogInRefusedError as error:
        return forgot_page(request, error.reason)
    return reset_page(request, email)


def _reset(request: WebRequest, ports: PasswordPorts) -> dict[str, Any]:
    require_same_origin(request)
    form = request.form
    email = form.get("email", "").strip()
    try:
        ports.password_resets.reset(email, checked_code(form.get("code", "")), form.get("password", ""))
    except LogInRefusedError as error:
        return reset_page(request, email, error.reason)
    return log_in_page(request, None, email, changed=True)


ROUTES: Mapping[tuple[str, str], Callable[[WebRequest, PasswordPorts], dict[str, Any]]] = {
    ("GET", "/login/forgot"): _forgot,
    ("POST", "/login/forgot"): _ask,
    ("POST", "/login/reset"): _reset,
}
