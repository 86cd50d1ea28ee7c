"""Lambda behind the REST API, under /operator: the operator's pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from domain.errors import MarketplaceError, UnauthenticatedError
from handlers import bootstrap_console, bootstrap_operator, view_as_pages
from handlers.observability import invocation, logger
from handlers.operator.front import OperatorFront
from handlers.page_sessions import session_of, to_log_in
from handlers.rest_api import WebRequest, web_request_of
from handlers.sheets import refusal

_ROUTES = view_as_pages.ROUTES


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    with invocation(context):
        services = bootstrap_console.admin_dashboard()
        return handle(web_request_of(event, services.identity.console_url), services, bootstrap_operator.front)


def handle(
    request: WebRequest, services: bootstrap_console.AdminDashboard, front: Callable[[], OperatorFront]
) -> dict[str, Any]:
    """`front`: of the pages behind the log-in, built when the first of them is asked for."""
    try:
        response = _route(request, services, front)
    except UnauthenticatedError as error:
        response = to_log_in(request, error)
    except MarketplaceError as error:
        response = refusal(request, error)
    logger().info("answered", extra={"method": request.method, "status": response["statusCode"]})
    return response


def _route(
    request: WebRequest, services: bootstrap_console.AdminDashboard, front: Callable[[], OperatorFront]
) -> dict[str, Any]:
    page = _ROUTES.get((request.method, request.path))
    if page is not None:
        return page(request, services.identity)
    session = session_of(request, services.identity)
    return front().answer(request, session)
