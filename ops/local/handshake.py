"""Meta's own first call: it proves the way from the front through the function to the secret."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from ops.stack_file import StackFile

_SECONDS = 30
_SHOWN = 200


def shake(stack: StackFile) -> str:
    """Empty if the webhook answers as Meta wants it to, else what it said instead."""
    challenge = str(secrets.randbelow(10**9))
    try:
        answer = httpx.get(
            stack.webhook_url,
            params={"hub.mode": "subscribe", "hub.verify_token": stack.verify_token, "hub.challenge": challenge},
            timeout=_SECONDS,
            trust_env=False,
        )
    except httpx.HTTPError as error:
        return f"nothing ({type(error).__name__})"
    return "" if answer.text == challenge else f"{answer.status_code} {answer.text[:_SHOWN].strip()}"
