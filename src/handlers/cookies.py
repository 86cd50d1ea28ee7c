"""The cookies of the pages: out of reach for scripts, and for every other site."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from typing import Any

from domain.log_in import Challenge, ChallengeKind
from handlers.rest_api import WebRequest

ACCESS, REFRESH, CHALLENGE = "access", "refresh", "challenge"

REFRESH_SECONDS = 7 * 24 * 3600
"""As long as the user pool's refresh tokens hold (template.yaml)."""
CHALLENGE_SECONDS = 10 * 60
"""As long as the user pool waits for an answer (template.yaml)."""

LARGEST_BYTES = 4096
"""Of one cookie, name and value: what browsers promise to keep (RFC 6265, 6.1)."""


def cookie(request: WebRequest, name: str) -> str | None:
    return request.cookies.get(_full(request, name)) or None


def set_cookie(request: WebRequest, name: str, value: str, seconds: int) -> str:
    """The value of a Set-Cookie header. Sent with links from elsewhere (Lax), but not with forms from there."""
    secure = "; Secure" if _is_secure(request) else ""
    return f"{_full(request, name)}={value}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Lax{secure}"


def clear(request: WebRequest, *names: str) -> list[str]:
    return [set_cookie(request, name, "", 0) for name in names]


def challenge_value(challenge: Challenge) -> str:
    """Unsigned: it is the user pool that gave the session, and that checks it."""
    return base64.urlsafe_b64encode(json.dumps(asdict(challenge), separators=(",", ":")).encode()).decode().rstrip("=")


def challenge_of(request: WebRequest) -> Challenge | None:
    value = cookie(request, CHALLENGE) or ""
    try:
        held: Any = json.loads(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)))
        return Challenge(ChallengeKind(held["kind"]), str(held["username"]), str(held["session"]))
    except (ValueError, KeyError, TypeError):
        return None


def _full(request: WebRequest, name: str) -> str:
    """`__Host-` binds a cookie to this very host. Browsers take it over TLS alone, which the local stack has not."""
    return f"__Host-{name}" if _is_secure(request) else name


def _is_secure(request: WebRequest) -> bool:
    return request.origin.startswith("https://")
