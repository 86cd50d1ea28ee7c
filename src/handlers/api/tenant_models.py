"""Tenants and their numbers as the API takes and tells them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Annotated, Any

from pydantic import Field

from domain.opening_hours import WEEKDAYS, OpeningHours, Span
from domain.plans import BeyondPlan
from domain.tenants import ReplyPolicy, Tenant, TenantId, TenantStatus, WhatsAppNumber
from domain.versions import version_of
from domain.waiting import WaitingTimes
from handlers.api.assistant_models import SentAssistant, ToldAssistant
from handlers.api.models import TENANT_ID, Listed, Sent, Told

ClockTime = Annotated[str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["09:00"])]
Day = Annotated[str, Field(pattern=f"^({'|'.join(WEEKDAYS)})$")]
Minutes = Annotated[int | None, Field(ge=1, le=10_080)]
Text = Annotated[str, Field(min_length=1, max_length=500)]
MetaId = Annotated[str, Field(pattern="^[0-9]{5,25}$")]


class SentSpan(Sent):
    opens: ClockTime
    closes: ClockTime


class SentWaiting(Sent):
    """Minutes from a hand-over to each step, in opening hours. Null: not done."""

    reminder: Minutes
    note: Minutes
    urgent: Minutes


class SentReplies(Sent):
    thanks: bool
    """Whether who thanks after an answer is told that they are welcome. Each message that is sent is charged."""


class Settings(Sent):
    """What is to change; what is left out stays, and lists are replaced as a whole."""

    name: Annotated[str, Field(min_length=1, max_length=100)] = "x"
    language: Annotated[str, Field(pattern="^[a-z]{2}$")] = "en"
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "USD"
    timezone: Annotated[str, Field(min_length=1, max_length=60)] = "UTC"
    escalation_keywords: Annotated[list[Text], Field(max_length=100)] = Field(default_factory=list)
    """Words that call a person."""
    opening_hours: Annotated[dict[Day, list[SentSpan]], Field(max_length=7)] = Field(default_factory=dict)
    """Of the people; the assistant answers at any hour. No day at all: always open."""
    holidays: Annotated[list[Annotated[date, Field(strict=False)]], Field(max_length=400)] = Field(default_factory=list)
    waiting: SentWaiting = SentWaiting(reminder=15, note=30, urgent=120)
    replies: SentReplies = SentReplies(thanks=False)
    links: Annotated[list[Text], Field(max_length=50)] = Field(default_factory=list)
    """The seller's own pages, which the assistant may name beside those of products."""
    beyond_plan: Annotated[BeyondPlan, Field(strict=False)] = BeyondPlan.FALLBACK
    """Who answers once the month's plan is used up."""

    assistant: SentAssistant = SentAssistant()

    def applied_to(self, tenant: Tenant) -> Tenant:
        sent = self.model_fields_set
        plain = {name: getattr(self, name) for name in ("name", "language", "currency", "timezone") if name in sent}
        made: dict[str, Any] = {
            "escalation_keywords": lambda: tuple(self.escalation_keywords),
            "waiting": lambda: WaitingTimes(**self.waiting.model_dump()),
            "replies": lambda: ReplyPolicy(thanks=self.replies.thanks),
            "links": lambda: tuple(self.links),
            "beyond_plan": lambda: self.beyond_plan,
            "assistant": lambda: self.assistant.applied_to(tenant.assistant),
        }
        changed = replace(tenant, **plain, **{name: make() for name, make in made.items() if name in sent})
        return replace(changed, opening_hours=self._hours(tenant.opening_hours, changed.timezone))

    def _hours(self, before: OpeningHours, timezone: str) -> OpeningHours:
        week: Mapping[str, tuple[Span, ...]] = before.week
        if "opening_hours" in self.model_fields_set:
            week = {
                day: tuple(Span(time.fromisoformat(span.opens), time.fromisoformat(span.closes)) for span in spans)
                for day, spans in self.opening_hours.items()
            }
        holidays = frozenset(self.holidays) if "holidays" in self.model_fields_set else before.holidays
        return OpeningHours(timezone, week, holidays) if week else replace(before, week={}, holidays=holidays)


class NewTenant(Settings):
    id: Annotated[str, Field(pattern=TENANT_ID)]
    name: Annotated[str, Field(min_length=1, max_length=100)]
    plan: Annotated[str, Field(pattern="^[a-z0-9-]{1,40}$")] = "standard"

    def tenant(self) -> Tenant:
        return self.applied_to(Tenant(TenantId(self.id), name=self.name, plan=self.plan))


class ToldSpan(Told):
    opens: str
    closes: str


class ToldWaiting(Told):
    reminder: int | None
    note: int | None
    urgent: int | None


class ToldReplies(Told):
    thanks: bool


class ToldTenant(Told):
    id: str
    name: str
    status: TenantStatus
    plan: str
    language: str
    currency: str
    timezone: str
    escalation_keywords: list[str]
    opening_hours: dict[str, list[ToldSpan]]
    holidays: list[date]
    waiting: ToldWaiting
    replies: ToldReplies
    links: list[str]
    beyond_plan: BeyondPlan
    assistant: ToldAssistant
    version: str
    """What `If-Match` takes; also the `ETag`."""


class TenantSummary(Told):
    id: str
    name: str
    status: TenantStatus
    plan: str


class TenantList(Listed):
    items: list[TenantSummary]


class TenantChange(Sent):
    """By an operator."""

    status: Annotated[TenantStatus | None, Field(strict=False)] = None
    plan: Annotated[str | None, Field(pattern="^[a-z0-9-]{1,40}$")] = None


class NewNumber(Sent):
    waba_id: MetaId
    """The WhatsApp Business Account."""
    access_token: Annotated[str, Field(pattern="^[!-~]{8,1000}$", json_schema_extra={"writeOnly": True})]
    """Kept in a secret, and never told again."""
    catalog_id: MetaId | None = None


class ToldPause(Told):
    at: datetime
    code: int | None
    title: str
    """Meta's own words."""


class ToldNumber(Told):
    phone_number_id: str
    waba_id: str
    display_phone_number: str
    catalog_id: str | None
    sending_pause: ToldPause | None
    """While it stands, nothing is sent from this number."""
    quality: str
    """Meta's newest word on it, as GREEN or FLAGGED; empty where there was none yet."""


class NumberList(Told):
    items: list[ToldNumber]


def told_tenant(tenant: Tenant) -> ToldTenant:
    hours = tenant.opening_hours
    return ToldTenant(
        id=tenant.tenant_id,
        name=tenant.name,
        status=tenant.status,
        plan=tenant.plan,
        language=tenant.language,
        currency=tenant.currency,
        timezone=tenant.timezone,
        escalation_keywords=list(tenant.escalation_keywords),
        opening_hours={
            day: [ToldSpan(opens=f"{one.opens:%H:%M}", closes=f"{one.closes:%H:%M}") for one in hours.week[day]]
            for day in WEEKDAYS
            if day in hours.week
        },
        holidays=sorted(hours.holidays),
        waiting=ToldWaiting.model_validate(tenant.waiting),
        replies=ToldReplies.model_validate(tenant.replies),
        links=list(tenant.links),
        beyond_plan=tenant.beyond_plan,
        assistant=ToldAssistant.model_validate(tenant.assistant),
        version=version_of(tenant),
    )


def summary(tenant: Tenant) -> TenantSummary:
    return TenantSummary(id=tenant.tenant_id, name=tenant.name, status=tenant.status, plan=tenant.plan)


def told_number(number: WhatsAppNumber) -> ToldNumber:
    return ToldNumber.model_validate(number)
