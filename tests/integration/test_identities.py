"""What identities cost, and the rows that they leave."""

from __future__ import annotations

from typing import Any

import pytest

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client
from adapters.dynamodb_values import to_item
from domain.conversations import TwoCustomers
from domain.customers import CustomerIdentity
from tests.builders import ACME, PERSON_REQUESTED, after, message, recording
from tests.contracts.identifying import (
    BOTH,
    BY_PHONE,
    BY_USER_ID,
    PHONE,
    USER_ID,
    moved,
    split,
    tie,
    two_customers,
    united,
    written,
)
from tests.contracts.world import World
from tests.integration.aws_world import AwsLook
from tests.integration.conflicts import Conflicts

ORDINARY = 5
"""Pointer, customer, state, message, usage."""


@pytest.fixture
def transactions(monkeypatch: pytest.MonkeyPatch, world: World) -> Conflicts:  # noqa: ARG001 (the tables come first)
    return Conflicts().install(monkeypatch)


def sizes(transactions: Conflicts) -> list[int]:
    """How many items each had, in order."""
    return [len(items) for items in transactions.attempts]


@pytest.mark.parametrize("sender", [BY_PHONE, BOTH], ids=["phone", "both"])
def test_who_is_known_costs_one_transaction_of_five_items(
    world: World, transactions: Conflicts, sender: CustomerIdentity
) -> None:
    for n in range(2):
        world.record(written(n, BOTH))
    transactions.attempts.clear()
    world.record(written(3, sender))
    assert sizes(transactions) == [ORDINARY]


def test_the_first_meeting_writes_the_alias_in_the_same_transaction(world: World, transactions: Conflicts) -> None:
    world.record(written(0, BY_PHONE))
    transactions.attempts.clear()
    world.record(written(1, BOTH))
    assert sizes(transactions) == [ORDINARY, ORDINARY + 1]


def test_who_writes_by_another_identity_is_found_by_the_refusal(world: World, transactions: Conflicts) -> None:
    world.record(written(0, BOTH))
    transactions.attempts.clear()
    world.record(written(1, BY_USER_ID))
    assert sizes(transactions) == [ORDINARY, ORDINARY]


def test_an_alias_stands_in_no_index_and_says_where_it_leads(world: World, look: AwsLook) -> None:
    one = world.record(written(0, BOTH)).customer_id
    alias = look.row("CustomersTable", keys.filed(ACME, USER_ID))
    row = keys.filed(ACME, PHONE)["phoneNumber"]
    assert alias == {**keys.filed(ACME, USER_ID), "tenantId": ACME, "customerId": one, "aliasOf": row}
    assert look.row("CustomersTable", keys.filed(ACME, PHONE))["aliases"] == {keys.filed(ACME, USER_ID)["phoneNumber"]}


def test_a_row_of_before_there_were_aliases_gets_its_own(world: World, look: AwsLook) -> None:
    world.record(written(0, BOTH))
    table = look.resources.tables["CustomersTable"]
    client("dynamodb").delete_item(TableName=table, Key=to_item(keys.filed(ACME, USER_ID)))
    client("dynamodb").update_item(
        TableName=table,
        Key=to_item(keys.filed(ACME, PHONE)),
        UpdateExpression="REMOVE aliases",
    )
    world.record(written(1, BOTH))
    assert world.customers.find(ACME, BY_USER_ID) == BY_PHONE.first_customer_id(ACME)


def test_of_the_one_that_went_the_inbox_and_the_due_index_show_nothing(world: World, look: AwsLook) -> None:
    first, second = two_customers(world)
    tie(world)
    state = look.row("ConversationsTable", keys.state(ACME, second))
    assert state["mergedInto"] == first
    assert not {"inbox", "due", "dueAt", "owner", "awaiting"} & set(state)


def test_the_merge_is_kept_with_what_caused_it_and_what_was(world: World, look: AwsLook) -> None:
    first, second = two_customers(world)
    before = [look.row("CustomersTable", keys.filed(ACME, key)) for key in (PHONE, USER_ID)]
    states = [look.row("ConversationsTable", keys.state(ACME, one)) for one in (first, second)]
    tie(world)

    def merges() -> list[dict[str, object]]:
        return [row for row in look.rows("ConversationsTable") if row["sk"].startswith("i#")]

    [row] = merges()
    assert (row["customerId"], row["formerCustomerId"], row["cause"]) == (first, second, "wamid.tie")
    assert [row[side]["customer"] for side in ("survivor", "former")] == before  # type: ignore[index]
    assert [row[side]["state"] for side in ("survivor", "former")] == states  # type: ignore[index]
    assert split(world, second)
    [undone] = merges()
    assert undone == {**row, "undoneAt": undone["undoneAt"], "undoneBy": "ana"}


def test_what_others_keep_on_these_rows_goes_with_the_owner_and_comes_back(world: World, look: AwsLook) -> None:
    first, second = two_customers(world)
    called = message("I want to talk to a human", "wamid.call", at=after(minutes=3), sender=BY_USER_ID)
    world.record(recording(called, PERSON_REQUESTED))
    for table, key in (("ConversationsTable", keys.state(ACME, second)), ("CustomersTable", keys.filed(ACME, USER_ID))):
        client("dynamodb").update_item(
            TableName=look.resources.tables[table],
            Key=to_item(key),
            UpdateExpression="SET remindedAt = :at",
            ExpressionAttributeValues=to_item({":at": "then"}),
        )
    tie(world)
    assert look.row("ConversationsTable", keys.state(ACME, first))["remindedAt"] == "then"
    assert split(world, second)
    assert "remindedAt" not in look.row("ConversationsTable", keys.state(ACME, first))
    assert look.row("ConversationsTable", keys.state(ACME, second))["remindedAt"] == "then"
    assert look.row("CustomersTable", keys.filed(ACME, USER_ID))["remindedAt"] == "then"


def test_a_long_thread_of_two_shows_no_gap(world: World) -> None:
    for n in range(60):
        world.record(written(n, BY_PHONE))
    for n in range(60, 65):
        world.record(written(n, BY_USER_ID))
    result = world.conversations.record(ACME, written(70, BOTH))
    assert isinstance(result, TwoCustomers)
    one = united(world, written(70, BOTH)).customer_id
    positions = [entry.message_id for entry in world.thread(one).unanswered()]
    assert positions == [*(f"wamid.{n}" for n in range(65)), "wamid.70"]


def test_a_notice_costs_no_more_than_it_must(world: World, transactions: Conflicts) -> None:
    world.record(written(0, BY_PHONE))
    transactions.attempts.clear()
    united(world, moved(1, BY_PHONE, after(minutes=1), wa_id="12025550188"))
    assert sizes(transactions) == [ORDINARY, ORDINARY + 1]


def test_who_is_merged_between_two_reads_is_read_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    two_customers(world)
    identities: Any = world.identities
    read_state, reads = identities._row, 0

    def merged_meanwhile(key: Any) -> Any:
        nonlocal reads
        reads += 1
        if reads == 1:
            monkeypatch.setattr(identities, "_row", read_state)
            tie(world)
        return read_state(key)

    monkeypatch.setattr(identities, "_row", merged_meanwhile)
    parties = [identities.party(ACME, key) for key in (USER_ID, PHONE)]
    assert reads == 1
    assert parties[0] is not None
    assert parties[0].customer.customer_id == parties[1].customer.customer_id
