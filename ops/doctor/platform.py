"""The Meta app's secret, and the webhook that lives by it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

import httpx

from domain.errors import MarketplaceError
from domain.intake import PlatformSecrets
from ops.doctor.chart import Chart, Ill, Said, Untold, why
from ops.local.handshake import asked, new_challenge

_WRONG_TOKEN = "not-the-verify-token"  # noqa: S105 (that is the point of it)


def examine(
    read: Callable[[], PlatformSecrets], webhook_url: str, chart: Chart, transport: httpx.BaseTransport | None = None
) -> None:
    try:
        secrets = read()
    except MarketplaceError as error:
        reason = why(error)
        chart.examine("platform secret", "Meta app", lambda: [Untold(reason)])
    else:
        chart.examine("app secret", "Meta app", lambda: app_secret(secrets))
        chart.examine("rotation", "Meta app", lambda: rotation(secrets))
        chart.examine("verify token", "Meta app", lambda: verify_token(secrets))
        if secrets.verify_token:
            chart.examine("handshake", "webhook", lambda: handshake(webhook_url, secrets.verify_token, transport))
    chart.examine("wrong verify token", "webhook", lambda: refusal(webhook_url, transport))


def app_secret(secrets: PlatformSecrets) -> Said:
    if not secrets.app_secret:
        yield Ill(
            "empty: every webhook of Meta's is refused",
            "`ai-marketplace secrets rotate app-secret`, with what Meta shows under App settings, Basic",
        )


def rotation(secrets: PlatformSecrets) -> Said:
    if secrets.previous_app_secret:
        yield Ill(
            "the previous app secret is still accepted",
            "once Meta signs with the new one: `ai-marketplace secrets rotate app-secret --finish`",
        )


def verify_token(secrets: PlatformSecrets) -> Said:
    if not secrets.verify_token:
        yield Ill(
            "empty: Meta cannot verify the webhook",
            "`ai-marketplace secrets rotate verify-token`, with a long random word, and the same at Meta",
        )


def handshake(webhook_url: str, token: str, transport: httpx.BaseTransport | None = None) -> Said:
    challenge = new_challenge()
    answer = _answer(webhook_url, token, challenge, transport)
    if isinstance(answer, Untold):
        yield answer
    elif not answer.is_success or answer.text != challenge:
        yield Ill(
            f"HTTP {answer.status_code} and not the challenge",
            "after a change, wait five minutes; else see `ai-marketplace logs --function webhook`",
        )


def refusal(webhook_url: str, transport: httpx.BaseTransport | None = None) -> Said:
    challenge = new_challenge()
    answer = _answer(webhook_url, _WRONG_TOKEN, challenge, transport)
    if isinstance(answer, Untold):
        yield answer
    elif answer.is_success or challenge in answer.text:
        yield Ill("it is accepted: anybody may claim the webhook", "deploy the webhook anew: `ai-marketplace audit`")
    elif answer.status_code != HTTPStatus.FORBIDDEN:
        yield Untold(f"HTTP {answer.status_code} in place of 403")


def _answer(
    webhook_url: str, token: str, challenge: str, transport: httpx.BaseTransport | None
) -> httpx.Response | Untold:
    try:
        return asked(webhook_url, token, challenge, transport)
    except httpx.HTTPError as error:
        return Untold(f"the webhook gave no answer from here ({type(error).__name__})")
