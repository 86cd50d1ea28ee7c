"""Meta's own first call: it proves the way from the front through the function to the secret."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from ops.stack_file import StackFile

_SECONDS = 60
_SHOWN = 200


def shake(stack: StackFile) -> str:
    """Empty if the webhook answers as Meta wants it to, else what it said instead."""
    challenge = new_challenge()
    try:
        answer = asked(stack.webhook_url, stack.verify_token, challenge)
    except httpx.HTTPError as error:
        return f"nothing ({type(error).__name__})"
    return "" if answer.text == challenge else f"{answer.status_code} {answer.text[:_SHOWN].strip()}"


def new_challenge() -> str:
    return str(secrets.randbelow(10**9))


def asked(
    webhook_url: str, verify_token: str, challenge: str, transport: httpx.BaseTransport | None = None
) -> httpx.Response:
    """Raises `httpx.HTTPError` where there is no answer."""
    with httpx.Client(timeout=_SECONDS, trust_env=False, transport=transport) as http:
        parameters = {"hub.mode": "subscribe", "hub.verify_token": verify_token, "hub.challenge": challenge}
        return http.get(webhook_url, params=parameters)
