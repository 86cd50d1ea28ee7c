"""A tenant's settings as forms: what each form changes of the tenant. What is not allowed, the domain refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, time

from domain.errors import InvalidInputError
from domain.opening_hours import WEEKDAYS, OpeningHours, Span
from domain.plans import BeyondPlan
from domain.tenants import ReplyPolicy, Tenant
from domain.waiting import WaitingTimes

Form = Mapping[str, str]
Change = Callable[[Tenant], Tenant]


def general(form: Form) -> Change:
    def changed(tenant: Tenant) -> Tenant:
        return replace(
            tenant,
            name=form.get("name", "").strip(),
            language=form.get("language", ""),
            currency=form.get("currency", "").strip().upper(),
            timezone=form.get("timezone", "").strip(),
            links=_lines(form, "links"),
            opening_hours=replace(tenant.opening_hours, timezone=form.get("timezone", "").strip()),
            beyond_plan=BeyondPlan.PERSON if form.get("beyond_plan") == BeyondPlan.PERSON else BeyondPlan.FALLBACK,
        )

    return changed


def assistant(form: Form) -> Change:
    """Raises `InvalidSettingsError` when it is applied."""

    def changed(tenant: Tenant) -> Tenant:
        return replace(
            tenant,
            replies=ReplyPolicy(thanks="thanks" in form),
            assistant=replace(
                tenant.assistant,
                persona=_one_line(form, "persona"),
                tone=_one_line(form, "tone"),
                languages=tuple(form.get("languages", "").replace(",", " ").lower().split()),
                forbidden_subjects=_lines(form, "forbidden_subjects"),
                order_status_url=form.get("order_status_url", "").strip(),
            ),
        )

    return changed


def escalation(form: Form) -> Change:
    """Raises `InvalidSettingsError` when it is applied."""

    def changed(tenant: Tenant) -> Tenant:
        return replace(
            tenant,
            escalation_keywords=_lines(form, "keywords"),
            assistant=replace(tenant.assistant, escalation_rules=_lines(form, "rules")),
            waiting=WaitingTimes(*(_minutes(form, step) for step in ("reminder", "note", "urgent"))),
        )

    return changed


def hours(form: Form) -> Change:
    """One or two spans a day, as `09:00-13:00, 15:00-18:00`; a day without is closed."""

    def changed(tenant: Tenant) -> Tenant:
        week = {day: spans for day in WEEKDAYS if (spans := _spans(form, day))}
        return replace(tenant, opening_hours=OpeningHours(tenant.timezone, week, _holidays(form)))

    return changed


FORMS: Mapping[str, Callable[[Form], Change]] = {
    "general": general,
    "assistant": assistant,
    "escalation": escalation,
    "hours": hours,
}


def spans_text(spans: tuple[Span, ...]) -> str:
    return ", ".join(f"{span.opens:%H:%M}-{span.closes:%H:%M}" for span in spans)


def _spans(form: Form, day: str) -> tuple[Span, ...]:
    parts = [part.strip().replace("–", "-") for part in form.get(day, "").split(",")]
    return tuple(_span(day, part) for part in parts if part)


def _span(day: str, text: str) -> Span:
    opens, _, closes = text.partition("-")
    try:
        return Span(time.fromisoformat(opens.strip()), time.fromisoformat(closes.strip()))
    except ValueError as error:
        raise InvalidInputError(f"/openingHours/{day}", f"{text!r}: write it as 09:00-18:00") from error


def _holidays(form: Form) -> frozenset[date]:
    try:
        return frozenset(date.fromisoformat(line) for line in _lines(form, "holidays"))
    except ValueError as error:
        raise InvalidInputError("/holidays", "write each as 2026-12-25, on a line of its own") from error


def _minutes(form: Form, step: str) -> int | None:
    text = form.get(step, "").strip()
    if text and not text.isdecimal():
        raise InvalidInputError(f"/waiting/{step}", "whole minutes, or nothing")
    return int(text) if text else None


def _lines(form: Form, name: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in form.get(name, "").splitlines() if line.strip())


def _one_line(form: Form, name: str) -> str:
    return " ".join(form.get(name, "").split())
