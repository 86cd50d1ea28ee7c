"""Use cases: sellers are let in, changed, suspended and let in again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from domain.access import Principal, Role
from domain.audit_trail import AuditEntry, done_by
from domain.errors import AlreadyExistsError, ChangedMeanwhileError, ContentionError, NotFoundError
from domain.ports_administration import TenantProfiles
from domain.tenant_rules import check_tenant, check_tenant_id
from domain.tenants import Tenant, TenantId, TenantStatus
from domain.versions import version_of

_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class AdministerPorts:
    profiles: TenantProfiles


def demand_hand_in(who: Principal, tenant_id: TenantId, *roles: Role) -> None:
    """Whoever belongs to another tenant learns nothing of this one. Raises `NotFoundError`, `ForbiddenError`."""
    if who.role is not Role.OPERATOR and who.tenant_id != tenant_id:
        raise NotFoundError("no such tenant")
    who.demand(Role.OPERATOR, *roles)


def entry_of(
    who: Principal, tenant_id: TenantId, action: str, object_id: str, now: datetime, **details: str
) -> AuditEntry:
    """In the tenant's own trail, also where an operator did it without viewing as the tenant."""
    return done_by(replace(who, tenant_id=tenant_id), action, object_id, now=now, **details)


def create_tenant(who: Principal, tenant: Tenant, *, now: datetime, ports: AdministerPorts) -> Tenant:
    """Raises `AlreadyExistsError`, `InvalidInputError`."""
    who.demand(Role.OPERATOR)
    check_tenant_id(tenant.tenant_id)
    check_tenant(tenant)
    entry = entry_of(who, tenant.tenant_id, "tenant.created", tenant.tenant_id, now, plan=tenant.plan)
    if not ports.profiles.create(tenant.tenant_id, tenant, entry):
        raise AlreadyExistsError("there is a tenant of this id")
    return tenant


def list_tenants(
    who: Principal, after: TenantId | None, limit: int, *, ports: AdministerPorts
) -> tuple[Sequence[Tenant], TenantId | None]:
    """With the id behind which the list goes on; None at its end."""
    who.demand(Role.OPERATOR)
    page = ports.profiles.page(after, limit + 1)
    return page[:limit], page[limit - 1].tenant_id if len(page) > limit else None


def find_tenant(who: Principal, tenant_id: TenantId, *, ports: AdministerPorts) -> Tenant:
    """Raises `NotFoundError`."""
    demand_hand_in(who, tenant_id, Role.TENANT_ADMIN, Role.TENANT_AGENT)
    return _found(tenant_id, ports)


def change_settings(  # noqa: PLR0913 (who changes what of whom, having seen what)
    who: Principal,
    tenant_id: TenantId,
    change: Callable[[Tenant], Tenant],
    if_version: str | None,
    *,
    now: datetime,
    ports: AdministerPorts,
) -> Tenant:
    """What a seller says of themselves: never their id, status or plan.

    Raises `NotFoundError`, `ChangedMeanwhileError`, `InvalidInputError`.
    """
    demand_hand_in(who, tenant_id, Role.TENANT_ADMIN)

    def own(seen: Tenant) -> Tenant:
        return replace(change(seen), tenant_id=seen.tenant_id, status=seen.status, plan=seen.plan)

    return _change(who, tenant_id, own, "tenant.settings_changed", if_version, now, ports)


def set_status(
    who: Principal, tenant_id: TenantId, status: TenantStatus, *, now: datetime, ports: AdministerPorts
) -> Tenant:
    """Workers learn of it within a minute. Raises `NotFoundError`."""
    who.demand(Role.OPERATOR)
    action = "tenant.suspended" if status is TenantStatus.SUSPENDED else "tenant.activated"
    return _change(who, tenant_id, lambda seen: replace(seen, status=status), action, None, now, ports)


def set_plan(who: Principal, tenant_id: TenantId, plan: str, *, now: datetime, ports: AdministerPorts) -> Tenant:
    """Raises `NotFoundError`, `InvalidInputError`."""
    who.demand(Role.OPERATOR)
    return _change(who, tenant_id, lambda seen: replace(seen, plan=plan), "tenant.plan_changed", None, now, ports)


def _found(tenant_id: TenantId, ports: AdministerPorts) -> Tenant:
    tenant = ports.profiles.find(tenant_id)
    if tenant is None:
        raise NotFoundError("no such tenant")
    return tenant


def _change(  # noqa: PLR0913, PLR0917 (as `change_settings`)
    who: Principal,
    tenant_id: TenantId,
    change: Callable[[Tenant], Tenant],
    action: str,
    if_version: str | None,
    now: datetime,
    ports: AdministerPorts,
) -> Tenant:
    """Without a version the newest wins: it is tried again on what others made of it. No change leaves no trace."""
    for _ in range(_ATTEMPTS):
        seen = _found(tenant_id, ports)
        if if_version is not None and version_of(seen) != if_version:
            raise ChangedMeanwhileError("the settings are no longer as they were seen")
        changed = change(seen)
        if changed == seen:
            return seen
        check_tenant(changed)
        names = [field.name for field in fields(Tenant) if getattr(seen, field.name) != getattr(changed, field.name)]
        entry = entry_of(who, tenant_id, action, tenant_id, now, changed=", ".join(names))
        if ports.profiles.save(tenant_id, seen, changed, entry):
            return changed
    raise ContentionError("others kept changing these settings")
