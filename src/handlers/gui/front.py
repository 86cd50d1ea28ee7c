"""The way of a request before and behind its page: what every page knows, and the cookies that go back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from aws_lambda_powertools.event_handler import APIGatewayRestResolver

from domain.access import Principal, Role
from domain.view_as import TenantLookup
from handlers.api.asking import Services
from handlers.api.cursors import Cursors
from handlers.gui.asking import LANGUAGE, PREFERENCES, THEME, chosen
from handlers.page_sessions import PageSession, require_same_origin
from handlers.rest_api import WebRequest, redirect
from pages.notices import notice_of
from pages.translations import choose
from pages.urls import Urls
from pages.visit import Visit

_PATH_CHARACTERS = "/-._~!$&'()*+,;=:@%"
_NO_CONTEXT: Any = None
"""Lambda's own: no page asks for it."""


@dataclass(frozen=True, slots=True)
class Front:
    resolver: APIGatewayRestResolver
    services: Services
    cursors: Cursors
    tenants: TenantLookup
    media_origin: str
    """From where customers' files are loaded, as a content security policy says it; empty: from nowhere."""

    def answer(self, request: WebRequest, session: PageSession) -> dict[str, Any]:
        """Raises `ForbiddenError` for a change that another site asks for."""
        require_same_origin(request)
        who = session.principal
        if who.role is Role.OPERATOR and who.tenant_id is None and request.path != PREFERENCES:
            return redirect(request.url("/operator"), session.cookies)
        if request.path == "/":
            return redirect(request.url("/inbox"), session.cookies)
        self.resolver.append_context(  # type: ignore[no-untyped-call]
            principal=who,
            request=request,
            visit=self._visit(request, who),
            services=self.services,
            cursors=self.cursors,
            media_origin=self.media_origin,
        )
        event = {"httpMethod": request.method, "path": quote(request.path, safe=_PATH_CHARACTERS)}
        answered = self.resolver.resolve(event, _NO_CONTEXT)
        if session.cookies:
            cookies = answered["multiValueHeaders"].setdefault("Set-Cookie", [])
            cookies.extend(session.cookies)
        return answered

    def _visit(self, request: WebRequest, who: Principal) -> Visit:
        tenant = self.tenants.tenant(who.tenant_id) if who.tenant_id else None
        language = choose(chosen(request, LANGUAGE), request.headers.get("accept-language"))
        return Visit(
            now=datetime.now(UTC),
            urls=Urls(request.url("")),
            language=language,
            timezone=tenant.timezone if tenant else "UTC",
            currency=tenant.currency if tenant else "USD",
            theme=chosen(request, THEME),
            principal=who,
            here=request.path.split("/")[1],
            tenant_name=tenant.name if tenant else who.tenant_id or "",
            notice=notice_of(request.query.get("done"), language),
        )
