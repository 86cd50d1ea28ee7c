"""What a seller must know of the account and the numbers that the assistant sends from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from domain.tenants import PhoneNumberId, TenantId


class AlertKind(StrEnum):
    SENDING_PAUSED = "sending_paused"
    """Meta refuses what this number sends, and will until somebody acts: nothing is sent meanwhile."""
    SENDING_RESUMED = "sending_resumed"
    ACCOUNT_UPDATE = "account_update"
    QUALITY_UPDATE = "phone_number_quality_update"
    ACCOUNT_ALERT = "account_alerts"
    PLAN_USAGE = "plan_usage"
    """What the seller's plan gives them in a month is nearly, or wholly, used."""


class Severity(StrEnum):
    CRITICAL = "critical"
    """Answers stay away, or will."""
    WARNING = "warning"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class AccountAlert:
    """One thing to be told. It is stored first and published then, so that a topic that is down loses nothing."""

    alert_id: str
    """Names it among the tenant's: whoever learns of the same thing arrives at the same id."""
    tenant_id: TenantId
    kind: AlertKind
    severity: Severity
    at: datetime
    waba_id: str
    phone_number_id: PhoneNumberId | None = None
    event: str | None = None
    """Meta's own word for what happened; of a plan, ours."""
    code: int | None = None
    """Meta's error code."""
    display_phone_number: str | None = None
    """By which Meta names the number, where it names it so; kept and never published."""


UNKNOWN_EVENT = "UNKNOWN"

_CRITICAL_EVENTS = frozenset(
    {
        "DISABLED_UPDATE",
        "ACCOUNT_RESTRICTION",
        "ACCOUNT_VIOLATION",
        "ACCOUNT_DELETED",
        "ACCOUNT_OFFBOARDED",
        "PARTNER_REMOVED",
        "PARTNER_APP_UNINSTALLED",
    }
)
_WARNING_EVENTS = frozenset({"FLAGGED", "DOWNGRADE"})
_REINSTATED = "REINSTATE"
_SEVERITIES = {"CRITICAL": Severity.CRITICAL, "WARNING": Severity.WARNING}


class Update(Protocol):
    """What a webhook update says of itself (`ports.AccountEvent`)."""

    @property
    def event_id(self) -> str: ...
    @property
    def field(self) -> str: ...
    @property
    def received_at(self) -> datetime: ...
    @property
    def waba_id(self) -> str: ...
    @property
    def value(self) -> Mapping[str, Any]: ...


def alert_of(update: Update, tenant_id: TenantId) -> AccountAlert | None:
    """The alert that one of Meta's webhook updates is, if its field is one of those that sellers are alerted of.

    An update has no id of Meta's. The same one is told once a day: a repetition is silent, a relapse is not.
    """
    if update.field not in {AlertKind.ACCOUNT_UPDATE, AlertKind.QUALITY_UPDATE, AlertKind.ACCOUNT_ALERT}:
        return None
    kind, value = AlertKind(update.field), update.value
    event, severity = _alert_info(value) if kind is AlertKind.ACCOUNT_ALERT else _event(value)
    display = value.get("display_phone_number") if kind is AlertKind.QUALITY_UPDATE else None
    return AccountAlert(
        alert_id=f"{update.event_id}-{update.received_at:%Y-%m-%d}",
        tenant_id=tenant_id,
        kind=kind,
        severity=severity,
        at=update.received_at,
        waba_id=update.waba_id,
        event=event,
        display_phone_number=display if isinstance(display, str) else None,
    )


def _event(value: Mapping[str, Any]) -> tuple[str, Severity]:
    event = _word(value.get("event"))
    ban = value.get("ban_info")
    state = _word(ban.get("waba_ban_state")) if isinstance(ban, dict) else UNKNOWN_EVENT
    if state == _REINSTATED:
        return _REINSTATED, Severity.INFORMATION
    if event in _CRITICAL_EVENTS:
        return event, Severity.CRITICAL
    return event, Severity.WARNING if event in _WARNING_EVENTS else Severity.INFORMATION


def _alert_info(value: Mapping[str, Any]) -> tuple[str, Severity]:
    info = value.get("alert_info")
    info = info if isinstance(info, dict) else {}
    severity = _SEVERITIES.get(_word(info.get("alert_severity")), Severity.INFORMATION)
    return _word(info.get("alert_type")), severity


_MOST_OF_A_WORD = 64


def _word(value: Any) -> str:
    """A word of Meta's as it may be passed on: capitals and underscores, nothing that could name anybody."""
    word = value if isinstance(value, str) and len(value) <= _MOST_OF_A_WORD else ""
    return word if word.replace("_", "").isalpha() and word.isascii() and word.isupper() else UNKNOWN_EVENT
