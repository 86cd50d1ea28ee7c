"""All sellers, and one of them: how they are, their plan, whether they are let in."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from domain.administer_tenants import AdministerPorts, create_tenant, set_status
from domain.errors import InvalidInputError, NotFoundError, PermanentError
from domain.report_usage import UsagePorts, report_of
from domain.sell_plans import SellPlansPorts, give_plan, list_plans, plan_named
from domain.tenants import Tenant, TenantId, TenantStatus
from domain.tenants_overview import OverviewPorts, list_tenants_overview, overview_of
from handlers.api.asking import ports, routes
from handlers.gui.answers import Answer, html, page, see_other
from handlers.gui.asking import form, opened, principal, refused, request, sealed, visit
from pages.operator_tenants import plan_options, tenant_page, tenants_page
from pages.rendering import render

router = routes()

_LISTED = "operator/tenants"
_SHOWN_MONTHS = 12


@router.get("/operator")
def get_tenants() -> Answer:
    position = opened(router, _LISTED, request(router).query.get("after", ""))
    after = TenantId(position["tenantId"]) if position else None
    lines, last = list_tenants_overview(
        principal(router), after, now=visit(router).now, ports=ports(router, OverviewPorts)
    )
    more = sealed(router, _LISTED, {"tenantId": last} if last else None)
    shown = tenants_page(lines, visit(router), more=more, first=after is None)
    return page(router, "operator/tenants.html", page=shown)


@router.get("/operator/new-tenant")
def get_new() -> Answer:
    return _new_tenant({})


@router.post("/operator/new-tenant")
def post_new() -> Answer:
    sent, who, now = form(router), principal(router), visit(router).now
    try:
        plan = plan_named(sent.get("plan", ""), ports=ports(router, SellPlansPorts))
        tenant = Tenant(
            TenantId(sent.get("id", "").strip()),
            name=sent.get("name", "").strip(),
            language=sent.get("language", ""),
            currency=sent.get("currency", "").strip().upper(),
            timezone=sent.get("timezone", "").strip(),
            plan=plan.name,
            limits=plan.limits,
        )
        create_tenant(who, tenant, now=now, ports=ports(router, AdministerPorts))
    except PermanentError as error:
        field = error.field.strip("/") if isinstance(error, InvalidInputError) else ""
        return _new_tenant(sent, {field: str(error)} if field else {}, "" if field else str(error))
    return see_other(router, "/operator/tenants/{id}", id=tenant.tenant_id, done="saved")


def _new_tenant(sent: Mapping[str, str], errors: Mapping[str, str] | None = None, problem: str = "") -> Answer:
    shown = refused(router, problem) if problem else visit(router)
    plans = plan_options(list_plans(principal(router), ports=ports(router, SellPlansPorts)))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors or problem else HTTPStatus.OK
    text = render("operator/new_tenant.html", shown, sent=sent, errors=errors or {}, plans=plans)
    return html(router, text, status)


@router.get("/operator/tenants/<tenant_id>")
def get_tenant(tenant_id: str) -> Answer:
    asked, who, now = TenantId(tenant_id), principal(router), visit(router).now
    line = overview_of(who, asked, now=now, ports=ports(router, OverviewPorts))
    if line is None:
        raise NotFoundError("no such tenant")
    report = report_of(line.tenant, _SHOWN_MONTHS, now=now, ports=ports(router, UsagePorts))
    plans = list_plans(who, ports=ports(router, SellPlansPorts))
    return page(router, "operator/tenant.html", page=tenant_page(line, report, plans, visit(router)))


@router.post("/operator/tenants/<tenant_id>/status")
def post_status(tenant_id: str) -> Answer:
    status = form(router).get("status", "")
    if status not in set(TenantStatus):
        raise InvalidInputError("/status", f"one of {', '.join(TenantStatus)}")
    asked = TenantStatus(status)
    set_status(
        principal(router), TenantId(tenant_id), asked, now=visit(router).now, ports=ports(router, AdministerPorts)
    )
    done = "suspended" if asked is TenantStatus.SUSPENDED else "activated"
    return see_other(router, "/operator/tenants/{id}", id=tenant_id, done=done)


@router.post("/operator/tenants/<tenant_id>/plan")
def post_plan(tenant_id: str) -> Answer:
    name = form(router).get("plan", "")
    give_plan(principal(router), TenantId(tenant_id), name, now=visit(router).now, ports=ports(router, SellPlansPorts))
    return see_other(router, "/operator/tenants/{id}", id=tenant_id, done="saved")
