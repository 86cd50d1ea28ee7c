"""Use case: a number cannot send until somebody acts, or can again.

Meta's refusal of a call is what pauses a number: every further call would be refused alike, and is not made. Messages
are received, stored and counted as before; whoever waits for an answer gets a person.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from domain.account_alerts import AccountAlert, AlertKind, Severity
from domain.errors import ServiceUnavailableError
from domain.ports import AccessTokens, AccountAlerts, NumberStates
from domain.tenants import SendingPause, TenantId, WhatsAppNumber

if TYPE_CHECKING:
    from domain.audit_trail import AuditEntry

PAUSING_CODES = frozenset(
    {0, 3, 10, 190, *range(200, 300), 368, 131005, 131031, 131037, 131042, 131045, 131048, 130497, 133010}
)
"""Meta's codes for what is wrong with the token, the account or the number, and not with one message."""

TOKEN_CODES = frozenset({0, 190})
"""Those of them that a new access token mends."""


class PausingPorts(Protocol):
    """Part of the ports of every use case that learns whether a number can send."""

    @property
    def number_states(self) -> NumberStates: ...
    @property
    def account_alerts(self) -> AccountAlerts: ...


def pause_sending(number: WhatsAppNumber, pause: SendingPause, ports: PausingPorts) -> AccountAlert | None:
    """Marks the number, unless it is. Of all workers that learn of it one is given the alert, to `tell_alert`."""
    return ports.number_states.pause(number.tenant.tenant_id, number, pause)


def resume_sending(number: WhatsAppNumber, at: datetime, ports: PausingPorts, entry: AuditEntry | None = None) -> bool:
    """Takes this very pause off the number and tells so; False where it holds no longer."""
    alert = ports.number_states.resume(number.tenant.tenant_id, number, at, entry)
    if alert is None:
        return False
    tell_alert(alert, ports)
    return True


def tell_alert(alert: AccountAlert, ports: PausingPorts) -> None:
    """What is stored is told; until then its row is due."""
    ports.account_alerts.publish(alert)
    ports.number_states.told(alert.tenant_id, alert)


def tell_pending(tenant_id: TenantId, alert_id: str, ports: PausingPorts) -> bool:
    """Tells an alert if that is still to be done."""
    alert = ports.number_states.pending(tenant_id, alert_id)
    if alert is None:
        return False
    tell_alert(alert, ports)
    return True


def token_replaced(number: WhatsAppNumber, access_tokens: AccessTokens) -> bool:
    """Whether the token that Meta refused is no longer the number's: then it may send again."""
    pause = number.sending_pause
    if pause is None or pause.code not in TOKEN_CODES or pause.token_fingerprint is None:
        return False
    try:
        return access_tokens.fingerprint(number.access_token_secret) != pause.token_fingerprint
    except ServiceUnavailableError:
        return False  # nothing is known, so nothing has changed


def paused_alert(tenant_id: TenantId, number: WhatsAppNumber, pause: SendingPause) -> AccountAlert:
    return _alert(AlertKind.SENDING_PAUSED, Severity.CRITICAL, tenant_id, number, pause, pause.at)


def resumed_alert(tenant_id: TenantId, number: WhatsAppNumber, at: datetime) -> AccountAlert:
    return _alert(AlertKind.SENDING_RESUMED, Severity.INFORMATION, tenant_id, number, number.sending_pause, at)


def _alert(  # noqa: PLR0913, PLR0917 (the parts of an alert)
    kind: AlertKind,
    severity: Severity,
    tenant_id: TenantId,
    number: WhatsAppNumber,
    pause: SendingPause | None,
    at: datetime,
) -> AccountAlert:
    return AccountAlert(
        alert_id=f"{kind}-{number.phone_number_id}-{at:%Y%m%dT%H%M%S%fZ}",
        tenant_id=tenant_id,
        kind=kind,
        severity=severity,
        at=at,
        waba_id=number.waba_id,
        phone_number_id=number.phone_number_id,
        code=pause.code if pause else None,
    )
