"""What needs somebody, seller by seller, the worst first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.account_alerts import Severity
from domain.plans import Threshold
from domain.tenants_overview import TenantLine
from pages.operator_words import KINDS, THRESHOLDS
from pages.translations import translations
from pages.visit import Visit

_ORDER = (Severity.CRITICAL, Severity.WARNING, Severity.INFORMATION)


@dataclass(frozen=True, slots=True)
class ShownAlert:
    tenant_id: str
    tenant: str
    severity: Severity
    subject: str
    text: str
    at: str


@dataclass(frozen=True, slots=True)
class AlertsPage:
    alerts: Sequence[ShownAlert]
    more: str
    first: bool


def alerts_page(lines: Sequence[TenantLine], visit: Visit, *, more: str, first: bool) -> AlertsPage:
    alerts = [alert for line in lines for alert in _alerts(line, visit)]
    return AlertsPage(sorted(alerts, key=lambda alert: _ORDER.index(alert.severity)), more, first)


def _alerts(line: TenantLine, visit: Visit) -> Iterator[ShownAlert]:
    said, tenant = translations(visit.language).gettext, line.tenant

    def alert(severity: Severity, subject: str, text: str, at: str = "") -> ShownAlert:
        return ShownAlert(tenant.tenant_id, tenant.name, severity, subject, text, at)

    for number, code in line.health.paused.items():
        text = said("Meta refuses what this number sends: code %(code)s") % {"code": code or "–"}
        yield alert(Severity.CRITICAL, said("Number %(number)s is paused") % {"number": number}, text)
    for kind, word in line.health.words.items():
        yield alert(word.severity, said(KINDS[kind]), word.event, visit.formats.moment(word.at))
    for name, status in line.health.templates.items():
        yield alert(Severity.WARNING, said("Template %(name)s") % {"name": name}, status)
    if line.threshold is not None:
        severity = Severity.CRITICAL if line.threshold is Threshold.REACHED else Severity.WARNING
        yield alert(severity, said(THRESHOLDS[line.threshold][0]), tenant.plan)
