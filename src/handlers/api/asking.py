"""What a route knows of the request at hand beyond its parameters: who asks, and with which ports it is answered."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from aws_lambda_powertools.event_handler.api_gateway import Router

from domain.access import Principal, Role
from domain.tenants import TenantId
from handlers.api.cursors import Cursors, Position

P = TypeVar("P")

Services = Mapping[type, Callable[[], Any]]
"""A builder for each bundle of ports, by the bundle's class. `bootstrap_api.py` has them."""

PREFIX = "/api/v1"


def routes() -> Router:
    """The routes of one area."""
    return Router()  # type: ignore[no-untyped-call]


def principal(router: Router) -> Principal:
    found: Principal = router.context["principal"]
    return found


def tenant(router: Router, *roles: Role) -> TenantId:
    """The one tenant of this request. Raises `ForbiddenError`, for who has none of these roles too if any are named."""
    who = principal(router)
    if roles:
        who.demand(*roles)
    return who.tenant()


def now(router: Router) -> datetime:
    """When the request was taken."""
    at: datetime = router.context["now"]
    return at


def etag(version: str) -> str:
    return f'"{version}"'


def seen_version(if_match: str | None) -> str | None:
    """What an `If-Match` names; None where any is meant."""
    return None if if_match in {None, "*"} else str(if_match).strip().removeprefix("W/").strip('"')


def ports(router: Router, kind: type[P]) -> P:
    built: P = router.context["services"][kind]()
    return built


def request_key(router: Router) -> str:
    """The request's `Idempotency-Key`, for what has to be done once whatever Powertools still remembers.

    Without one, each request is another.
    """
    headers: Mapping[str, str] = router.current_event.headers
    named = {name.lower(): value for name, value in headers.items()}
    return named.get("idempotency-key") or uuid.uuid4().hex


def scope(who: Principal) -> str:
    """To whom a cursor, a key of idempotency and a share of the requests belong."""
    return who.tenant_id or f"operator:{who.subject}"


def opened(router: Router, cursor: str | None) -> Position | None:
    """Where the list of this route goes on. Raises `CursorRefusedError`."""
    cursors: Cursors = router.context["cursors"]
    return cursors.open(scope(principal(router)), _route(router), cursor)


def sealed(router: Router, position: Position | None) -> str | None:
    cursors: Cursors = router.context["cursors"]
    return cursors.seal(scope(principal(router)), _route(router), position)


def _route(router: Router) -> str:
    """Path and ids of a list, but not its filters: whoever changes them begins anew."""
    path: str = router.context["path"]
    return path
