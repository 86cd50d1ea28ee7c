"""What the operator's pages say of states, causes and amounts."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from domain.account_alerts import AlertKind, Severity
from domain.costs import Costs
from domain.plans import BeyondPlan, Measure, Standing, Threshold
from domain.statements import Section
from pages.formats import Formats
from pages.translations import N_

SEVERITIES: Mapping[Severity, tuple[str, str, str]] = {
    Severity.CRITICAL: (N_("Critical"), "bad", "circle-alert"),
    Severity.WARNING: (N_("Warning"), "warn", "triangle-alert"),
    Severity.INFORMATION: (N_("Healthy"), "good", "circle-check"),
}
"""Words, tone and symbol."""

KINDS: Mapping[AlertKind, str] = {
    AlertKind.ACCOUNT_UPDATE: N_("Account"),
    AlertKind.QUALITY_UPDATE: N_("Quality of a number"),
    AlertKind.ACCOUNT_ALERT: N_("Notice of Meta"),
}

BEYOND: Mapping[BeyondPlan, str] = {
    BeyondPlan.FALLBACK: N_("Beyond the plan the catalogue assistant answers, without a model."),
    BeyondPlan.PERSON: N_("Beyond the plan the seller's people answer."),
}

THRESHOLDS: Mapping[Threshold, tuple[str, str]] = {
    Threshold.NEAR: (N_("Plan nearly used"), "warn"),
    Threshold.REACHED: (N_("Plan used up"), "bad"),
}

SECTIONS: Mapping[Section, str] = {
    Section.MESSAGES: N_("Messages of customers"),
    Section.REPLIES: N_("Replies and people"),
    Section.META: N_("Charged by Meta"),
    Section.FREE: N_("Not charged by Meta"),
    Section.MODEL: N_("Language model"),
    Section.FAILED: N_("Not delivered, by Meta's code"),
}


def dollars(micro_usd: int | None, formats: Formats) -> str:
    """A dash where nobody knows. Of less than a dollar, tenths of a cent."""
    if micro_usd is None:
        return "–"
    amount = Decimal(micro_usd) / 1_000_000
    if amount and abs(amount) < 1:
        return f"${formats.number(amount.quantize(Decimal('0.001')))}"
    return formats.amount(amount, "USD")


def cost_of(costs: Costs, formats: Formats) -> str:
    """What is known; with a mark where there is more that is not."""
    return dollars(costs.known, formats) + (" +" if costs.unpriced else "")


def used_of(standing: Standing, formats: Formats) -> str:
    if standing.measure is Measure.MICRO_USD:
        return f"{dollars(standing.used, formats)} / {dollars(standing.limit, formats)}"
    return f"{formats.number(standing.used)} / {formats.number(standing.limit)}"
