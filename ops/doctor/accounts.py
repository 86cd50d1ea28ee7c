"""One WhatsApp Business Account: whether its webhooks come to us, and what became of its templates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

from domain.tenants import WhatsAppNumber
from ops.doctor.chart import Chart, Ill, Said
from ops.doctor.numbers import Instruments

_REMEDIES = {
    "REJECTED": "read Meta's reason (`ai-marketplace templates list`), and hand it in changed",
    "PAUSED": "customers blocked or reported it; Meta sends it again after some hours: change it, or send it to fewer",
    "DISABLED": "Meta does not send it any more: make another one",
}


def examine(number: WhatsAppNumber, ask: Instruments, chart: Chart) -> None:
    """`number`: any of the account, whose token Meta takes."""
    subject = f"{number.tenant.tenant_id} account {number.waba_id}"
    chart.examine("webhooks", subject, partial(subscribed, number, ask))
    chart.examine("templates", subject, partial(templates, number, ask))


def subscribed(number: WhatsAppNumber, ask: Instruments) -> Said:
    if not ask.accounts.subscribed_apps(number.waba_id, ask.token(number.access_token_secret)):
        yield Ill(
            "no app is subscribed to it: no message arrives",
            f"`POST /{number.waba_id}/subscribed_apps` at the Graph API, with a token of this app",
        )


def templates(number: WhatsAppNumber, ask: Instruments) -> Said:
    found = ask.templates.read(number, datetime.now(UTC))
    for status, remedy in _REMEDIES.items():
        names: Sequence[str] = sorted(f"{one.name} ({one.language})" for one in found if one.status == status)
        if names:
            yield Ill(f"{status.lower()}: {', '.join(names)}", remedy)
