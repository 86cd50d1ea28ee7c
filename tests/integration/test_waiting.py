"""Conversations that wait for a person, on the real tables: their rows, and the steps wherever a worker dies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client
from adapters.dynamodb_tenants import DynamoTenants
from adapters.dynamodb_values import to_item
from domain.change_owner import change_owner
from domain.ownership import Change
from domain.replies import ReplyPurpose
from domain.waiting import USUAL_TIMES, WaitingStep, WaitingTimes
from tests.builders import A_PERSON_PLEASE, ACME, ACME_NUMBER, ALICE, after, message, number, tenant
from tests.fakes.crashes import Doom, When
from tests.fakes.deployment import Deployment
from tests.fakes.tenants import FakeTenants
from tests.fakes.world import Cast
from tests.integration.aws_world import AwsLook, aws_world
from tests.integration.template_resources import TemplateResources

HIS = ALICE.first_customer_id(ACME)
TIMES = WaitingTimes(15, 30, 120)


def deployment(resources: TemplateResources, doom: Doom | None = None) -> Deployment:
    return Deployment(Cast(aws_world(resources), FakeTenants(number(tenant(waiting=TIMES)))), doom or Doom())


def doomed(n: int, when: When) -> Deployment:
    """With tables of its own."""
    resources = TemplateResources({"Suffix": f"-{when}-{n}"}).create_tables()
    return deployment(resources, Doom(n, when))


def nobody_comes(of: Deployment) -> None:
    of.deliver(message(A_PERSON_PLEASE))
    of.drain()
    of.sweep_until(after(hours=3), timedelta(minutes=16))


def repeated(of: Deployment) -> list[WaitingStep]:
    return [each.repeated_as for each in of.cast.escalations.published if each.repeated_as]


def notes(of: Deployment) -> int:
    return sum(post.reply_id.endswith(ReplyPurpose.WAITING_NOTE) for post in of.cast.messenger.posts)


def wait_row(look: AwsLook) -> dict[str, Any]:
    [row] = [row for row in look.rows("ConversationsTable") if row["sk"].startswith("w#")]
    return row


def test_the_row_explains_what_was_done(resources: TemplateResources, look: AwsLook) -> None:
    of = deployment(resources)
    nobody_comes(of)
    row = wait_row(look)
    assert row["sk"] == "w#2026-11-22T12:00:00.000000Z#wamid.in.1"
    assert (row["since"], row["step"], row["carriedOut"]) == ("2026-11-22T12:00:01.000000Z", "urgent", True)
    times = [row["reminderAt"], row["noteAt"], row["urgentAt"]]
    assert times == [f"2026-11-22T{at}:05.000000Z" for at in ("12:16", "12:32", "14:08")]
    assert "due" not in row
    assert "dueAt" not in row
    state = look.row("ConversationsTable", keys.state(ACME, HIS))
    assert (state["handoverStep"], state["handoverNoted"]) == ("urgent", True)


def test_and_who_ended_it(resources: TemplateResources, look: AwsLook) -> None:
    of = deployment(resources)
    of.deliver(message(A_PERSON_PLEASE))
    assert "due" in wait_row(look)
    change_owner(
        of.conversation,
        Change.TAKEN_OVER,
        by="ana",
        reason="asked to",
        now=after(minutes=5),
        ports=of.cast.track_ports,
        person="ana",
    )
    row = wait_row(look)
    assert (row["endedAt"], row["endedBy"]) == ("2026-11-22T12:05:00.000000Z", "taken_over")
    assert "due" not in row
    assert "step" not in row


def test_also_why_there_was_no_note(resources: TemplateResources, look: AwsLook) -> None:
    of = deployment(resources)
    of.deliver(message(A_PERSON_PLEASE))
    of.drain()
    for minutes in (16, 32, 38, 125):
        for item in of.world.waiting(after(minutes=minutes)):
            of.sweep(item, after(minutes=minutes))
        while of.cast.reply_jobs.take():
            pass  # lost
    row = wait_row(look)
    assert (row["step"], row["notNoted"], row["noteAt"]) == ("urgent", "too_late", "2026-11-22T12:32:00.000000Z")
    assert notes(of) == 0


def test_wherever_the_sweeper_dies_each_step_is_taken_once(resources: TemplateResources) -> None:
    healthy = deployment(resources)
    nobody_comes(healthy)
    steps = [n for n, call in enumerate(healthy.doom.calls) if call.startswith("DynamoWaits.") and "find" not in call]
    assert len(steps) >= 6
    for n in steps:
        for when in When:
            of = doomed(n, when)
            nobody_comes(of)
            assert list(dict.fromkeys(repeated(of))) == [WaitingStep.REMINDER, WaitingStep.URGENT]
            assert len({each.at for each in of.cast.escalations.published}) == 3
            assert notes(of) == 1


@pytest.mark.parametrize(
    ("given", "times"),
    [
        (None, USUAL_TIMES),
        ({}, USUAL_TIMES),
        ({"note": 45}, WaitingTimes(note=45)),
        ({"reminder": 0, "note": None, "urgent": -5}, WaitingTimes(None, None, None)),
    ],
)
def test_a_setting_that_somebody_wrote_by_hand(
    resources: TemplateResources, given: dict[str, Any] | None, times: WaitingTimes
) -> None:
    table = resources.tables["TenantsTable"]
    DynamoTenants(table, 0).put(number())
    values: Any = {":given": {"NULL": True} if given is None else {"M": _attributes(given)}}
    key: Any = to_item(keys.tenant_profile(ACME))
    client("dynamodb").update_item(
        TableName=table, Key=key, UpdateExpression="SET waiting = :given", ExpressionAttributeValues=values
    )
    found = DynamoTenants(table, 0).number(ACME_NUMBER)
    assert found is not None
    assert found.tenant.waiting == times


def _attributes(given: dict[str, Any]) -> dict[str, Any]:
    return {name: {"NULL": True} if value is None else {"N": str(value)} for name, value in given.items()}


def test_who_never_said_waits_as_is_usual(resources: TemplateResources) -> None:
    table = resources.tables["TenantsTable"]
    DynamoTenants(table, 0).put(number())
    key: Any = to_item(keys.tenant_profile(ACME))
    client("dynamodb").update_item(TableName=table, Key=key, UpdateExpression="REMOVE waiting")
    found = DynamoTenants(table, 0).number(ACME_NUMBER)
    assert found is not None
    assert found.tenant.waiting == USUAL_TIMES
