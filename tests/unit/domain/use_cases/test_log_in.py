from __future__ import annotations

import pytest

from domain.access import Role
from domain.errors import LogInRefusedError, UnauthenticatedError
from domain.identify import identify
from domain.log_in import (
    Challenge,
    ChallengeKind,
    LoggedIn,
    LogInRefusal,
    Tokens,
    answer_challenge,
    checked_code,
    log_in,
    log_out,
)
from domain.members import ViewAs
from tests.builders import ACME, NOON, after
from tests.fakes.people import FakeIdentity
from tests.people import ABE, ADA, OLIVE, member

ADAS = Tokens("access:ada", "refresh:ada")
TOTP = Challenge(ChallengeKind.TOTP, "ada", "session-1")


@pytest.fixture
def ports() -> FakeIdentity:
    return FakeIdentity.with_people(OLIVE, ADA, ABE)


def actions(ports: FakeIdentity) -> list[tuple[str, str]]:
    return [(entry.action, entry.subject) for entry in ports.store.trail]


def test_a_token_is_who_its_member_row_says(ports: FakeIdentity) -> None:
    principal = identify("access:abe", now=NOON, ports=ports)
    assert (principal.subject, principal.name, principal.role, principal.tenant_id) == (
        "abe",
        "Abe",
        Role.TENANT_AGENT,
        ACME,
    )


def test_nobodys_token_is_refused(ports: FakeIdentity) -> None:
    with pytest.raises(UnauthenticatedError):
        identify("access:nobody", now=NOON, ports=ports)


def test_an_operator_is_one_by_row_and_group(ports: FakeIdentity) -> None:
    assert identify("access:olive:operator", now=NOON, ports=ports).role is Role.OPERATOR
    with pytest.raises(UnauthenticatedError):
        identify("access:olive", now=NOON, ports=ports)


def test_a_group_alone_makes_nobody_an_operator(ports: FakeIdentity) -> None:
    assert identify("access:ada:operator", now=NOON, ports=ports).role is Role.TENANT_ADMIN


def test_an_operators_view_ends_by_itself() -> None:
    ports = FakeIdentity.with_people(member("olive", Role.OPERATOR, views_as=ViewAs(ACME, after(minutes=30))))
    assert identify("access:olive:operator", now=after(minutes=29), ports=ports).tenant_id == ACME
    assert identify("access:olive:operator", now=after(minutes=30), ports=ports).tenant_id is None


def test_the_right_password_logs_in_and_is_on_record(ports: FakeIdentity) -> None:
    ports.sessions.passwords["ada@example.com"] = ("right", ADAS)
    outcome = log_in(" ada@example.com ", "right", now=NOON, ports=ports)
    assert isinstance(outcome, LoggedIn)
    assert (outcome.tokens, outcome.principal.subject) == (ADAS, "ada")
    assert actions(ports) == [("session.begun", "ada")]


def test_a_wrong_one_does_neither(ports: FakeIdentity) -> None:
    with pytest.raises(LogInRefusedError):
        log_in("ada@example.com", "wrong", now=NOON, ports=ports)
    assert actions(ports) == []


def test_who_is_nobodys_member_is_not_let_in(ports: FakeIdentity) -> None:
    ports.sessions.passwords["left@example.com"] = ("right", Tokens("access:left", "refresh:left"))
    with pytest.raises(UnauthenticatedError):
        log_in("left@example.com", "right", now=NOON, ports=ports)
    assert actions(ports) == []


def test_one_question_may_follow_another(ports: FakeIdentity) -> None:
    first = Challenge(ChallengeKind.NEW_PASSWORD, "ada", "session-0")
    ports.sessions.passwords["ada@example.com"] = ("invited", first)
    ports.sessions.answers = {("session-0", " of my own "): TOTP, ("session-1", "123456"): ADAS}
    assert log_in("ada@example.com", "invited", now=NOON, ports=ports) == first
    assert answer_challenge(first, " of my own ", now=NOON, ports=ports) == TOTP
    assert actions(ports) == []
    assert isinstance(answer_challenge(TOTP, "123 456", now=NOON, ports=ports), LoggedIn)
    assert actions(ports) == [("session.begun", "ada")]


@pytest.mark.parametrize("given", ["", "12345", "1234567", "12345a", "１２３４５６"])
def test_what_is_no_code_is_not_sent(ports: FakeIdentity, given: str) -> None:
    ports.sessions.answers = {("session-1", given): ADAS}
    with pytest.raises(LogInRefusedError) as raised:
        answer_challenge(TOTP, given, now=NOON, ports=ports)
    assert raised.value.reason is LogInRefusal.CODE


def test_a_code_is_read_with_gaps() -> None:
    assert checked_code(" 123 456\n") == "123456"


def test_a_log_out_ends_the_refresh_token_and_is_on_record(ports: FakeIdentity) -> None:
    log_out(ADA.principal(NOON), "refresh:ada", now=NOON, ports=ports)
    assert ports.sessions.ended == ["refresh:ada"]
    assert actions(ports) == [("session.ended", "ada")]


def test_a_log_out_of_nobody_is_none(ports: FakeIdentity) -> None:
    log_out(None, None, now=NOON, ports=ports)
    assert (ports.sessions.ended, actions(ports)) == ([], [])
