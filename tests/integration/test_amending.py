"""What edits, revocations and reactions cost, and the rows that they leave."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import permutations
from typing import Any

import pytest

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client
from domain.deliveries import advance
from domain.messages import InboundMessage, MessageId
from domain.receive import receive
from domain.replies import ReplyState, SendOutcome
from domain.tenants import TenantId
from tests.builders import (
    ACME,
    ACME_NUMBER,
    ALICE,
    after,
    edit,
    job,
    message,
    number,
    reaction,
    recording,
    reply,
    revoke,
    status,
    tenant,
)
from tests.contracts.world import World
from tests.fakes.tenants import FakeTenants
from tests.fakes.world import Cast
from tests.integration.aws_world import AwsLook

Calls = list[str]


@contextmanager
def counted() -> Iterator[Calls]:
    """The calls of DynamoDB, by name."""
    calls: Calls = []

    def note(model: Any, **_: Any) -> None:
        calls.append(model.name)

    events = client("dynamodb").meta.events
    events.register("before-call.dynamodb", note, unique_id="counted")
    try:
        yield calls
    finally:
        events.unregister("before-call.dynamodb", unique_id="counted")


@pytest.fixture
def deliver(world: World) -> Callable[..., None]:
    def _deliver(*messages: InboundMessage, tenant_id: TenantId = ACME) -> None:
        cast = Cast(world, FakeTenants(number(tenant(tenant_id))))
        for one in messages:
            receive(one, ACME_NUMBER, ports=cast.receive_ports)

    return _deliver


class TestCalls:
    """The way of every message has as many calls as without all this."""

    def test_an_ordinary_message_is_one_transaction(self, deliver: Callable[..., None]) -> None:
        deliver(message(message_id="wamid.0"))
        with counted() as calls:
            deliver(message(at=after(seconds=5)))
        assert calls == ["TransactWriteItems"]

    def test_so_is_what_became_of_a_reply(self, world: World) -> None:
        world.record(recording())
        with counted() as calls:
            world.ledger.claim(ACME, job(), reply(job()), "en")
            world.ledger.settle(ACME, job(), reply(job()), SendOutcome(ReplyState.SENT, MessageId("wamid.out.1")))
        assert calls == ["TransactWriteItems", "TransactWriteItems"]

    def test_a_status_is_read_and_written(self, world: World) -> None:
        world.record(recording())
        world.ledger.claim(ACME, job(), reply(job()), "en")
        with counted() as calls:
            known = world.deliveries.known(ACME, MessageId("wamid.out.1"))
            world.deliveries.save(ACME, known, advance(known, status(reply_id=reply(job()).reply_id)))
        assert calls == ["GetItem", "TransactWriteItems"]

    def test_a_message_behind_its_edit_is_tried_until_all_is_known(self, deliver: Callable[..., None]) -> None:
        """Once to learn that the customer has written since, once what waits, and each of it again with the other."""
        deliver(edit())
        with counted() as calls:
            deliver(message())
        assert calls == ["TransactWriteItems"] * 4

    def test_a_reaction_is_three_calls_more_than_a_message(self, deliver: Callable[..., None]) -> None:
        deliver(message())
        with counted() as calls:
            deliver(reaction())
        assert calls == ["TransactWriteItems", "GetItem", "GetItem", "TransactWriteItems"]


class TestRows:
    def test_whatever_the_order_the_row_is_the_same(self, deliver: Callable[..., None], look: AwsLook) -> None:
        told = [message(), edit(), edit("the green one?", "wamid.edit.2", at=after(seconds=15)), revoke()]
        rows = []
        for n, order in enumerate(permutations(told)):
            tenant_id = TenantId(f"acme-{n}")
            deliver(*order, *order, tenant_id=tenant_id)
            row = look.row(
                "ConversationsTable",
                keys.message(tenant_id, ALICE.first_customer_id(tenant_id), recording().position),
            )
            rows.append({name: value for name, value in row.items() if name not in {"conversationId", "tenantId"}})
        assert len(rows) == 24
        assert all(row == rows[0] for row in rows)
        assert (rows[0]["editedWords"], rows[0]["disposition"], rows[0]["reason"]) == (
            "the green one?",
            "record",
            "revoked",
        )

    def test_the_row_names_when_it_was_edited_and_revoked(self, deliver: Callable[..., None], look: AwsLook) -> None:
        deliver(message(), edit(), revoke(), reaction())
        position = recording().position
        row = look.row("ConversationsTable", keys.message(ACME, ALICE.first_customer_id(ACME), position))
        assert row["words"] == "Do you have the blue mug?"
        assert row["editedAt"] == "2026-11-22T12:00:10.000000Z"
        assert row["revokedAt"] == "2026-11-22T12:00:20.000000Z"
        assert [said["emoji"] for said in row["reactions"].values()] == ["👍"]

    def test_the_change_names_the_message_that_it_changes(self, deliver: Callable[..., None], look: AwsLook) -> None:
        """So what waits on that message's pointer can be found from the customer's own rows."""
        deliver(edit())
        position = recording(edit()).position
        row = look.row("ConversationsTable", keys.message(ACME, ALICE.first_customer_id(ACME), position))
        assert (row["targetId"], "words" in row) == ("wamid.in.1", False)

    def test_nothing_waits_any_longer_once_the_message_has_come(
        self, deliver: Callable[..., None], look: AwsLook
    ) -> None:
        deliver(edit(), reaction())
        pointer = look.row("ConversationsTable", keys.pointer(ACME, message().message_id))
        assert set(pointer) == {"conversationId", "sk", "tenantId", "waiting", "amended"}
        deliver(message())
        pointer = look.row("ConversationsTable", keys.pointer(ACME, message().message_id))
        assert not {"waiting", "amended", "due"} & set(pointer)

    def test_the_longest_edit_of_the_longest_message_fits(self, deliver: Callable[..., None], look: AwsLook) -> None:
        long = "\U0001f44d" * 65_000
        deliver(message(long, raw={"text": {"body": long}}), edit(long, raw={"edit": {"body": long}}))
        position = recording().position
        row = look.row("ConversationsTable", keys.message(ACME, ALICE.first_customer_id(ACME), position))
        assert len(row["editedWords"]) == 4096
