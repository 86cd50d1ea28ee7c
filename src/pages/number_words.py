"""What is said of WhatsApp numbers: how Meta rates them, what mends one that is stopped, why one was not connected."""

from __future__ import annotations

from collections.abc import Mapping

from domain.errors import AccountRefusedError, AlreadyExistsError, InvalidInputError, MarketplaceError
from domain.pausing import TOKEN_CODES
from domain.tenants import SendingPause
from pages.refusals import why
from pages.translations import N_, translations
from pages.visit import Visit

QUALITY: Mapping[str, tuple[str, str]] = {
    "GREEN": (N_("High"), "good"),
    "YELLOW": (N_("Medium"), "warn"),
    "RED": (N_("Low"), "bad"),
    "NA": (N_("Not rated yet"), ""),
    "ONBOARDING": (N_("New at WhatsApp"), ""),
    "FLAGGED": (N_("Low: customers block or report it"), "bad"),
    "UNFLAGGED": (N_("Good again"), "good"),
    "UPGRADE": (N_("Good: it may begin more conversations"), "good"),
    "THROUGHPUT_UPGRADE": (N_("Good: it may send faster"), "good"),
    "DOWNGRADE": (N_("Lower: it may begin fewer conversations"), "warn"),
}
"""Meta's ratings and events, in words and with the tone of a badge. Another word of Meta's is shown as it is."""

_PERMISSION_CODES = frozenset({3, 10, *range(200, 300), 131005})
_RESTRICTED_CODES = frozenset({368, 131031, 131048, 130497})
_PAYMENT_CODE, _UNREGISTERED_CODE = 131042, 133010

_RENEW = N_("Replace its access token: then it sends again by itself.")
_PERMIT = N_("Replace its access token by one that may send messages (whatsapp_business_messaging), then resume it.")
_PAY = N_("Settle the payment of the business account at Meta, then resume it.")
_WAIT = N_("Meta restricts the account: see its quality in Meta's Business Support Home, then resume it.")
_REGISTER = N_("Register the number at Meta, then resume it.")
_MEND = N_("Mend it at Meta, then resume it.")

_FIELDS: Mapping[str, str] = {
    "/phoneNumberId": N_(
        "Meta does not show this number to this token. Compare both ids with those in WhatsApp Manager: they are "
        "digits alone, and none of them is the phone number. The token must be one of this business account."
    ),
    "/wabaId": N_("The id of the business account is digits alone. WhatsApp Manager shows it."),
    "/accessToken": N_("This is no access token of Meta's: paste it whole, without blanks in it."),
    "/catalogId": N_("The id of the catalogue is digits alone. Leave it empty if the number has none."),
    "/sure": N_("Say that you are sure: tick the box."),
}
_REFUSED = N_(
    "WhatsApp does not take this access token: “%(words)s”. Make one in Meta's Business settings, of a system user who "
    "has this account, with whatsapp_business_management and whatsapp_business_messaging."
)
_TAKEN = N_("Another shop has this number. It must be disconnected there first; the operator of the marketplace helps.")


def remedy(pause: SendingPause) -> str:
    """What lets the number send again; to be translated."""
    code = pause.code
    if code in TOKEN_CODES:
        return _RENEW
    if code in _PERMISSION_CODES:
        return _PERMIT
    if code in _RESTRICTED_CODES:
        return _WAIT
    return {_PAYMENT_CODE: _PAY, _UNREGISTERED_CODE: _REGISTER}.get(code or 0, _MEND)


def why_not(error: MarketplaceError, visit: Visit) -> str:
    """Why a number was not connected, or its token not replaced, and what to do about it."""
    said = translations(visit.language).gettext
    if isinstance(error, AccountRefusedError):
        return said(_REFUSED) % {"words": error}
    if isinstance(error, AlreadyExistsError):
        return said(_TAKEN)
    if isinstance(error, InvalidInputError) and error.field in _FIELDS:
        return said(_FIELDS[error.field])
    return why(error, visit)
