"""The sparse index for the sweeper: what somebody must still see to is in it, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client
from adapters.dynamodb_values import to_item
from domain.conversations import RecordedBecause
from domain.customers import CustomerIdentity
from domain.deliveries import advance
from domain.due import DueKind
from domain.messages import MessageId
from domain.replies import Failure, ReplyState, SendOutcome
from tests.builders import ACME, PERSON_REQUESTED, UNDELIVERABLE, job, message, recording, reply, status
from tests.contracts.world import LONG_AFTER, World
from tests.integration.aws_world import AwsLook
from tests.integration.test_contention import claimed, handed_over, settled

FAILURE = Failure(130429, "Rate limit hit")


def due(look: AwsLook) -> list[str]:
    """Kinds of rows: state, m (a reply) or e (an escalation)."""
    return [kind for kind, _ in look.due()]


def test_a_message_is_due_from_when_it_is_stored(world: World, look: AwsLook) -> None:
    world.record(recording())
    assert look.due() == [("state", "2026-11-22T12:00:01.000000Z")]


def test_until_its_answer_is_claimed_and_then_that_is_until_it_is_sent(world: World, look: AwsLook) -> None:
    world.record(recording())
    assert claimed(world, job())
    assert due(look) == ["m"]
    settled(world, job())
    assert due(look) == []


@pytest.mark.parametrize(
    ("state", "expected"), [(ReplyState.UNCERTAIN, ["m"]), (ReplyState.READY, ["m"]), (ReplyState.FAILED, ["m"])]
)
def test_what_is_unclear_or_waits_or_failed_stays_due(
    world: World, look: AwsLook, state: ReplyState, expected: list[str]
) -> None:
    world.record(recording())
    assert claimed(world, job())
    world.ledger.settle(ACME, job(), reply(job()), SendOutcome(state, failure=FAILURE))
    assert due(look) == expected


@pytest.mark.parametrize("word", ["sent", "failed"])
def test_until_a_status_settles_it(world: World, look: AwsLook, word: str) -> None:
    world.record(recording())
    assert claimed(world, job())
    world.ledger.settle(ACME, job(), reply(job()), SendOutcome(ReplyState.UNCERTAIN, failure=FAILURE))
    known = world.deliveries.known(ACME, MessageId("wamid.out.1"))
    update = status(word, reply_id=reply(job()).reply_id, failure=UNDELIVERABLE if word == "failed" else None)
    assert world.deliveries.save(ACME, known, advance(known, update))
    # Nobody waits for what was sent; but of what failed somebody must hear, whatever becomes of this very worker.
    assert due(look) == (["m"] if word == "failed" else [])


def test_handed_over_the_escalation_is_due_until_it_is_published(world: World, look: AwsLook) -> None:
    world.record(recording())
    assert handed_over(world, job())
    assert due(look) == ["e"]
    pending = world.conversations.pending_escalation(ACME, job().customer_id, job().position)
    assert pending is not None
    world.conversations.escalation_published(ACME, pending)
    assert due(look) == []


def test_escalated_by_a_rule_too(world: World, look: AwsLook) -> None:
    world.record(recording(message(message_id="wamid.1")))
    world.record(recording(message(message_id="wamid.2"), PERSON_REQUESTED))
    assert due(look) == ["e"]


def test_what_needs_no_reply_is_not_due(world: World, look: AwsLook) -> None:
    world.record(recording())
    burst = world.thread(job().customer_id).unanswered()
    assert world.conversations.leave_unanswered(ACME, job(), burst, RecordedBecause.THANKS)
    assert due(look) == []


def test_the_index_itself_brings_it(world: World, look: AwsLook) -> None:
    world.record(recording())
    values: Any = to_item({":due": keys.due(job().customer_id)})
    found = client("dynamodb").query(
        TableName=look.resources.tables["ConversationsTable"],
        IndexName="DueIndex",
        KeyConditionExpression="due = :due",
        ExpressionAttributeValues=values,
    )
    assert found["Count"] == 1


def test_no_partition_is_always_the_last_to_be_looked_at(world: World) -> None:
    for n in range(8):
        sender = CustomerIdentity(phone=f"1202555010{n}")
        world.record(recording(message(message_id=f"wamid.{n}", sender=sender)))
    first = {next(iter(world.due.overdue(LONG_AFTER, 320))).customer_id for _ in range(40)}
    assert len(first) > 1


def test_a_row_of_a_kind_that_this_version_does_not_know_is_left_to_the_one_that_does(
    world: World, look: AwsLook
) -> None:
    world.record(recording())
    table: Any = look.resources.tables["ConversationsTable"]
    row = {**keys.state(ACME, job().customer_id), "sk": "x#of-tomorrow", "due": keys.due(job().customer_id)}
    client("dynamodb").put_item(TableName=table, Item=to_item({**row, "dueAt": "2026-11-22T12:00:00.000000Z"}))
    assert [item.kind for item in world.overdue()] == [DueKind.CONVERSATION]


def test_a_tenants_conversations_stand_by_owner_and_time(world: World, look: AwsLook) -> None:
    world.record(recording(decision=PERSON_REQUESTED))
    row = next(row for row in look.rows("ConversationsTable") if row["sk"] == keys.STATE)
    assert row["inbox"] == "acme#waiting_for_person"
    assert row["lastInboundAt"] == "2026-11-22T12:00:00.000000Z"
