"""Lambda behind the REST API, under /operator: the operator's pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from domain.access import Role
from domain.errors import MarketplaceError, UnauthenticatedError
from handlers import bootstrap_console, view_as_pages
from handlers.observability import invocation, logger
from handlers.page_sessions import session_of, to_log_in
from handlers.rest_api import WebRequest, answer, web_request_of, with_cookies
from handlers.sheets import refusal

_ROUTES = view_as_pages.ROUTES


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    with invocation(context):
        services = bootstrap_console.admin_dashboard()
        return handle(web_request_of(event, services.identity.console_url), services)


def handle(request: WebRequest, services: bootstrap_console.AdminDashboard) -> dict[str, Any]:
    try:
        response = _route(request, services)
    except UnauthenticatedError as error:
        response = to_log_in(request, error)
    except MarketplaceError as error:
        response = refusal(request, error)
    logger().info("answered", extra={"method": request.method, "status": response["statusCode"]})
    return response


def _route(request: WebRequest, services: bootstrap_console.AdminDashboard) -> dict[str, Any]:
    page = _ROUTES.get((request.method, request.path))
    if page is not None:
        return page(request, services.identity)
    session = session_of(request, services.identity)
    principal = session.principal
    principal.demand(Role.OPERATOR)
    who = {"subject": principal.subject, "role": principal.role, "tenant_id": principal.tenant_id}
    return with_cookies(answer(HTTPStatus.OK, json.dumps(who), "application/json"), session.cookies)
