"""The routes of the operator's pages, one Powertools resolver."""

from __future__ import annotations

from functools import cache

from aws_lambda_powertools.event_handler import APIGatewayRestResolver

from handlers.gui.failures import failures_of
from handlers.operator import alerts_pages, audit_pages, queues_pages, statement_pages, tenants_pages, usage_pages

ROUTERS = (
    tenants_pages.router,
    statement_pages.router,
    queues_pages.router,
    alerts_pages.router,
    usage_pages.router,
    audit_pages.router,
)


@cache
def resolver() -> APIGatewayRestResolver:
    found = APIGatewayRestResolver(debug=False)
    found.exception_handler(Exception)(failures_of(found))
    for router in ROUTERS:
        found.include_router(router)
    return found
