from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters import dynamodb_keys as keys
from adapters.dynamodb_audit_trail import DynamoAuditTrail
from adapters.dynamodb_members import DynamoMembers, DynamoViews
from adapters.dynamodb_operator_log import DynamoOperatorLog
from adapters.dynamodb_users import DynamoUsers
from domain.access import Role
from domain.members import Member, ViewAs
from domain.operator_log import ActionState, OperatorAction
from tests.builders import ACME, NOON, after
from tests.contracts import membership
from tests.contracts.membership import Place, entry
from tests.integration.aws_world import AwsLook
from tests.integration.template_resources import TemplateResources
from tests.people import ABE, ADA, OLIVE


@pytest.fixture
def place(resources: TemplateResources) -> Place:
    tenants, conversations = resources.tables["TenantsTable"], resources.tables["ConversationsTable"]
    return Place(
        DynamoMembers(tenants, conversations),
        DynamoUsers(tenants, cache_seconds=0),
        DynamoViews(tenants, conversations),
        DynamoAuditTrail(conversations),
    )


@pytest.fixture
def olive(place: Place) -> Member:
    assert isinstance(place.users, DynamoUsers)
    place.users.put_operator(OLIVE)
    return OLIVE


class TestMembers(membership.MembersContract): ...


class TestViews(membership.ViewsContract): ...


class TestAuditTrail(membership.AuditTrailContract): ...


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def users_at(resources: TemplateResources) -> Callable[[Clock], DynamoUsers]:
    return lambda clock: DynamoUsers(resources.tables["TenantsTable"], cache_seconds=60, clock=clock)


def test_a_member_is_remembered_for_a_minute(place: Place, users_at: Callable[[Clock], DynamoUsers]) -> None:
    clock = Clock()
    users = users_at(clock)
    place.add(ADA, ABE)
    assert users.user("abe") == ABE
    place.members.remove(ACME, ABE, entry("member.removed", ABE))
    clock.now = 59
    assert users.user("abe") == ABE
    clock.now = 61
    assert users.user("abe") is None


def test_an_operator_is_not(place: Place, olive: Member, users_at: Callable[[Clock], DynamoUsers]) -> None:
    users = users_at(Clock())
    assert users.user(olive.subject) == OLIVE
    place.views.put(olive.subject, ViewAs(ACME, after(minutes=30)), [])
    assert users.user(olive.subject) == replace(OLIVE, views_as=ViewAs(ACME, after(minutes=30)))


def test_nor_is_who_was_nobody(place: Place, users_at: Callable[[Clock], DynamoUsers]) -> None:
    users = users_at(Clock())
    assert users.user("ada") is None
    place.add(ADA)
    assert users.user("ada") == ADA


def test_an_entry_is_forgotten_after_400_days(place: Place, look: AwsLook) -> None:
    place.audit_trail.write(entry("settings.changed", ADA))
    key = keys.audit_entry(ACME, "2026-11-22T12:00:00.000000Z", "settings.changed-ada")
    assert look.row("ConversationsTable", key)["expiresAt"] == int((NOON + timedelta(days=400)).timestamp())


def test_the_operators_trail_tells_of_what_was_done_on_their_machines(
    place: Place, resources: TemplateResources
) -> None:
    log = DynamoOperatorLog(resources.tables["ConversationsTable"])
    action = OperatorAction(
        action_id="a1",
        at=NOON,
        operator="ana",
        identity="arn:aws:iam::123456789012:user/ana",
        command="dlq redrive",
        subject="0c1f77aa",
        state=ActionState.DONE,
        counts={"redriven": 3},
        reason="Alice, +1 202 555 0143, asked for it",
    )
    log.put(action)
    place.audit_trail.write(entry("view.begun", ADA, tenant_id=None, at=after(hours=1)))
    viewed, told = place.audit_trail.page(None, 10).entries
    assert viewed.action == "view.begun"
    assert (told.action, told.name, told.role, told.object_id) == ("dlq redrive", "ana", Role.OPERATOR, "0c1f77aa")
    assert told.details == {"state": "done", "redriven": "3"}
    assert log.newest(1) == [action]
