"""The way of a request before and behind an operator's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from aws_lambda_powertools.event_handler import APIGatewayRestResolver

from domain.access import Principal, Role
from handlers.api.asking import Services
from handlers.api.cursors import Cursors
from handlers.gui.asking import LANGUAGE, THEME, chosen
from handlers.page_sessions import PageSession, require_same_origin
from handlers.rest_api import WebRequest
from pages.notices import notice_of
from pages.translations import choose
from pages.urls import Urls
from pages.visit import Visit

_PATH_CHARACTERS = "/-._~!$&'()*+,;=:@%"
_NO_CONTEXT: Any = None
_INDEX = "/operator"


@dataclass(frozen=True, slots=True)
class OperatorFront:
    resolver: APIGatewayRestResolver
    services: Services
    cursors: Cursors

    def answer(self, request: WebRequest, session: PageSession) -> dict[str, Any]:
        """Raises `ForbiddenError` for a change that another site asks for, and for who is no operator."""
        require_same_origin(request)
        who = session.principal
        who.demand(Role.OPERATOR)
        path = request.path.rstrip("/") or _INDEX
        self.resolver.append_context(  # type: ignore[no-untyped-call]
            principal=who,
            request=request,
            visit=_visit(request, who, path),
            services=self.services,
            cursors=self.cursors,
            path=path,
            media_origin="",
        )
        event = {"httpMethod": request.method, "path": quote(path, safe=_PATH_CHARACTERS)}
        answered = self.resolver.resolve(event, _NO_CONTEXT)
        if session.cookies:
            answered["multiValueHeaders"]["Set-Cookie"] = list(session.cookies)
        return answered


def _visit(request: WebRequest, who: Principal, path: str) -> Visit:
    language = choose(chosen(request, LANGUAGE), request.headers.get("accept-language"))
    here = path.removeprefix(_INDEX).strip("/").split("/")[0] or "tenants"
    return Visit(
        now=datetime.now(UTC),
        urls=Urls(request.url("")),
        language=language,
        theme=chosen(request, THEME),
        principal=who,
        here=here,
        notice=notice_of(request.query.get("done"), language),
    )
