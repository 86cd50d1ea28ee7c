from __future__ import annotations

from dataclasses import dataclass

import pytest

from domain.access import Principal
from domain.audit_trail import done_by
from domain.errors import ForbiddenError, NotFoundError
from domain.identify import identify
from domain.tenants import Tenant, TenantId
from domain.view_as import begin_view, end_view
from tests.builders import ACME, GLOBEX, NOON, after, tenant
from tests.fakes.people import FakeIdentity, FakeViews
from tests.people import ABE, ADA, OLIVE

TOKEN = "access:olive:operator"


class OneTenant:
    def tenant(self, tenant_id: TenantId) -> Tenant | None:
        return tenant() if tenant_id == ACME else None


@dataclass(frozen=True)
class Ports:
    views: FakeViews
    tenants: OneTenant


@pytest.fixture
def people() -> FakeIdentity:
    return FakeIdentity.with_people(OLIVE, ADA, ABE)


@pytest.fixture
def ports(people: FakeIdentity) -> Ports:
    return Ports(people.views, OneTenant())


@pytest.fixture
def olive() -> Principal:
    return OLIVE.principal(NOON)


def test_an_operator_belongs_to_nobody_until_they_view_as_one(
    people: FakeIdentity, ports: Ports, olive: Principal
) -> None:
    with pytest.raises(ForbiddenError):
        olive.tenant()
    viewing = begin_view(olive, ACME, now=NOON, ports=ports)
    assert viewing.tenant() == ACME
    assert identify(TOKEN, now=after(minutes=29), ports=people) == viewing
    assert identify(TOKEN, now=after(minutes=30), ports=people) == olive
    assert end_view(viewing, now=NOON, ports=ports) == olive
    assert identify(TOKEN, now=NOON, ports=people) == olive


def test_beginning_and_end_stand_in_both_trails(people: FakeIdentity, ports: Ports, olive: Principal) -> None:
    end_view(begin_view(olive, ACME, now=NOON, ports=ports), now=after(minutes=5), ports=ports)
    for trail in (ACME, None):
        told = [(one.action, one.subject, one.on_behalf_of) for one in people.audit_trail.page(trail, 10).entries]
        assert told == [("view.ended", "olive", ACME), ("view.begun", "olive", ACME)]


def test_what_is_done_while_viewing_is_done_on_behalf_of_the_tenant(ports: Ports, olive: Principal) -> None:
    viewing = begin_view(olive, ACME, now=NOON, ports=ports)
    entry = done_by(viewing, "settings.changed", "acme", now=NOON)
    assert (entry.tenant_id, entry.on_behalf_of, entry.subject) == (ACME, ACME, "olive")
    assert done_by(ADA.principal(NOON), "settings.changed", "acme", now=NOON).on_behalf_of is None


def test_a_tenant_that_is_not_there_is_not_viewed(people: FakeIdentity, ports: Ports, olive: Principal) -> None:
    with pytest.raises(NotFoundError):
        begin_view(olive, GLOBEX, now=NOON, ports=ports)
    assert people.store.trail == []


def test_nobody_else_views_as_anybody(people: FakeIdentity, ports: Ports) -> None:
    for person in (ADA, ABE):
        with pytest.raises(ForbiddenError):
            begin_view(person.principal(NOON), ACME, now=NOON, ports=ports)
        with pytest.raises(ForbiddenError):
            end_view(person.principal(NOON), now=NOON, ports=ports)
    assert people.store.trail == []


def test_the_end_of_no_view_is_nothing(people: FakeIdentity, ports: Ports, olive: Principal) -> None:
    assert end_view(olive, now=NOON, ports=ports) == olive
    assert people.store.trail == []
