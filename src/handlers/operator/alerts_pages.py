"""What needs somebody: numbers that are paused, what Meta says of accounts and templates, plans that end."""

from __future__ import annotations

from domain.tenants import TenantId
from domain.tenants_overview import OverviewPorts, list_tenants_overview
from handlers.api.asking import ports, routes
from handlers.gui.answers import Answer, page
from handlers.gui.asking import opened, principal, request, sealed, visit
from pages.operator_alerts import alerts_page

router = routes()

_LISTED = "operator/alerts"


@router.get("/operator/alerts")
def get_alerts() -> Answer:
    position = opened(router, _LISTED, request(router).query.get("after", ""))
    after = TenantId(position["tenantId"]) if position else None
    lines, last = list_tenants_overview(
        principal(router), after, now=visit(router).now, ports=ports(router, OverviewPorts)
    )
    more = sealed(router, _LISTED, {"tenantId": last} if last else None)
    shown = alerts_page(lines, visit(router), more=more, first=after is None)
    return page(router, "operator/alerts.html", page=shown)
