"""Who looks at a page, and whether it is one of our pages that asks for a change.

    require_same_origin(request)
    session = session_of(request, services.identity)
    … with_cookies(response, session.cookies)

`UnauthenticatedError` from here becomes `to_log_in(request)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from domain.access import Principal
from domain.errors import ForbiddenError, LogInRefusedError, UnauthenticatedError
from domain.identify import IdentifyPorts, identify
from domain.log_in import Sessions
from handlers.cookies import ACCESS, REFRESH, cookie, set_cookie
from handlers.rest_api import WebRequest, answer, redirect

_READING = {"GET", "HEAD"}
ACCESS_SECONDS = 15 * 60
"""As long as the user pool's access tokens hold (template.yaml)."""
_LONGEST_NEXT = 1000


class SessionPorts(IdentifyPorts, Protocol):
    @property
    def sessions(self) -> Sessions: ...


@dataclass(frozen=True, slots=True)
class PageSession:
    principal: Principal
    access_token: str
    cookies: Sequence[str] = ()
    """Set-Cookie values that belong on the answer: of a token that was got on the way."""


def session_of(request: WebRequest, ports: SessionPorts) -> PageSession:
    """By the access token; by the refresh token where that has run out, which the person does not notice.

    Raises `UnauthenticatedError`.
    """
    access, refresh, now = cookie(request, ACCESS), cookie(request, REFRESH), datetime.now(UTC)
    if access:
        try:
            return PageSession(identify(access, now=now, ports=ports), access)
        except UnauthenticatedError:
            if not refresh:
                raise
    if not refresh:
        raise UnauthenticatedError("nobody is logged in")
    renewed = ports.sessions.refresh(refresh)
    principal = identify(renewed, now=now, ports=ports)
    return PageSession(principal, renewed, (set_cookie(request, ACCESS, renewed, ACCESS_SECONDS),))


def require_same_origin(request: WebRequest) -> None:
    """Raises `ForbiddenError` for a change that another site asks for with our visitor's cookies.

    Browsers say where a POST comes from, and no script can make them say otherwise: so no token has to stand in forms.
    """
    if request.method in _READING:
        return
    told = request.headers.get("sec-fetch-site", "same-origin")
    if told != "same-origin" or request.headers.get("origin") != request.origin:
        raise ForbiddenError("this does not come from one of our own pages")


def to_log_in(request: WebRequest, error: UnauthenticatedError | None = None) -> dict[str, Any]:
    """And back to the page that was asked for. htmx is told to leave the page, not to put the log-in into it."""
    if isinstance(error, LogInRefusedError) and error.reason == "too_often":
        return answer(HTTPStatus.TOO_MANY_REQUESTS, "too many requests; try again in a minute", "text/plain")
    wanted = request.path + (f"?{urlencode(request.query)}" if request.query else "")
    back = f"?next={quote(wanted, safe='')}" if request.method in _READING and wanted != "/" else ""
    location = request.url(f"/login{back}")
    if "hx-request" in request.headers:
        return answer(HTTPStatus.UNAUTHORIZED, "", "text/plain", {"hx-redirect": request.url("/login")})
    return redirect(location)


def safe_next(wanted: str | None) -> str | None:
    """A page of ours to go on to; None for whatever could lead elsewhere."""
    if not wanted or len(wanted) > _LONGEST_NEXT or not wanted.isprintable() or "\\" in wanted:
        return None
    return wanted if wanted.startswith("/") and not wanted.startswith("//") else None
