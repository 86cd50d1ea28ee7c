"""Use case: a seller comes near to what their plan gives them, or to its end. They are told, once a month each."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from domain.account_alerts import AccountAlert, AlertKind, Severity
from domain.errors import ServiceUnavailableError
from domain.pausing import PausingPorts, tell_alert
from domain.plans import Threshold, threshold_of
from domain.ports_usage import UsageWatch
from domain.tenants import WhatsAppNumber
from domain.usage import month_of

_EVENTS = {Threshold.NEAR: "NEAR_LIMIT", Threshold.REACHED: "LIMIT_REACHED"}
_SEVERITIES = {Threshold.NEAR: Severity.WARNING, Threshold.REACHED: Severity.CRITICAL}


class WatchUsagePorts(PausingPorts, Protocol):
    """Part of the ports of whoever answers."""

    @property
    def usage(self) -> UsageWatch: ...


def watch_usage(number: WhatsAppNumber, now: datetime, ports: WatchUsagePorts) -> Threshold | None:
    """The threshold that the seller's month has come to. Of a seller without limits nothing is read."""
    tenant, month = number.tenant, month_of(now)
    if not tenant.limits.limited:
        return None
    usage = ports.usage.so_far(tenant.tenant_id, month)
    threshold = threshold_of(tenant.limits, usage.counters)
    if threshold is not None and usage.warned.get(threshold) != tenant.plan:
        _warn(number, month, threshold, now, ports)
    return threshold


def _warn(number: WhatsAppNumber, month: str, threshold: Threshold, now: datetime, ports: WatchUsagePorts) -> None:
    tenant = number.tenant
    alert = usage_alert(number, month, threshold, now)
    if not ports.usage.warn(tenant.tenant_id, month, threshold, tenant.plan, alert):
        return
    try:
        tell_alert(alert, ports)
    except ServiceUnavailableError:
        return  # the alert is due, so the sweeper tells it; the customer's answer does not wait for a topic


def usage_alert(number: WhatsAppNumber, month: str, threshold: Threshold, at: datetime) -> AccountAlert:
    tenant = number.tenant
    return AccountAlert(
        alert_id=f"{AlertKind.PLAN_USAGE}-{month}-{tenant.plan}-{threshold:d}",
        tenant_id=tenant.tenant_id,
        kind=AlertKind.PLAN_USAGE,
        severity=_SEVERITIES[threshold],
        at=at,
        waba_id=number.waba_id,
        event=_EVENTS[threshold],
    )
