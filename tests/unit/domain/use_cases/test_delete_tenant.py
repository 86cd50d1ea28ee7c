"""Everything of a seller goes, whoever dies meanwhile and whatever still comes in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from domain.delete_tenant import DeleteTenantPorts, delete_tenant, would_delete
from domain.errors import ContentionError, NotFoundError
from domain.operator_log import ActionState, OperatorAction
from domain.tenants import Tenant, TenantId, TenantStatus

ACME = TenantId("acme")
ACTION = OperatorAction("a1", datetime(2026, 11, 22, tzinfo=UTC), "ada", "", "", "", ActionState.RUNNING)


class DeadError(BaseException):
    pass


@dataclass
class World:
    """What there is of the tenant, by place."""

    things: dict[str, int] = field(default_factory=lambda: {"numbers": 2, "rows": 5, "files": 3})
    tenant: Tenant | None = field(default_factory=lambda: Tenant(ACME, "Acme"))
    log: list[OperatorAction] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    calls_left: int = -1

    def call(self, what: str) -> None:
        self.calls_left -= 1
        if self.calls_left == 0:
            raise DeadError
        self.done.append(what)

    # ---- the ports ---------------------------------------------------------------------------------------------

    def find(self, tenant_id: TenantId) -> Tenant | None:
        return self.tenant if tenant_id == ACME else None

    def suspend(self, _: TenantId) -> None:
        self.call("suspend")
        self.tenant = Tenant(ACME, "Acme", TenantStatus.SUSPENDED)

    def forget(self, _: TenantId) -> None:
        self.call("forget")
        self.tenant = None

    def put(self, action: OperatorAction) -> None:
        self.call(f"log {action.state}")
        self.log.append(action)

    def newest(self, limit: int) -> list[OperatorAction]:
        return self.log[-limit:]

    def ports(self, wait: Callable[[], None] | None = None) -> DeleteTenantPorts:
        places = [Place(self, "rows"), Place(self, "numbers", closes=True), Place(self, "files")]
        return DeleteTenantPorts(self, places, self, wait or (lambda: self.call("wait")))


@dataclass
class Place:
    world: World
    name: str
    closes: bool = False

    def count(self, _: TenantId) -> int:
        return self.world.things[self.name]

    def erase(self, _: TenantId) -> int:
        self.world.call(f"erase {self.name}")
        gone, self.world.things[self.name] = self.world.things[self.name], 0
        return gone


def test_numbers_go_first_and_the_profile_last() -> None:
    world = World()
    receipt = delete_tenant(ACME, ACTION, world.ports())

    assert receipt.complete
    assert {one.place: (one.found, one.deleted, one.left) for one in receipt.places} == {
        "rows": (5, 5, 0),
        "numbers": (2, 2, 0),
        "files": (3, 3, 0),
    }
    assert world.done[:4] == ["log running", "suspend", "erase numbers", "wait"]
    assert world.done[-2:] == ["forget", "log done"]
    assert world.log[-1].counts == {"deleted": 10, "left": 0}


def test_whoever_was_stopped_anywhere_runs_it_again() -> None:
    for calls in range(1, 10):
        world = World(calls_left=calls)
        with pytest.raises(DeadError):
            delete_tenant(ACME, ACTION, world.ports())
        if world.tenant is not None:
            delete_tenant(ACME, ACTION, world.ports())
        assert (world.things, world.tenant) == ({"numbers": 0, "rows": 0, "files": 0}, None)


class LatePlace(Place):
    """While it is emptied, a job that was under way writes to another one."""

    writes: int = 1

    def erase(self, tenant_id: TenantId) -> int:
        self.world.things["rows"] += 4 if self.writes else 0
        self.writes = max(self.writes - 1, 0)
        return super().erase(tenant_id)


def with_late_place(world: World, writes: int) -> DeleteTenantPorts:
    late = LatePlace(world, "files")
    late.writes = writes
    ports = world.ports()
    return replace(ports, places=[*ports.places[:2], late])


def test_what_a_job_under_way_still_writes_goes_too() -> None:
    world = World()
    receipt = delete_tenant(ACME, ACTION, with_late_place(world, writes=1))
    assert receipt.complete
    assert world.things["rows"] == 0


def test_what_keeps_coming_is_said_and_the_profile_stays() -> None:
    world = World()
    with pytest.raises(ContentionError):
        delete_tenant(ACME, ACTION, with_late_place(world, writes=99))
    assert world.tenant is not None
    assert world.log[-1].state is ActionState.FAILED


def test_a_look_deletes_nothing() -> None:
    world = World()
    receipt = would_delete(ACME, ACTION, world.ports())
    assert not receipt.complete
    assert world.done == []
    assert [one.left for one in receipt.places] == [5, 2, 3]


def test_nobody_of_that_name() -> None:
    with pytest.raises(NotFoundError):
        delete_tenant(TenantId("other"), ACTION, World().ports())
