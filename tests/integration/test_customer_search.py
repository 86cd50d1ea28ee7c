"""One customer under all their names, and nobody who has one of them by now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from adapters.aws_clients import client
from adapters.dynamodb_customer_places import ConversationsPlace, CustomersPlace, delete_rows
from adapters.dynamodb_values import to_item
from domain.customer_data import Asked
from domain.customers import CustomerIdentity
from domain.deliveries import advance
from domain.errors import ServiceUnavailableError
from domain.messages import MessageId
from domain.replies import ReplyState, SendOutcome
from tests.builders import ACME, ALICE, BOB, after, job, message, opt_out, recording, reply, status
from tests.contracts.world import World
from tests.integration.aws_world import AwsLook

HERS = ALICE.first_customer_id(ACME)
OLD = CustomerIdentity(phone="12025550100")
FORMER = OLD.first_customer_id(ACME)


def put(look: AwsLook, table: str, row: Mapping[str, Any]) -> None:
    client("dynamodb").put_item(TableName=look.resources.tables[table], Item=to_item(row))


@pytest.fixture
def merged(world: World, look: AwsLook) -> World:
    """She had another number once; the two have been merged."""
    world.record(recording(message("from before", "wamid.old", sender=OLD, raw={"from": OLD.phone})))
    world.record(recording(message("hello", "wamid.new", raw={"from": ALICE.phone, "from_user_id": ALICE.user_id})))
    put(look, "CustomersTable", {"phoneNumber": "acme#12025550100", "aliasOf": "acme#12025550143", "customerId": HERS})
    put(
        look,
        "CustomersTable",
        {"phoneNumber": f"acme#{ALICE.user_id}", "aliasOf": "acme#12025550143", "customerId": HERS},
    )
    client("dynamodb").update_item(
        TableName=look.resources.tables["CustomersTable"],
        Key={"phoneNumber": {"S": "acme#12025550143"}},
        UpdateExpression="SET formerCustomerIds = :former",
        ExpressionAttributeValues={":former": {"SS": [FORMER]}},
    )
    client("dynamodb").update_item(
        TableName=look.resources.tables["ConversationsTable"],
        Key={"conversationId": {"S": f"acme#{FORMER}"}, "sk": {"S": "state"}},
        UpdateExpression="SET mergedInto = :into",
        ExpressionAttributeValues={":into": {"S": HERS}},
    )
    return world


@pytest.mark.parametrize(
    "asked",
    [
        Asked("12025550143"),
        Asked("12025550100"),
        Asked(ALICE.user_id or ""),
        Asked(customer_id=HERS),
        Asked(customer_id=FORMER),
    ],
    ids=["phone", "former phone", "user id", "id", "former id"],
)
def test_from_any_name_to_all(merged: World, asked: Asked) -> None:
    found = merged.search.find(ACME, asked)
    assert set(found.customer_ids) == {HERS, FORMER}
    assert set(found.identities) == {"12025550143", "12025550100", ALICE.user_id}


def test_aliases_and_former_conversations_go_as_well(merged: World, look: AwsLook) -> None:
    subject = merged.search.find(ACME, Asked("12025550100"))
    erasure = merged.erasures.begin(ACME, subject, "erasure-1", after(hours=1))
    assert erasure is not None
    place = ConversationsPlace(look.resources.tables["ConversationsTable"])
    place.erase(ACME, erasure.subject)
    merged.erasures.finish(ACME, erasure)
    assert look.rows("ConversationsTable") == []
    assert all("#erased#" in row["phoneNumber"] for row in look.rows("CustomersTable"))
    assert len(look.rows("CustomersTable")) == 3


def test_a_number_that_somebody_else_has_by_now_is_theirs(world: World) -> None:
    """She wrote from Bob's number before it was his."""
    first = message("from before", "wamid.old", raw={"from": BOB.phone})
    world.record(recording(first))
    world.record(recording(message("mine", "wamid.bob", sender=BOB, raw={"from": BOB.phone})))
    found = world.search.find(ACME, Asked("12025550143"))
    assert BOB.phone not in found.identities
    assert found.customer_ids == (HERS,)
    assert world.erasures.begin(ACME, found, "erasure-1", after(hours=1)) is not None
    assert world.look.customer(ACME, BOB) is not None


def test_one_more_name_since_the_look_is_looked_for_again(world: World) -> None:
    world.record(recording(message(sender=CustomerIdentity(phone=ALICE.phone))))
    found = world.search.find(ACME, Asked("12025550143"))
    world.record(recording(message(message_id="wamid.2", at=after(minutes=1))))
    assert world.erasures.begin(ACME, found, "erasure-1", after(hours=1)) is None
    assert world.look.customer(ACME, ALICE) is not None


