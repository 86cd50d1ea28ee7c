"""Use case: everything of one seller is deleted, in every place, with a receipt.

    suspend ──▶ close ──▶ wait ──▶ delete, place by place ──▶ look again ──▶ forget
                numbers,           until nothing is left                     the profile
                members

Closing comes first: without a number nothing reaches the seller any more, and workers believe what they have read of it
for a minute at most. The profile goes last: as long as it stands, whoever was stopped runs it again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from domain.errors import ContentionError, NotFoundError
from domain.operator_log import ActionState, OperatorAction, OperatorLog
from domain.tenants import Tenant, TenantId, TenantStatus

COMMAND = "tenant delete"
_LOOKS = 5

Step = Callable[[str], None]


class TenantPlace(Protocol):
    """Somewhere that holds things of tenants."""

    @property
    def name(self) -> str: ...
    @property
    def closes(self) -> bool:
        """Whether things reach the tenant by what is in here: it goes before all else."""

    def count(self, tenant_id: TenantId) -> int: ...
    def erase(self, tenant_id: TenantId) -> int:
        """How many were deleted. What is gone can go again."""


class TenantRemovals(Protocol):
    def find(self, tenant_id: TenantId) -> Tenant | None: ...

    def suspend(self, tenant_id: TenantId) -> None:
        """Without a trace in the tenant's own trail, which goes too."""

    def forget(self, tenant_id: TenantId) -> None:
        """Deletes the profile, the last of all rows."""


@dataclass(frozen=True, slots=True)
class DeleteTenantPorts:
    removals: TenantRemovals
    places: Sequence[TenantPlace]
    log: OperatorLog
    wait: Callable[[], None]
    """Until no worker believes any longer that the tenant is there."""


@dataclass(frozen=True, slots=True)
class Emptied:
    place: str
    found: int
    deleted: int
    left: int


@dataclass(frozen=True, slots=True)
class TenantReceipt:
    tenant_id: TenantId
    name: str
    operator: str
    identity: str
    begun_at: datetime
    dry_run: bool
    places: tuple[Emptied, ...]

    @property
    def complete(self) -> bool:
        return not self.dry_run and not any(place.left for place in self.places)


def would_delete(tenant_id: TenantId, action: OperatorAction, ports: DeleteTenantPorts) -> TenantReceipt:
    """What there is, with nothing done. Raises `NotFoundError`."""
    tenant = _found(tenant_id, ports)
    counts = {place.name: place.count(tenant_id) for place in ports.places}
    places = tuple(Emptied(name, found, 0, found) for name, found in counts.items())
    return _receipt(tenant, action, places, dry_run=True)


def delete_tenant(
    tenant_id: TenantId, action: OperatorAction, ports: DeleteTenantPorts, step: Step = lambda _: None
) -> TenantReceipt:
    """Raises `NotFoundError`, and `ContentionError` where things kept coming: run it again."""
    tenant = _found(tenant_id, ports)
    running = replace(action, command=COMMAND, subject=tenant_id, state=ActionState.RUNNING)
    ports.log.put(running)
    if tenant.status is not TenantStatus.SUSPENDED:
        ports.removals.suspend(tenant_id)
    step("look")
    found = {place.name: place.count(tenant_id) for place in ports.places}
    deleted = dict.fromkeys(found, 0)
    for place in (place for place in ports.places if place.closes):
        step(place.name)
        deleted[place.name] += place.erase(tenant_id)
    step("wait")
    ports.wait()
    left = _empty(tenant_id, ports, deleted, step)
    places = tuple(Emptied(name, found[name], deleted[name], left[name]) for name in found)
    counts = {"deleted": sum(deleted.values()), "left": sum(left.values())}
    if any(left.values()):
        ports.log.put(replace(running, state=ActionState.FAILED, counts=counts))
        raise ContentionError("something of the tenant kept coming: run it again")
    ports.removals.forget(tenant_id)
    ports.log.put(replace(running, state=ActionState.DONE, counts=counts))
    return _receipt(tenant, action, places, dry_run=False)


def _empty(tenant_id: TenantId, ports: DeleteTenantPorts, deleted: dict[str, int], step: Step) -> dict[str, int]:
    """What is left of each place: a job that was under way may write after the place was emptied."""
    left = dict[str, int]()
    for _ in range(_LOOKS):
        for place in ports.places:
            step(place.name)
            deleted[place.name] += place.erase(tenant_id)
        step("look again")
        left = {place.name: place.count(tenant_id) for place in ports.places}
        if not any(left.values()):
            break
    return left


def _found(tenant_id: TenantId, ports: DeleteTenantPorts) -> Tenant:
    tenant = ports.removals.find(tenant_id)
    if tenant is None:
        raise NotFoundError("no such tenant")
    return tenant


def _receipt(tenant: Tenant, action: OperatorAction, places: tuple[Emptied, ...], *, dry_run: bool) -> TenantReceipt:
    return TenantReceipt(
        tenant.tenant_id, tenant.name, action.operator, action.identity, action.at, dry_run=dry_run, places=places
    )
