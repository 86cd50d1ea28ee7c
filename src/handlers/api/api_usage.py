"""What a seller has used, and their statements."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from domain.access import Role
from domain.report_usage import MOST_MONTHS, UsagePorts, monthly_statement, report_usage
from domain.statements import Statement, as_csv
from handlers.api.asking import now, ports, routes, tenant
from handlers.api.models import FromPath
from handlers.api.usage_models import MONTH, ToldStatement, ToldUsage, told_statement, told_usage

router = routes()

_TAGS = ["Usage"]
Months = Annotated[int, Query(ge=1, le=MOST_MONTHS, description="So many, up to the current one.")]
MonthInPath = Annotated[str, Path(pattern=MONTH, description="YYYY-MM, UTC."), FromPath]


@router.get("/usage", summary="Months, limits, forecast, costs", tags=_TAGS, operation_id="getUsage")
def get_usage(months: Months = 6) -> ToldUsage:
    asked = tenant(router, Role.TENANT_ADMIN, Role.OPERATOR)
    return told_usage(report_usage(asked, months, now=now(router), ports=ports(router, UsagePorts)))


@router.get("/usage/<month>", summary="A month's statement", tags=_TAGS, operation_id="getStatement")
def get_statement(month: MonthInPath) -> ToldStatement:
    return told_statement(_statement(month))


@router.get(
    "/usage/<month>/statement.csv",
    summary="A month's statement as CSV",
    tags=_TAGS,
    operation_id="getStatementFile",
    responses={200: {"description": "The file", "content": {"text/csv": {"schema": {"type": "string"}}}}},
)
def get_statement_file(month: MonthInPath) -> Response[str]:
    statement = _statement(month)
    name = f'attachment; filename="statement-{statement.tenant.tenant_id}-{statement.month}.csv"'
    return Response(HTTPStatus.OK, "text/csv; charset=utf-8", as_csv(statement), headers={"content-disposition": name})


def _statement(month: str) -> Statement:
    asked = tenant(router, Role.TENANT_ADMIN, Role.OPERATOR)
    return monthly_statement(asked, month, now=now(router), ports=ports(router, UsagePorts))
