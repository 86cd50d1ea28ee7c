"""`Users`, `Members`, `Views` and `AuditTrail`: one truth of who may do what, and a word on each change of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import pytest

from domain.access import Principal, Role
from domain.audit_trail import AuditEntry, AuditTrail, done_by
from domain.errors import AlreadyExistsError, ContentionError, ForbiddenError, NotAllowedError
from domain.members import Member, ViewAs
from domain.ports_identity import Members, Users, Views
from tests.builders import ACME, GLOBEX, NOON, after
from tests.contracts.recording import at_once
from tests.people import ABE, ADA, GUS, OLIVE, member


@dataclass(frozen=True, slots=True)
class Place:
    """The ports over one set of rows."""

    members: Members
    users: Users
    views: Views
    audit_trail: AuditTrail

    def add(self, *people: Member) -> None:
        for person in people:
            assert person.tenant_id is not None
            self.members.add(person.tenant_id, person, entry("member.invited", person))

    def actions(self) -> list[str]:
        return [one.action for one in self.audit_trail.page(ACME, 100).entries]


def entry(action: str, person: Member, **changes: object) -> AuditEntry:
    who = Principal("ada", "Ada", Role.TENANT_ADMIN, person.tenant_id)
    plain = done_by(who, action, person.subject, now=NOON)
    return replace(plain, entry_id=f"{action}-{person.subject}", **changes)  # type: ignore[arg-type]  # of an entry


class MembersContract:
    def test_who_is_added_is_found_by_token_and_in_the_list(self, place: Place) -> None:
        place.add(ADA, ABE, GUS)
        assert place.users.user("abe") == place.members.member(ACME, "abe") == ABE
        assert sorted(place.members.members(ACME), key=lambda one: one.subject) == [ABE, ADA]
        assert place.members.member(GLOBEX, "abe") is None
        assert place.users.user("nobody") is None

    def test_added_twice_is_added_once(self, place: Place) -> None:
        place.add(ADA)
        again = replace(ADA, role=Role.TENANT_AGENT, name="Other")
        place.members.add(ACME, again, entry("member.again", again))
        assert place.members.members(ACME) == [ADA]
        assert place.actions() == ["member.invited"]

    def test_nobody_is_a_member_of_two(self, place: Place) -> None:
        place.add(ADA)
        elsewhere = replace(ADA, tenant_id=GLOBEX)
        with pytest.raises(AlreadyExistsError):
            place.members.add(GLOBEX, elsewhere, entry("member.invited", elsewhere))
        assert place.members.members(GLOBEX) == []
        assert place.users.user("ada") == ADA

    def test_a_new_role_holds_in_both_places(self, place: Place) -> None:
        place.add(ADA, ABE)
        place.members.change_role(ACME, ABE, Role.TENANT_ADMIN, entry("member.role_changed", ABE))
        promoted = ABE.with_role(Role.TENANT_ADMIN)
        assert place.users.user("abe") == place.members.member(ACME, "abe") == promoted
        assert "member.role_changed" in place.actions()

    def test_who_is_removed_is_nobody(self, place: Place) -> None:
        place.add(ADA, ABE)
        place.members.remove(ACME, ABE, entry("member.removed", ABE))
        assert place.users.user("abe") is None
        assert place.members.members(ACME) == [ADA]
        assert "member.removed" in place.actions()

    def test_the_last_admin_stays(self, place: Place) -> None:
        place.add(ADA, ABE, GUS)
        with pytest.raises(NotAllowedError):
            place.members.remove(ACME, ADA, entry("member.removed", ADA))
        with pytest.raises(NotAllowedError):
            place.members.change_role(ACME, ADA, Role.TENANT_AGENT, entry("member.role_changed", ADA))
        assert place.users.user("ada") == ADA
        assert place.actions() == ["member.invited"] * 2

    def test_two_admins_who_remove_each_other_at_once_leave_one(self, place: Place) -> None:
        ann = member("ann", Role.TENANT_ADMIN)
        place.add(ADA, ann)

        def removed(person: Member) -> bool:
            try:
                place.members.remove(ACME, person, entry("member.removed", person))
            except NotAllowedError:
                return False
            return True

        assert sorted(map(bool, at_once([partial(removed, ADA), partial(removed, ann)]))) == [False, True]
        assert len(place.members.members(ACME)) == 1

    def test_admins_come_and_go_and_are_counted_rightly(self, place: Place) -> None:
        place.add(ADA, ABE)
        place.members.change_role(ACME, ABE, Role.TENANT_ADMIN, entry("one", ABE))
        place.members.change_role(ACME, ADA, Role.TENANT_AGENT, entry("two", ADA))
        place.members.remove(ACME, ADA.with_role(Role.TENANT_AGENT), entry("three", ADA))
        with pytest.raises(NotAllowedError):
            place.members.remove(ACME, ABE.with_role(Role.TENANT_ADMIN), entry("four", ABE))

    def test_who_has_changed_since_they_were_read_is_left_alone(self, place: Place) -> None:
        place.add(ADA, ABE)
        seen_as_admin = ABE.with_role(Role.TENANT_ADMIN)
        with pytest.raises(ContentionError):
            place.members.remove(ACME, seen_as_admin, entry("member.removed", ABE))
        with pytest.raises(ContentionError):
            place.members.change_role(GLOBEX, ABE, Role.TENANT_ADMIN, entry("member.role_changed", ABE))
        assert place.users.user("abe") == ABE


class ViewsContract:
    def test_a_view_stands_on_the_operator_until_it_is_taken_off(self, place: Place, olive: Member) -> None:
        view = ViewAs(ACME, after(minutes=30))
        place.views.put(olive.subject, view, [entry("view.begun", ADA)])
        assert place.users.user(olive.subject) == replace(OLIVE, views_as=view)
        place.views.put(olive.subject, None, [entry("view.ended", ADA)])
        assert place.users.user(olive.subject) == OLIVE
        assert sorted(place.actions()) == ["view.begun", "view.ended"]

    @pytest.mark.parametrize("subject", ["ada", "nobody"])
    def test_nobody_but_an_operator_has_one(self, place: Place, subject: str) -> None:
        place.add(ADA)
        with pytest.raises(ForbiddenError):
            place.views.put(subject, ViewAs(GLOBEX, after(minutes=30)), [entry("view.begun", ADA)])
        assert place.users.user("ada") == ADA
        assert place.users.user("nobody") is None
        assert place.actions() == ["member.invited"]


class AuditTrailContract:
    def test_newest_first_and_page_by_page(self, place: Place) -> None:
        entries = [entry(f"a{n}", ADA, at=NOON + timedelta(microseconds=n)) for n in range(5)]
        for one in entries:
            place.audit_trail.write(one)
        first = place.audit_trail.page(ACME, 2)
        second = place.audit_trail.page(ACME, 2, first.next_position)
        third = place.audit_trail.page(ACME, 2, second.next_position)
        assert [*first.entries, *second.entries, *third.entries] == entries[::-1]
        assert third.next_position is None

    def test_each_trail_is_its_own(self, place: Place) -> None:
        for tenant_id in (ACME, GLOBEX, None):
            place.audit_trail.write(entry(f"by {tenant_id}", ADA, tenant_id=tenant_id))
        for tenant_id in (ACME, GLOBEX, None):
            page = place.audit_trail.page(tenant_id, 10)
            assert [(one.action, one.tenant_id) for one in page.entries] == [(f"by {tenant_id}", tenant_id)]

    def test_the_same_entry_again_is_one_entry(self, place: Place) -> None:
        whole = entry("settings.changed", ADA, on_behalf_of=ACME, details={"field": "language", "after": "es"})
        place.audit_trail.write(whole)
        place.audit_trail.write(whole)
        assert place.audit_trail.page(ACME, 10).entries == [whole]
