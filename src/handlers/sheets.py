"""Pages with nothing but one form or one sentence: of the log-in, and of what was refused."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from domain.access import Principal
from domain.errors import MarketplaceError
from handlers.observability import described, logger
from handlers.rest_api import WebRequest, answer
from handlers.web_errors import status_of
from pages.refusals import title_of, why
from pages.rendering import render
from pages.security import page_headers
from pages.translations import choose
from pages.urls import Urls
from pages.visit import Visit


def sheet(
    request: WebRequest, template: str, status: HTTPStatus, principal: Principal | None = None, **view: object
) -> dict[str, Any]:
    return _shown(template, status, _visit(request, principal), **view)


def refusal(request: WebRequest, error: MarketplaceError) -> dict[str, Any]:
    status, visit = status_of(error), _visit(request, None)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger().error("page_failed", extra=described(error))
    return _shown("refusal.html", status, visit, title=title_of(status, visit), text=why(error, visit))


def _shown(template: str, status: HTTPStatus, visit: Visit, **view: object) -> dict[str, Any]:
    headers = {name.lower(): value for name, value in page_headers().items()}
    return answer(status, render(template, visit, **view), "text/html; charset=utf-8", headers)


def _visit(request: WebRequest, principal: Principal | None) -> Visit:
    return Visit(
        now=datetime.now(UTC),
        urls=Urls(request.url("")),
        language=choose(None, request.headers.get("accept-language")),
        principal=principal,
    )
