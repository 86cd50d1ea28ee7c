"""WhatsApp numbers: which there are and whether they can send; an admin connects, resumes and disconnects them.

An access token comes in by a form, and goes nowhere but into its secret: no page shows it, that of a refusal neither.
"""

from __future__ import annotations

from http import HTTPStatus

from domain.access import Role
from domain.connect_numbers import (
    Connection,
    ConnectPorts,
    connect_number,
    disconnect_number,
    list_numbers,
    replace_token,
    resume_number,
)
from domain.errors import InvalidInputError, MarketplaceError
from domain.tenants import PhoneNumberId
from handlers.api.asking import ports, principal, routes, tenant
from handlers.gui.answers import Answer, page, see_other
from handlers.gui.asking import actor, form, visit
from pages.number_words import why_not

router = routes()

_PATH = "/settings/numbers"
_TOKEN = "access_token"  # noqa: S105 (a field's name)


@router.get(_PATH)
def get_numbers() -> Answer:
    return _shown("")


@router.post(_PATH)
def post_numbers() -> Answer:
    """Connects one; with `change`, does that to one that is connected."""
    actor(router, Role.TENANT_ADMIN)
    try:
        done = _changed(form(router).get("change", ""), PhoneNumberId(_typed("phone_number_id")))
    except MarketplaceError as error:
        return _shown(why_not(error, visit(router)), HTTPStatus.UNPROCESSABLE_ENTITY)
    return see_other(router, _PATH, done=done)


def _changed(change: str, number: PhoneNumberId) -> str:
    """What is said of it above the page: a key of `pages.notices.DONE`."""
    who, now, bundle = principal(router), visit(router).now, ports(router, ConnectPorts)
    if change == "token":
        replace_token(who, who.tenant(), number, _typed(_TOKEN), now=now, ports=bundle)
        return "token_replaced"
    if change == "resume":
        resume_number(who, who.tenant(), number, now=now, ports=bundle)
        return "resumed"
    if change == "disconnect":
        if form(router).get("sure") != "yes":
            raise InvalidInputError("/sure", "say that you are sure")
        disconnect_number(who, who.tenant(), number, now=now, ports=bundle)
        return "disconnected"
    asked = Connection(number, _typed("waba_id"), _typed(_TOKEN), _typed("catalog_id") or None)
    connect_number(who, who.tenant(), asked, now=now, ports=bundle)
    return "connected"


def _typed(name: str) -> str:
    """What is pasted brings blanks with it."""
    return form(router).get(name, "").strip()


def _shown(error: str, status: HTTPStatus = HTTPStatus.OK) -> Answer:
    numbers = list_numbers(principal(router), tenant(router), ports=ports(router, ConnectPorts))
    sent = {name: value for name, value in form(router).items() if name != _TOKEN} if error else {}
    return page(router, "settings/numbers.html", status, numbers=numbers, error=error, sent=sent, section="numbers")
