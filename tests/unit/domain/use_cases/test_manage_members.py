from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from domain.access import Principal, Role
from domain.errors import AlreadyExistsError, ForbiddenError, InvalidInputError, NotAllowedError, NotFoundError
from domain.manage_members import change_role, invite, list_members, remove
from domain.members import Member
from domain.ports_identity import Members, UserDirectory, Users
from domain.tenants import TenantId
from tests.builders import ACME, GLOBEX, NOON
from tests.fakes.crashes import Crash, Doom, When
from tests.fakes.people import FakeIdentity
from tests.people import ABE, ADA, GUS, OLIVE


@dataclass(frozen=True)
class Ports:
    members: Members
    directory: UserDirectory
    users: Users


@pytest.fixture
def people() -> FakeIdentity:
    """Their addresses are known to the user pool."""
    people = FakeIdentity.with_people(OLIVE, ADA, ABE, GUS)
    for person in (ADA, ABE, GUS):
        people.directory.users[person.email] = (person.subject, person.tenant_id)
        people.directory.come.add(person.subject)
    people.directory.users[OLIVE.email] = (OLIVE.subject, None)
    return people


@pytest.fixture
def ports(people: FakeIdentity) -> Ports:
    return Ports(people.members, people.directory, people.users)


def who(person: Member) -> Principal:
    return person.principal(NOON)


def invite_nia(ports: Ports, tenant_id: TenantId = ACME, by: Member = ADA) -> Member:
    return invite(who(by), tenant_id, " Nia@Example.com ", " Nia  Novak ", Role.TENANT_AGENT, now=NOON, ports=ports)


def test_an_invited_person_is_a_member_with_a_mail_on_its_way(people: FakeIdentity, ports: Ports) -> None:
    nia = invite_nia(ports)
    assert (nia.email, nia.name, nia.role, nia.tenant_id) == ("nia@example.com", "Nia Novak", Role.TENANT_AGENT, ACME)
    assert people.users.user(nia.subject) == nia
    assert people.directory.mails == [nia.subject]
    assert people.directory.tenant_of(nia.subject) == ACME
    [entry] = people.store.trail
    assert (entry.action, entry.object_id, entry.tenant_id, entry.on_behalf_of) == (
        "member.invited",
        nia.subject,
        ACME,
        None,
    )
    assert "nia" not in str(entry.details).lower()


def test_asked_again_before_they_came_another_mail_is_sent(people: FakeIdentity, ports: Ports) -> None:
    nia = invite_nia(ports)
    assert invite_nia(ports) == nia
    assert people.directory.mails == [nia.subject] * 2
    assert len(people.store.trail) == 1


@pytest.mark.parametrize("email", [ABE.email, GUS.email, OLIVE.email])
def test_an_address_that_is_somebodys_is_refused(people: FakeIdentity, ports: Ports, email: str) -> None:
    before = dict(people.directory.users), dict(people.store.people)
    with pytest.raises(AlreadyExistsError):
        invite(who(ADA), ACME, email, "Name", Role.TENANT_AGENT, now=NOON, ports=ports)
    assert (people.directory.users, people.store.people) == before


def test_an_address_left_behind_elsewhere_is_free_again(people: FakeIdentity, ports: Ports) -> None:
    del people.store.people[GUS.subject]
    member = invite(who(ADA), ACME, GUS.email, "Gus", Role.TENANT_AGENT, now=NOON, ports=ports)
    assert member.subject != GUS.subject
    assert people.directory.tenant_of(member.subject) == ACME


