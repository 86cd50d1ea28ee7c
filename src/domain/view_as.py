"""Use cases: an operator looks at a tenant's pages as the tenant does, for a while and on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from domain.access import Principal, Role
from domain.audit_trail import AuditEntry, done_by
from domain.errors import NotFoundError
from domain.members import ViewAs
from domain.ports_identity import Views
from domain.tenants import Tenant, TenantId

LASTS = timedelta(minutes=30)


class TenantLookup(Protocol):
    def tenant(self, tenant_id: TenantId) -> Tenant | None: ...


class ViewAsPorts(Protocol):
    @property
    def views(self) -> Views: ...
    @property
    def tenants(self) -> TenantLookup: ...


def begin_view(who: Principal, tenant_id: TenantId, *, now: datetime, ports: ViewAsPorts) -> Principal:
    """Until it is ended, or for half an hour. Raises `NotFoundError` for a tenant that is not there."""
    who.demand(Role.OPERATOR)
    if ports.tenants.tenant(tenant_id) is None:
        raise NotFoundError("no such tenant")
    viewing = replace(who, tenant_id=tenant_id)
    until = now + LASTS
    entry = done_by(viewing, "view.begun", tenant_id, now=now, until=until.isoformat(timespec="seconds"))
    ports.views.put(who.subject, ViewAs(tenant_id, until), _in_both_trails(entry))
    return viewing


def end_view(who: Principal, *, now: datetime, ports: ViewAsPorts) -> Principal:
    who.demand(Role.OPERATOR)
    if who.tenant_id is None:
        return who
    entry = done_by(who, "view.ended", who.tenant_id, now=now)
    ports.views.put(who.subject, None, _in_both_trails(entry))
    return replace(who, tenant_id=None)


def _in_both_trails(entry: AuditEntry) -> tuple[AuditEntry, AuditEntry]:
    """The tenant sees who looked, the operators where each of them has been."""
    return entry, replace(entry, tenant_id=None)
