"""Lambda behind the REST API, under /operator: the operator's pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from domain.access import Role
from domain.errors import MarketplaceError
from handlers import bootstrap_console
from handlers.authentication import bearer_principal
from handlers.observability import invocation, logger
from handlers.rest_api import WebRequest, answer, web_request_of
from handlers.web_errors import problem_of


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    with invocation(context):
        services = bootstrap_console.admin_dashboard()
        return handle(web_request_of(event, services.identity.console_url), services)


def handle(request: WebRequest, services: bootstrap_console.AdminDashboard) -> dict[str, Any]:
    try:
        response = _route(request, services)
    except MarketplaceError as error:
        response = problem_of(error)
    logger().info("answered", extra={"method": request.method, "status": response["statusCode"]})
    return response


def _route(request: WebRequest, services: bootstrap_console.AdminDashboard) -> dict[str, Any]:
    principal = bearer_principal(request, services.identity)
    principal.demand(Role.OPERATOR)
    who = {"subject": principal.subject, "role": principal.role, "tenant_id": principal.tenant_id}
    return answer(HTTPStatus.OK, json.dumps(who), "application/json")
