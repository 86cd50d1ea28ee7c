"""Lambda behind the REST API, for whatever the others do not take: log-in and the seller's pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from domain.errors import MarketplaceError, UnauthenticatedError
from handlers import account_pages, bootstrap_console, bootstrap_gui, log_in_pages, password_pages
from handlers.gui.front import Front
from handlers.observability import invocation, logger
from handlers.page_sessions import session_of, to_log_in
from handlers.rest_api import WebRequest, web_request_of
from handlers.sheets import refusal
from handlers.static_files import STATIC, static_file

_ROUTES: Mapping[tuple[str, str], Callable[[WebRequest, bootstrap_console.Identity], dict[str, Any]]] = {
    **log_in_pages.ROUTES,
    **account_pages.ROUTES,
    **password_pages.ROUTES,
}


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    with invocation(context):
        services = bootstrap_console.admin_gui()
        return handle(web_request_of(event, services.identity.console_url), services)


def handle(
    request: WebRequest, services: bootstrap_console.AdminGui, front: Callable[[], Front] = bootstrap_gui.front
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


def _route(request: WebRequest, services: bootstrap_console.AdminGui, front: Callable[[], Front]) -> dict[str, Any]:
    page = _ROUTES.get((request.method, request.path))
    if page is not None:
        return page(request, services.identity)
    if request.path.startswith(STATIC):
        return static_file(request)
    return front().answer(request, session_of(request, services.identity))