@pytest.mark.parametrize("email", ["", "a", "a@b", "a b@example.com", "a@@example.com", "<a@example.com>", "a" * 250])
def test_what_is_no_address_is_refused(ports: Ports, email: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        invite(who(ADA), ACME, email, "Name", Role.TENANT_AGENT, now=NOON, ports=ports)
    assert raised.value.field == "/email"


@pytest.mark.parametrize("name", ["", "  ", "a" * 101, "a\u202eb", "a\x00b"])
def test_what_is_no_name_is_refused(ports: Ports, name: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        invite(who(ADA), ACME, "nia@example.com", name, Role.TENANT_AGENT, now=NOON, ports=ports)
    assert raised.value.field == "/name"


def test_nobody_is_made_an_operator_here(people: FakeIdentity, ports: Ports) -> None:
    with pytest.raises(ForbiddenError):
        invite(who(OLIVE), ACME, "nia@example.com", "Nia", Role.OPERATOR, now=NOON, ports=ports)
    with pytest.raises(ForbiddenError):
        change_role(who(ADA), ACME, "abe", Role.OPERATOR, now=NOON, ports=ports)
    assert people.directory.mails == []


CHANGES: list[Callable[[Principal, TenantId, Ports], object]] = [
    lambda by, tenant_id, ports: invite(by, tenant_id, "n@example.com", "N", Role.TENANT_AGENT, now=NOON, ports=ports),
    lambda by, tenant_id, ports: change_role(by, tenant_id, "abe", Role.TENANT_ADMIN, now=NOON, ports=ports),
    lambda by, tenant_id, ports: remove(by, tenant_id, "abe", now=NOON, ports=ports),
]


@pytest.mark.parametrize("change", CHANGES)
def test_an_agent_changes_nobody(people: FakeIdentity, ports: Ports, change: Callable[..., object]) -> None:
    with pytest.raises(ForbiddenError):
        change(who(ABE), ACME, ports)
    assert people.store.trail == []


@pytest.mark.parametrize("change", CHANGES)
def test_another_tenants_admin_finds_nobody(people: FakeIdentity, ports: Ports, change: Callable[..., object]) -> None:
    with pytest.raises(NotFoundError):
        change(who(GUS), ACME, ports)
    with pytest.raises(NotFoundError):
        list_members(who(GUS), ACME, ports=ports)
    assert people.store.trail == []


@pytest.mark.parametrize("change", CHANGES)
def test_an_operator_may_and_the_tenant_sees_it(
    people: FakeIdentity, ports: Ports, change: Callable[..., object]
) -> None:
    change(who(OLIVE), ACME, ports)
    [entry] = people.store.trail
    assert (entry.subject, entry.role, entry.tenant_id, entry.on_behalf_of) == ("olive", Role.OPERATOR, ACME, ACME)


def test_members_are_listed_by_name(ports: Ports) -> None:
    assert list_members(who(ABE), ACME, ports=ports) == [ABE, ADA]


def test_a_new_role_is_on_record_and_the_same_one_is_none(people: FakeIdentity, ports: Ports) -> None:
    assert change_role(who(ADA), ACME, "abe", Role.TENANT_ADMIN, now=NOON, ports=ports).role is Role.TENANT_ADMIN
    change_role(who(ADA), ACME, "abe", Role.TENANT_ADMIN, now=NOON, ports=ports)
    [entry] = people.store.trail
    assert entry.details == {"before": "tenant_agent", "after": "tenant_admin"}


def test_who_is_removed_loses_row_and_user(people: FakeIdentity, ports: Ports) -> None:
    remove(who(ADA), ACME, "abe", now=NOON, ports=ports)
    assert people.users.user("abe") is None
    assert people.directory.tenant_of("abe") is None


def test_the_last_admin_keeps_both(people: FakeIdentity, ports: Ports) -> None:
    with pytest.raises(NotAllowedError):
        remove(who(ADA), ACME, "ada", now=NOON, ports=ports)
    assert people.users.user("ada") == ADA
    assert people.directory.tenant_of("ada") == ACME


@pytest.mark.parametrize("subject", ["gus", "olive", "nobody"])
def test_nobody_elses_member_is_removed(people: FakeIdentity, ports: Ports, subject: str) -> None:
    with pytest.raises(NotFoundError):
        remove(who(ADA), ACME, subject, now=NOON, ports=ports)
    assert people.directory.tenant_of("gus") == GLOBEX


@pytest.mark.parametrize("when", When)
@pytest.mark.parametrize("at_call", range(5))
def test_an_invitation_broken_off_anywhere_is_whole_when_asked_for_again(
    people: FakeIdentity, ports: Ports, at_call: int, when: When
) -> None:
    doom = Doom(at_call=at_call, when=when)
    try:
        invite_nia(doom.watch_all(ports))
    except Crash:
        assert len(doom.calls) == at_call + 1
    nia = invite_nia(ports)
    assert people.users.user(nia.subject) == nia
    assert people.directory.tenant_of(nia.subject) == ACME
    assert [entry.action for entry in people.store.trail] == ["member.invited"]


@pytest.mark.parametrize("when", When)
@pytest.mark.parametrize("at_call", range(3))
def test_a_removal_broken_off_anywhere_is_whole_when_asked_for_again(
    people: FakeIdentity, ports: Ports, at_call: int, when: When
) -> None:
    doom = Doom(at_call=at_call, when=when)
    with pytest.raises(Crash):
        remove(who(ADA), ACME, "abe", now=NOON, ports=doom.watch_all(ports))
    if people.directory.tenant_of("abe"):
        remove(who(ADA), ACME, "abe", now=NOON, ports=ports)
    assert people.users.user("abe") is None
    assert people.directory.tenant_of("abe") is None
    assert [entry.action for entry in people.store.trail] == ["member.removed"]
