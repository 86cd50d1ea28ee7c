"""Who did what, when, and on whose behalf: the operators' own trail, or a seller's."""

from __future__ import annotations

from domain.audit_trail import AuditTrail
from domain.tenant_rules import check_tenant_id
from domain.tenants import TenantId
from handlers.api.asking import ports, routes
from handlers.gui.answers import Answer, page
from handlers.gui.asking import opened, request, sealed

router = routes()

_ENTRIES = 50


@router.get("/operator/audit")
def get_audit() -> Answer:
    """`tenant`: whose trail; empty, the operators' own."""
    query = request(router).query
    named = query.get("tenant", "")
    if named:
        check_tenant_id(named)
    listed = f"operator/audit/{named}"
    position = opened(router, listed, query.get("after", ""))
    trail: AuditTrail = ports(router, AuditTrail)  # type: ignore[type-abstract]  # bundles are found by their class
    found = trail.page(TenantId(named) if named else None, _ENTRIES, position["entry"] if position else None)
    more = sealed(router, listed, {"entry": found.next_position} if found.next_position else None)
    return page(router, "operator/audit.html", entries=found.entries, tenant=named, more=more, first=position is None)
