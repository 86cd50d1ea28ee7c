"""How the domain's closed sets are said to people. Marked here, translated where they are shown."""

from __future__ import annotations

from collections.abc import Mapping

from domain.access import Role
from domain.conversations import Owner
from domain.escalations import EscalationReason
from domain.import_jobs import ImportState
from domain.media import MediaKind, MediaRefusal
from domain.opt_out import Category
from domain.ownership import ASSISTANT, CUSTOMER, PHONE_APP, Change
from domain.plans import Measure
from pages.translations import N_

ROLES: Mapping[Role, str] = {
    Role.OPERATOR: N_("Operator"),
    Role.TENANT_ADMIN: N_("Admin"),
    Role.TENANT_AGENT: N_("Agent"),
}

OWNERS: Mapping[Owner, str] = {
    Owner.ASSISTANT: N_("Assistant"),
    Owner.WAITING: N_("Waiting"),
    Owner.PERSON: N_("Person"),
}

REASONS: Mapping[EscalationReason, str] = {
    EscalationReason.PERSON_REQUESTED: N_("Asked for a person"),
    EscalationReason.TENANT_KEYWORD: N_("Used one of your keywords"),
    EscalationReason.ORDER: N_("Sent an order"),
    EscalationReason.COMPLAINT: N_("Complained"),
    EscalationReason.NO_ANSWER: N_("The assistant had no truthful answer"),
    EscalationReason.NOT_GROUNDED: N_("The catalogue did not prove the answer"),
    EscalationReason.SEND_FAILED: N_("WhatsApp refused the answer"),
    EscalationReason.REPLY_UNCERTAIN: N_("It is unclear whether the answer arrived"),
    EscalationReason.WINDOW_CLOSED: N_("The 24-hour window closed before the answer"),
    EscalationReason.UNANSWERED: N_("The message waited too long"),
    EscalationReason.NUMBER_PAUSED: N_("Sending from your number is paused"),
    EscalationReason.PLAN_LIMIT: N_("The month's plan is used up"),
    EscalationReason.TOO_MANY_MESSAGES: N_("Writes more than a person does"),
}

MEDIA: Mapping[MediaKind, str] = {
    MediaKind.IMAGE: N_("Picture"),
    MediaKind.VIDEO: N_("Video"),
    MediaKind.AUDIO: N_("Voice message"),
    MediaKind.DOCUMENT: N_("Document"),
    MediaKind.STICKER: N_("Sticker"),
}

MEDIA_REFUSALS: Mapping[MediaRefusal, str] = {
    MediaRefusal.FOREIGN_HOST: N_("It was not on WhatsApp's servers, so it was not fetched"),
    MediaRefusal.TOO_LARGE: N_("It is too large"),
    MediaRefusal.TYPE_NOT_ACCEPTED: N_("Files of this type are not accepted"),
    MediaRefusal.TYPE_MISMATCH: N_("It is not what it says it is, so it was not kept"),
    MediaRefusal.DAMAGED: N_("It arrived damaged"),
    MediaRefusal.GONE: N_("WhatsApp no longer has it"),
    MediaRefusal.EXPIRED: N_("WhatsApp kept it for seven days, and it could not be fetched in that time"),
}

CHANGES: Mapping[str, str] = {
    Change.HANDED_OVER: N_("%(name)s called a person"),
    Change.TAKEN_OVER: N_("%(name)s took it over"),
    Change.HANDED_BACK: N_("%(name)s handed it back to the assistant"),
    Change.RESOLVED: N_("%(name)s resolved it"),
    Change.REOPENED: N_("%(name)s wrote again, and it is open"),
}

SOMEBODY = N_("Somebody")
ACTORS: Mapping[str, str] = {
    ASSISTANT: N_("The assistant"),
    CUSTOMER: N_("The customer"),
    PHONE_APP: N_("Somebody on the phone"),
}
"""By whom a change was made, where that is nobody who logs in."""

CATEGORIES: Mapping[str, str] = {
    Category.MARKETING: N_("Marketing"),
    Category.UTILITY: N_("Utility"),
    Category.AUTHENTICATION: N_("Authentication"),
}
"""Meta's categories of templates."""

WEEKDAYS: Mapping[str, str] = {
    "mon": N_("Monday"),
    "tue": N_("Tuesday"),
    "wed": N_("Wednesday"),
    "thu": N_("Thursday"),
    "fri": N_("Friday"),
    "sat": N_("Saturday"),
    "sun": N_("Sunday"),
}

IMPORT_STATES: Mapping[ImportState, str] = {
    ImportState.AWAITING_FILE: N_("No file yet"),
    ImportState.WAITING: N_("Waits its turn"),
    ImportState.RUNNING: N_("Running"),
    ImportState.DONE: N_("Done"),
    ImportState.FAILED: N_("Failed"),
}

PRICING_CATEGORIES: Mapping[str, str] = {
    "authentication": N_("Authentication"),
    "authentication_international": N_("International authentication"),
    "marketing": N_("Marketing"),
    "marketing_lite": N_("Marketing lite"),
    "referral_conversion": N_("Behind an ad or a button"),
    "service": N_("Service"),
    "utility": N_("Utility"),
}
"""Of Meta's prices; the others are shown as Meta names them."""

MEASURES: Mapping[Measure, str] = {
    Measure.REPLIES: N_("Replies"),
    Measure.TOKENS: N_("Tokens of language models"),
    Measure.MICRO_USD: N_("Money for language models"),
}
