"""Why something was not done: of a usual reason in the reader's language, else in the error's own words."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from domain.errors import (
    ContentionError,
    ConversationChangedError,
    CursorRefusedError,
    ForbiddenError,
    MarketingRefusedError,
    MarketplaceError,
    MediaRefusedError,
    NotFoundError,
    OutsideWindowError,
    TooManyRequestsError,
    TransientError,
)
from pages.translations import N_, translations
from pages.visit import Visit
from pages.words import MEDIA_REFUSALS

_WORDS: tuple[tuple[type[MarketplaceError], str], ...] = (
    (ConversationChangedError, N_("The conversation has changed since you looked. Look again, then decide.")),
    (OutsideWindowError, N_("The customer wrote more than 24 hours ago, so WhatsApp takes templates alone.")),
    (MarketingRefusedError, N_("This customer wants no offers.")),
    (ContentionError, N_("Somebody else changed the same thing. Try again.")),
    (CursorRefusedError, N_("This list goes on elsewhere: begin again.")),
    (NotFoundError, N_("There is nothing under this address.")),
    (ForbiddenError, N_("Your role does not allow this.")),
    (TooManyRequestsError, N_("That was too often within a minute. Wait a moment, then try again.")),
    (TransientError, N_("A service that this needs did not answer. Try again in a moment.")),
)

_TITLES: Mapping[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: N_("That does not work"),
    HTTPStatus.FORBIDDEN: N_("Not allowed"),
    HTTPStatus.NOT_FOUND: N_("Not found"),
    HTTPStatus.SERVICE_UNAVAILABLE: N_("Try again"),
    HTTPStatus.INTERNAL_SERVER_ERROR: N_("Something went wrong"),
}
_BROKEN = N_("This is our fault, and we have been told. Try again, or go back to the beginning.")


def why(error: MarketplaceError, visit: Visit) -> str:
    """The first that fits, the narrower before the wider."""
    if isinstance(error, MediaRefusedError):
        return translations(visit.language).gettext(MEDIA_REFUSALS[error.reason])
    words = next((words for kind, words in _WORDS if isinstance(error, kind)), "")
    return translations(visit.language).gettext(words) if words else str(error)


def title_of(status: HTTPStatus, visit: Visit) -> str:
    title = _TITLES.get(status, _TITLES[HTTPStatus.BAD_REQUEST])
    return translations(visit.language).gettext(title)


def broken(visit: Visit) -> str:
    return translations(visit.language).gettext(_BROKEN)
