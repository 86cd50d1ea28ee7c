"""Sellers and the WhatsApp numbers that they own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from domain.assistant_settings import USUAL_ASSISTANT, AssistantSettings
from domain.opening_hours import ALWAYS_OPEN, OpeningHours
from domain.plans import UNLIMITED, BeyondPlan, PlanLimits
from domain.waiting import USUAL_TIMES, WaitingTimes

TenantId = NewType("TenantId", str)
"""Matches ``^[a-z0-9-]{3,40}$``, so that it can stand in a composite key and in a secret's name."""

PhoneNumberId = NewType("PhoneNumberId", str)
"""Meta's id of a business phone number, not the number itself."""


class TenantStatus(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class ReplyPolicy:
    """What a seller pays for beyond answers: each message that is sent is charged."""

    thanks: bool = False
    """Whether who thanks, or sends an emoji, after an answer is told that they are welcome."""


ANSWERS_ALONE = ReplyPolicy()


@dataclass(frozen=True, slots=True)
class Tenant:
    tenant_id: TenantId
    name: str
    status: TenantStatus = TenantStatus.ACTIVE
    language: str = "en"
    """ISO 639-1; used where the customer's own words do not tell a language."""
    currency: str = "USD"
    timezone: str = "UTC"
    plan: str = "standard"
    limits: PlanLimits = UNLIMITED
    """As the plan gave them when the seller was put on it."""
    beyond_plan: BeyondPlan = BeyondPlan.FALLBACK
    escalation_keywords: tuple[str, ...] = ()
    opening_hours: OpeningHours = ALWAYS_OPEN
    """Of the people; the assistant answers at any hour."""
    waiting: WaitingTimes = USUAL_TIMES
    replies: ReplyPolicy = ANSWERS_ALONE
    links: tuple[str, ...] = ()
    """The seller's own pages, which the assistant may name beside those of products."""
    assistant: AssistantSettings = USUAL_ASSISTANT


@dataclass(frozen=True, slots=True)
class SendingPause:
    """Why nothing is sent from a number: Meta refused a call in a way that every other call would meet."""

    at: datetime
    code: int | None
    title: str
    """Meta's own words."""
    token_fingerprint: str | None = None
    """Of the access token with which the call was made."""


@dataclass(frozen=True, slots=True)
class WhatsAppNumber:
    """One business phone number, with the tenant that owns it."""

    tenant: Tenant
    phone_number_id: PhoneNumberId
    waba_id: str
    display_phone_number: str
    access_token_secret: str
    """Name of the secret that holds the access token; the token itself is read only where a call needs it."""
    catalog_id: str | None = None
    sending_pause: SendingPause | None = None
    """While it stands, no call is made from this number."""
    quality: str = ""
    """Meta's newest word on it: a rating as when it was connected, or what happened to it since. Empty: none yet."""

    @property
    def active(self) -> bool:
        return self.tenant.status is TenantStatus.ACTIVE