def test_who_never_wrote_has_a_row_all_the_same(world: World, look: AwsLook) -> None:
    world.opt_outs.keep(ACME, ALICE, opt_out())
    subject = world.search.find(ACME, Asked("12025550143"))
    customers = CustomersPlace(look.resources.tables["CustomersTable"])
    conversations = ConversationsPlace(look.resources.tables["ConversationsTable"])
    assert [record.kind for record in customers.records(ACME, subject)] == ["profile"]
    assert [record.kind for record in conversations.records(ACME, subject)] == ["consent"]


# --- what the deletion meets ---


def test_a_reply_that_is_settled_between_look_and_deletion_leaves_no_row(
    world: World, look: AwsLook, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.record(recording())
    world.ledger.claim(ACME, job(), reply(job()), "en")
    subject = world.search.find(ACME, Asked("12025550143"))
    erasure = world.erasures.begin(ACME, subject, "erasure-1", after(hours=1))
    assert erasure is not None
    dynamodb = client("dynamodb")
    settled: list[int] = []
    write = dynamodb.transact_write_items

    def meanwhile(**params: Any) -> Any:
        if not settled:
            settled.append(1)
            sent = SendOutcome(ReplyState.SENT, MessageId("wamid.out.1"))
            world.ledger.settle(ACME, job(), reply(job()), sent)
        return write(**params)

    monkeypatch.setattr(dynamodb, "transact_write_items", meanwhile)
    ConversationsPlace(look.resources.tables["ConversationsTable"]).erase(ACME, erasure.subject)
    assert [row["sk"] for row in look.rows("ConversationsTable")] == ["erasure"]


def test_what_dynamodb_leaves_undone_is_asked_for_again(look: AwsLook, monkeypatch: pytest.MonkeyPatch) -> None:
    table = look.resources.tables["ConversationsTable"]
    rows = [{"conversationId": "acme#1", "sk": f"e#{n:02}"} for n in range(60)]
    for row in rows:
        put(look, "ConversationsTable", row)
    dynamodb, sizes = client("dynamodb"), []
    write = dynamodb.batch_write_item

    def partly(*, RequestItems: Any) -> Any:  # noqa: N803 (boto3's own name)
        requests = RequestItems[table]
        sizes.append(len(requests))
        write(RequestItems={table: requests[:10]})
        return {"UnprocessedItems": {table: requests[10:]} if requests[10:] else {}}

    monkeypatch.setattr(dynamodb, "batch_write_item", partly)
    assert delete_rows(table, iter(rows)) == 60
    assert look.rows("ConversationsTable") == []
    assert sizes == [25, 15, 5, 25, 15, 5, 10]


def test_and_not_for_ever(look: AwsLook, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*, RequestItems: Any) -> Any:  # noqa: N803 (boto3's own name)
        return {"UnprocessedItems": RequestItems}

    monkeypatch.setattr(client("dynamodb"), "batch_write_item", never)
    with pytest.raises(ServiceUnavailableError):
        delete_rows(look.resources.tables["ConversationsTable"], [{"conversationId": "acme#1", "sk": "e#1"}])


# --- rows of messages that nobody knows ---


def test_a_status_of_a_stranger_expires_until_the_message_is_known(world: World, look: AwsLook) -> None:
    def expiry(message_id: str) -> Any:
        row = look.row("ConversationsTable", {"conversationId": f"acme#{message_id}", "sk": "#pointer"})
        return row.get("expiresAt")

    for message_id in ("wamid.out.1", "wamid.in.1"):
        update = status("delivered", message_id)
        known = world.deliveries.known(ACME, update.message_id)
        assert world.deliveries.save(ACME, known, advance(known, update))
        assert expiry(message_id) == int(after(days=90, seconds=10).timestamp())
    read = status("read", "wamid.out.1", at=after(days=1))
    known = world.deliveries.known(ACME, read.message_id)
    assert world.deliveries.save(ACME, known, advance(known, read))
    assert expiry("wamid.out.1") == int(after(days=90, seconds=10).timestamp())

    world.record(recording())
    assert expiry("wamid.in.1") is None
    world.ledger.claim(ACME, job(), reply(job()), "en")
    world.ledger.settle(ACME, job(), reply(job()), SendOutcome(ReplyState.SENT, MessageId("wamid.out.1")))
    assert expiry("wamid.out.1") is None
