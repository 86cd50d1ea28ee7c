from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from domain.access import Role
from domain.errors import InvalidInputError
from domain.operator_log import ActionState, OperatorAction
from ops.errors import OpsError
from ops.operators.desk import Desk
from tests.fakes.crashes import Crash, Doom, When
from tests.fakes.people import FakeUsers, PeopleStore


@dataclass
class FakeGroup:
    users: dict[str, str] = field(default_factory=dict)

    def invite(self, email: str, name: str) -> str:  # noqa: ARG002 (kept by Cognito)
        return self.users.setdefault(email, f"sub-{len(self.users) + 1}")

    def subjects(self) -> dict[str, str]:
        return dict(self.users)

    def delete(self, subject: str) -> None:
        self.users = {email: known for email, known in self.users.items() if known != subject}


@dataclass
class FakeLog:
    actions: dict[str, OperatorAction] = field(default_factory=dict)

    def put(self, action: OperatorAction) -> None:
        self.actions[action.action_id] = action

    def newest(self, limit: int) -> list[OperatorAction]:
        return list(self.actions.values())[-limit:]


@pytest.fixture
def store() -> PeopleStore:
    return PeopleStore()


@pytest.fixture
def desk(store: PeopleStore) -> Desk:
    return Desk(FakeUsers(store), FakeGroup(), FakeLog(), "ana", "arn:aws:iam::123456789012:user/ana")


def log(desk: Desk) -> list[str]:
    assert {action.state for action in desk.log.newest(10)} == {ActionState.DONE}
    return [action.command for action in desk.log.newest(10)]


def test_an_invited_operator_has_row_and_group(desk: Desk, store: PeopleStore) -> None:
    told = desk.invite(" Olive@Example.com ", "Olive")
    assert (told.email, told.name) == ("olive@example.com", "Olive")
    assert store.people[told.subject].role is Role.OPERATOR
    assert store.people[told.subject].tenant_id is None
    assert desk.everybody().root == [told]
    assert desk.invite("olive@example.com", "Olive") == told
    assert log(desk) == ["operators invite"]


def test_a_removed_one_has_neither(desk: Desk, store: PeopleStore) -> None:
    told = desk.invite("olive@example.com", "Olive")
    assert desk.remove("olive@example.com") == told
    assert store.people == {}
    assert desk.everybody().root == []
    assert log(desk) == ["operators invite", "operators remove"]


def test_who_is_none_cannot_be_removed(desk: Desk) -> None:
    with pytest.raises(OpsError, match="no operator"):
        desk.remove("nobody@example.com")


def test_what_is_no_address_is_refused(desk: Desk) -> None:
    with pytest.raises(InvalidInputError):
        desk.invite("olive", "Olive")


CHANGES: list[Callable[[Desk], object]] = [
    lambda desk: desk.invite("olive@example.com", "Olive"),
    lambda desk: desk.remove("olive@example.com"),
]


@pytest.mark.parametrize("when", When)
@pytest.mark.parametrize("at_call", range(3))
def test_what_was_broken_off_is_whole_when_asked_for_again(
    desk: Desk, store: PeopleStore, at_call: int, when: When
) -> None:
    invite, remove = CHANGES
    doom = Doom(at_call=at_call, when=when)
    doomed = replace(desk, rows=doom.watch(desk.rows), group=doom.watch(desk.group))
    with pytest.raises(Crash):
        invite(doomed)
    invite(desk)
    assert [person.role for person in store.people.values()] == [Role.OPERATOR]
    doom = Doom(at_call=at_call, when=when)
    doomed = replace(desk, rows=doom.watch(desk.rows), group=doom.watch(desk.group))
    with pytest.raises(Crash):
        remove(doomed)
    if desk.everybody().root:
        remove(desk)
    assert store.people == {}
    assert desk.everybody().root == []
