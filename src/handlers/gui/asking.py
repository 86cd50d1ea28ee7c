"""What a page knows of the request at hand beyond its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from aws_lambda_powertools.event_handler.api_gateway import BaseRouter

from domain.access import Principal, Role
from handlers.api.asking import scope
from handlers.api.cursors import Cursors, Position
from handlers.cookies import cookie
from handlers.multipart import Upload, parts_of
from handlers.rest_api import WebRequest
from pages.visit import Notice, Visit

LANGUAGE, THEME = "language", "theme"
"""Cookies of what a person chose for themselves."""
PREFERENCES = "/preferences"
"""Where they choose it: an operator, too, who looks at no tenant."""

_PEOPLE = (Role.TENANT_ADMIN, Role.TENANT_AGENT)


def visit(router: BaseRouter) -> Visit:
    found: Visit = router.context["visit"]
    return found


def principal(router: BaseRouter) -> Principal:
    found: Principal = router.context["principal"]
    return found


def request(router: BaseRouter) -> WebRequest:
    found: WebRequest = router.context["request"]
    return found


def chosen(asked: WebRequest, name: str) -> str:
    return cookie(asked, name) or ""


def fetched_ahead(router: BaseRouter) -> bool:
    """By a browser on its own, in case somebody goes there: `Sec-Purpose` (Fetch), and what came before it."""
    headers = request(router).headers
    return any("prefetch" in headers.get(name, "") for name in ("sec-purpose", "purpose", "x-moz"))


def form(router: BaseRouter) -> Mapping[str, str]:
    """Without its files."""
    if not parts(router):
        return request(router).form
    return {name: part.content.decode("utf-8", "replace") for name, part in parts(router).items() if not part.filename}


def parts(router: BaseRouter) -> Mapping[str, Upload]:
    """Of a form that may have files; none of any other. Read once: a file may be large."""
    if "parts" not in router.context:
        router.append_context(parts=parts_of(request(router)))  # type: ignore[no-untyped-call]
    found: Mapping[str, Upload] = router.context["parts"]
    return found


def actor(router: BaseRouter, *roles: Role) -> Principal:
    """Who changes something: one of the tenant's people. An operator who views as it looks, and does no more.

    Raises `ForbiddenError`.
    """
    who = principal(router)
    who.demand(*(roles or _PEOPLE))
    return who


def opened(router: BaseRouter, listed: str, cursor: str) -> Position | None:
    """Where a list goes on. Raises `CursorRefusedError`."""
    cursors: Cursors = router.context["cursors"]
    return cursors.open(scope(principal(router)), listed, cursor or None)


def sealed(router: BaseRouter, listed: str, position: Position | None) -> str:
    """Empty where the list has ended."""
    cursors: Cursors = router.context["cursors"]
    return cursors.seal(scope(principal(router)), listed, position) or ""


def refused(router: BaseRouter, words: str) -> Visit:
    """The same visit, with why something was not done above the page."""
    return replace(visit(router), notice=Notice(words, failed=True))
