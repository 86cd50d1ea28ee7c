"""The routes of the seller's pages, one Powertools resolver."""

from __future__ import annotations

from functools import cache

from aws_lambda_powertools.event_handler import APIGatewayRestResolver

from handlers.gui import (
    canned_pages,
    catalogue_pages,
    customer_pages,
    customer_rights_pages,
    desk_pages,
    import_pages,
    inbox_pages,
    member_pages,
    number_pages,
    preference_pages,
    rehearsal_pages,
    settings_pages,
    template_pages,
    thread_pages,
    usage_pages,
    webhook_pages,
)
from handlers.gui.failures import failures_of

ROUTERS = (
    inbox_pages.router,
    thread_pages.router,
    desk_pages.router,
    template_pages.router,
    canned_pages.router,
    customer_pages.router,
    customer_rights_pages.router,
    catalogue_pages.router,
    import_pages.router,
    usage_pages.router,
    member_pages.router,
    rehearsal_pages.router,
    number_pages.router,
    webhook_pages.router,
    settings_pages.router,
    preference_pages.router,
)


@cache
def resolver() -> APIGatewayRestResolver:
    found = APIGatewayRestResolver(debug=False)
    found.exception_handler(Exception)(failures_of(found))
    for router in ROUTERS:
        found.include_router(router)
    return found
