"""What an operator does next, of each secret. What a program cannot do is done in Meta's dashboard."""

from __future__ import annotations

from domain.rotate_platform_secret import GRACE, KeptSecrets
from ops.secrets.report import SecretName, SecretReport

_FIRST = ["Meta, App settings, Basic: show the app secret", "`ai-marketplace secrets rotate app-secret`, and paste it"]
_FINISH = "`ai-marketplace secrets rotate app-secret --finish`"
_DASHBOARD = [
    "Meta, WhatsApp, Configuration: edit the callback, name the same verify token, and save: Meta asks for it at once"
]


def app_secret(kept: KeptSecrets) -> SecretReport:
    return SecretReport(
        secret=SecretName.APP_SECRET,
        empty=not kept.secrets.app_secret,
        rotating=bool(kept.secrets.previous_app_secret),
        since=kept.since,
        next=_next(kept),
    )


def verify_token(kept: KeptSecrets, *, changed: bool = False) -> SecretReport:
    return SecretReport(
        secret=SecretName.VERIFY_TOKEN,
        empty=not kept.secrets.verify_token,
        rotating=False,
        since=kept.since,
        next=_DASHBOARD if changed else [],
    )


def _next(kept: KeptSecrets) -> list[str]:
    if not kept.secrets.app_secret:
        return _FIRST
    if not kept.secrets.previous_app_secret:
        return []
    return [
        "see whether the old one still signs: `ai-marketplace logs --tail --function webhook` tells `accepted` then",
        f"after {kept.since + GRACE:%Y-%m-%d %H:%M} UTC, once it does not: {_FINISH}",
    ]
