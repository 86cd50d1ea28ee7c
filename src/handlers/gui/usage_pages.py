"""What the tenant has used, against its plan, and its statements."""

from __future__ import annotations

from domain.access import Role
from domain.report_usage import UsagePorts, monthly_statement, report_usage
from domain.statements import as_csv
from domain.tenants import TenantId
from handlers.api.asking import ports, routes, tenant
from handlers.gui.answers import Answer, download, page
from handlers.gui.asking import request, visit
from pages.operator_statement import statement_page
from pages.usage_view import usage_view

router = routes()

_MONTHS = 6


@router.get("/usage")
def get_usage() -> Answer:
    report = report_usage(_of_an_admin(), _MONTHS, now=visit(router).now, ports=ports(router, UsagePorts))
    return page(router, "usage/usage.html", view=usage_view(report, visit(router).formats))


@router.get("/usage/statement")
def get_statement() -> Answer:
    month = request(router).query.get("month", "")
    statement = monthly_statement(_of_an_admin(), month, now=visit(router).now, ports=ports(router, UsagePorts))
    if request(router).query.get("as") == "csv":
        return download(f"statement-{statement.tenant.tenant_id}-{statement.month}.csv", "text/csv", as_csv(statement))
    return page(router, "usage/statement.html", statement=statement_page(statement, visit(router)))


def _of_an_admin() -> TenantId:
    """Raises `ForbiddenError` for an agent: what is paid is none of their business."""
    return tenant(router, Role.TENANT_ADMIN, Role.OPERATOR)
