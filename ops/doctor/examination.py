"""The whole examination: the app, the sellers, their numbers, their accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from domain.intake import PlatformSecrets
from domain.tenants import Tenant, TenantStatus, WhatsAppNumber
from ops.audit.progress import counted
from ops.doctor import accounts, numbers, platform, tenants
from ops.doctor.chart import Chart, Said
from ops.doctor.numbers import Instruments
from ops.doctor.report import DoctorReport


@dataclass(frozen=True, slots=True)
class Patient:
    """One deployment."""

    stack: str
    webhook_url: str
    platform_secrets: Callable[[], PlatformSecrets]
    tenants: Sequence[Tenant]
    """Those that are looked at."""
    numbers_of: Callable[[Tenant], Sequence[WhatsAppNumber]]
    number_rows: Callable[[], Iterable[Mapping[str, Any]]]
    """Of all tenants."""
    ask: Instruments
    transport: httpx.BaseTransport | None = None
    """For tests: to the webhook."""


def examine(patient: Patient, tenant: str | None) -> DoctorReport:
    chart = Chart()
    platform.examine(patient.platform_secrets, patient.webhook_url, chart, patient.transport)
    chart.examine("claims", "numbers", lambda: tenants.claimed_once(patient.number_rows(), tenant))
    active = [one for one in patient.tenants if one.status is TenantStatus.ACTIVE]
    with counted("Ask Meta of the sellers", len(active)) as done:
        for one in active:
            _examine_tenant(patient, one, chart)
            done()
    if suspended := len(patient.tenants) - len(active):
        chart.notes.append(f"Suspended, and not looked at: {suspended}")
    return DoctorReport(
        stack=patient.stack,
        checks=chart.checks,
        findings=chart.findings,
        unasked=chart.unasked,
        notes=chart.notes,
    )


def _examine_tenant(patient: Patient, tenant: Tenant, chart: Chart) -> None:
    found: list[WhatsAppNumber] = []

    def has_number() -> Said:
        found.extend(patient.numbers_of(tenant))
        return tenants.has_number(tenant, found)

    chart.examine("number", tenant.tenant_id, has_number)
    opened: dict[str, WhatsAppNumber] = {}
    for number in found:
        if numbers.examine(number, patient.ask, chart):
            opened.setdefault(number.waba_id, number)
    for number in opened.values():
        accounts.examine(number, patient.ask, chart)
