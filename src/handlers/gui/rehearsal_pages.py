"""The test chat: what the assistant would answer, with the settings as they stand in the form, saved or not."""

from __future__ import annotations

from http import HTTPStatus

from domain.access import Role
from domain.errors import MarketplaceError
from domain.rehearsals import MOST_REMEMBERED, Exchange, RehearsalPorts
from handlers.api.asking import ports, routes
from handlers.gui.answers import Answer, see_other
from handlers.gui.asking import actor, form, opened, sealed, visit
from handlers.gui.sections import section_page
from handlers.gui.talks import packed, unpacked
from pages.refusals import why
from pages.rehearsal import NOTHING_SAID, Rehearsal
from pages.settings_forms import FORMS

router = routes()

_SECTION = "assistant"
_PATH = f"/settings/{_SECTION}/rehearsal"
_LISTED = "rehearsal"


@router.get(_PATH)
def get_rehearsal() -> Answer:
    """Where a browser without scripts asks again for what it has posted."""
    return see_other(router, f"/settings/{_SECTION}")


@router.post(_PATH)
def post_rehearsal() -> Answer:
    # The guard's patterns take longer to build than the pages: not for each of them.
    from domain.rehearse import rehearse

    who, sent = actor(router, Role.TENANT_ADMIN), form(router)
    if sent.get("anew"):
        return _shown(NOTHING_SAID)
    talk: tuple[Exchange, ...] = ()
    question, change = sent.get("question", "").strip(), FORMS[_SECTION](sent)
    try:
        talk = unpacked(opened(router, _LISTED, sent.get("talk", "")))
        new = rehearse(who, question, talk, change, now=visit(router).now, ports=ports(router, RehearsalPorts))
    except MarketplaceError as error:
        refused = Rehearsal(talk, sealed=_sealed(talk), question=question, error=why(error, visit(router)))
        return _shown(refused, HTTPStatus.UNPROCESSABLE_ENTITY)
    talk = (*talk, new.exchange)[-MOST_REMEMBERED:]
    return _shown(Rehearsal(talk, new, _sealed(talk)))


def _shown(rehearsal: Rehearsal, status: HTTPStatus = HTTPStatus.OK) -> Answer:
    """Beside the form as it was typed, which can still be saved."""
    sent = form(router)
    return section_page(router, _SECTION, status, sent=sent, seen=sent.get("version", ""), rehearsal=rehearsal)


def _sealed(talk: tuple[Exchange, ...]) -> str:
    """It goes with the form, and comes back as it went: nobody puts words into the assistant's mouth."""
    return sealed(router, _LISTED, packed(talk) if talk else None)
