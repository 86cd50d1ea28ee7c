"""A seller's statement, as a page and as a file."""

from __future__ import annotations

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from domain.report_usage import UsagePorts, monthly_statement
from domain.statements import Statement, as_csv
from domain.tenants import TenantId
from handlers.api.asking import ports, routes
from handlers.gui.answers import Answer, page
from handlers.gui.asking import visit
from pages.operator_statement import statement_page
from pages.security import page_headers

router = routes()


@router.get("/operator/tenants/<tenant_id>/statements/<month>")
def get_statement(tenant_id: str, month: str) -> Answer:
    return page(router, "operator/statement.html", page=statement_page(_statement(tenant_id, month), visit(router)))


@router.get("/operator/tenants/<tenant_id>/statements/<month>/file")
def get_file(tenant_id: str, month: str) -> Answer:
    statement = _statement(tenant_id, month)
    name = f'attachment; filename="statement-{statement.tenant.tenant_id}-{statement.month}.csv"'
    headers = {**page_headers(), "Content-Disposition": name}
    return Response(HTTPStatus.OK, "text/csv; charset=utf-8", as_csv(statement), headers)


def _statement(tenant_id: str, month: str) -> Statement:
    return monthly_statement(TenantId(tenant_id), month, now=visit(router).now, ports=ports(router, UsagePorts))
