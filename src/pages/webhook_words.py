"""What is said of a seller's own webhook: what goes to it, and why it did not take it."""

from __future__ import annotations

from collections.abc import Mapping

from domain.errors import InvalidInputError, MarketplaceError
from domain.tenant_webhooks import TEST, EventKind
from pages.refusals import why
from pages.translations import N_, translations
from pages.visit import Visit

KINDS: Mapping[str, str] = {
    EventKind.ESCALATION: N_("A person is called"),
    EventKind.HANDOFF: N_("A conversation changes hands"),
    EventKind.ACCOUNT_ALERT: N_("Something is wrong with your account or a number"),
    TEST: N_("Test"),
}

_FAILURES: Mapping[str, str] = {
    "timeout": N_("It did not answer in time"),
    "no_connection": N_("Nothing answers there, or its certificate is not valid"),
    "not_public": N_("Its name leads to an address that is not public"),
}
_STATUS = N_("It answered %(status)s, not 2xx")
_HTTP = "http_"

_FIELDS: Mapping[str, str] = {
    "/url": N_(
        "Enter an address that begins with https:// and a public name, on port 443: https://shop.example/events"
    ),
    "/events": N_("Choose at least one kind of event."),
    "/sure": N_("Say that you are sure: tick the box."),
}


def failure(word: str, language: str) -> str:
    said = translations(language).gettext
    if word.startswith(_HTTP):
        return said(_STATUS) % {"status": word.removeprefix(_HTTP)}
    return said(_FAILURES[word]) if word in _FAILURES else word


def why_not(error: MarketplaceError, visit: Visit) -> str:
    if isinstance(error, InvalidInputError) and error.field in _FIELDS:
        return translations(visit.language).gettext(_FIELDS[error.field])
    return why(error, visit)
