"""What legacy rows become, and what is not lost of those that cannot become anything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from adapters.dynamodb_catalogue import product_of
from adapters.dynamodb_customers import customer_of
from adapters.dynamodb_inbox_lines import line_of
from adapters.dynamodb_opt_outs import opt_out_of
from adapters.dynamodb_rows import conversation_of, entry_of
from adapters.dynamodb_values import from_item, to_item
from domain.conversations import Owner, RecordedBecause, ThreadMessage
from domain.customers import first_customer_id
from domain.inbox import Speaker
from domain.product_feed import FeedDefaults
from domain.replies import Reply, ReplyState
from domain.tenants import PhoneNumberId, TenantId
from ops.migrate.rows import ASIDE, Transformed, digest_of
from ops.migrate.transforms import transform
from ops.migrate.transforms.context import Context
from tests.legacy_system import BEGAN, LegacySystem

ACME = TenantId("casa-verde")
LEGACY = LegacySystem("earlier")
CONTEXT = Context(
    datetime(2026, 1, 1, tzinfo=UTC),
    "new/tenants/",
    numbers={ACME: (PhoneNumberId("1099"),)},
    defaults={ACME: FeedDefaults("EUR", "de")},
)


def rows_of(transformed: Transformed) -> list[dict[str, Any]]:
    """As they come back from DynamoDB."""
    return [from_item(to_item(row.content)) for row in transformed.rows]


def state_of(transformed: Transformed) -> dict[str, Any]:
    return next(row for row in rows_of(transformed) if row.get("sk") == "state")


def test_a_conversation_becomes_a_thread_that_today_reads() -> None:
    done = transform("conversations", LEGACY.conversation(0), CONTEXT)

    rows = rows_of(done)
    state = conversation_of(state_of(done))
    entries = [entry_of(row) for row in rows if "direction" in row]
    question, answer, thanks = entries
    assert done.unfit == ()
    assert state.customer_id == first_customer_id(ACME, LEGACY.phone(0))
    assert state.last_inbound_at == BEGAN + timedelta(seconds=2)
    assert isinstance(question, ThreadMessage)
    assert question.decision.reason is RecordedBecause.EARLIER_SYSTEM
    assert isinstance(answer, Reply)
    assert (answer.state, answer.delivery, answer.text) == (ReplyState.SENT, "delivered", "Answer 1 of 0")
    assert isinstance(thanks, ThreadMessage)
    assert [row["position"] for row in rows if "direction" in row] == sorted(
        row["position"] for row in rows if "direction" in row
    )


def test_each_message_has_the_pointer_by_which_it_counts_once() -> None:
    done = transform("conversations", LEGACY.conversation(0), CONTEXT)

    pairs = [group for group in done.groups if len(group) == 2]
    assert [pointer.content["conversationId"] for pointer, _ in pairs] == [
        f"{ACME}#wamid.legacy-0-{n}" for n in range(3)
    ]
    assert all(pointer.content.get("position", message.content["position"]) for pointer, message in pairs)
    assert pairs[0][0].content["position"] == pairs[0][1].content["position"]


def test_whoever_was_not_answered_waits_for_a_person() -> None:
    row = LEGACY.conversation(0)
    assert state_of(transform("conversations", row, CONTEXT))["owner"] == Owner.WAITING
    long_ago = Context(BEGAN + timedelta(days=9), "", CONTEXT.numbers)
    assert state_of(transform("conversations", row, long_ago))["owner"] == Owner.ASSISTANT
    assert state_of(transform("conversations", row | {"status": "escalated"}, long_ago))["owner"] == Owner.WAITING
    assert state_of(transform("conversations", row | {"status": "closed"}, long_ago))["resolved"] is True


def test_the_list_of_conversations_shows_what_was_said_last_and_who_waits() -> None:
    line = line_of(state_of(transform("conversations", LEGACY.conversation(0), CONTEXT)))
    assert line.last is not None
    assert (line.last.by, line.last.words) == (Speaker.CUSTOMER, "Question 2 of 0")
    assert (line.inbound, line.seen, line.unanswered_since) == (2, 1, BEGAN + timedelta(seconds=2))
    answered = line_of(state_of(transform("conversations", LEGACY.conversation(0, more=1), CONTEXT)))
    assert (answered.inbound, answered.seen, answered.unanswered_since) == (2, 2, None)


def test_a_row_for_each_message_is_understood_too() -> None:
    row = {
        "conversationId": f"{ACME}#+49 151 000",
        "messageId": "wamid.one",
        "role": "user",
        "text": {"body": "Hello"},
        "timestamp": Decimal(1767603600000),
    }
    done = transform("conversations", row, CONTEXT)

    [pointer, message, state] = rows_of(done)
    assert (message["words"], message["at"]) == ("Hello", "2026-01-05T09:00:00.000000Z")
    assert (pointer["position"], state["phone"]) == (message["position"], "49151000")


def test_one_message_that_cannot_be_read_takes_no_other_along() -> None:
    row = LEGACY.conversation(0)
    row["messages"] = [*row["messages"], {"content": "who wrote this?", "timestamp": "2026-01-05"}, "no map"]

    done = transform("conversations", row, CONTEXT)

    assert len([group for group in done.groups if len(group) == 2]) == 3
    assert [(unfit.reason, unfit.part) for unfit in done.unfit] == [
        ("a message does not tell who wrote it", row["messages"][3]),
        ("a message has no time", "no map"),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"conversationId": "casa-verde#+49151"}, "no time"),
        ({"conversationId": "Casa_Verde#+49151000"}, "no id of today"),
        ({"tenantId": "nordlicht", "customerPhone": "+49151000"}, "0 numbers to choose from"),
        ({"tenantId": "casa-verde"}, "no phone number"),
        ({"tenantId": "nordlicht", "phoneNumber": "casa-verde#49151000"}, "filed under"),
    ],
)
def test_what_cannot_be_transformed_says_why(row: dict[str, Any], reason: str) -> None:
    done = transform("conversations", row, CONTEXT)
    assert done.groups == ()
    assert reason in done.unfit[0].reason


def test_what_has_no_place_today_is_kept_aside() -> None:
    assert state_of(transform("conversations", LEGACY.conversation(0), CONTEXT))[ASIDE] == {
        "aiContext": {"lastIntent": "price"}
    }


def test_a_tenant_becomes_profile_number_and_secret() -> None:
    done = transform("tenants", LEGACY.tenant(ACME) | {"stripeApiKey": "sk-made-up"}, CONTEXT)

    profile, number = rows_of(done)
    secret = f"new/tenants/{ACME}/{LEGACY.sellers[ACME]}"
    assert (profile["name"], profile["currency"], profile["plan"]) == ("Casa-Verde", "EUR", "pro")
    assert (number["sk"], number["accessTokenSecret"]) == (f"number#{LEGACY.sellers[ACME]}", secret)
    assert done.secrets == {secret: f"EAAG-{ACME}-made-up"}
    assert "made-up" not in str(rows_of(done))
    assert "made-up" not in repr(done)
    assert [unfit.reason for unfit in done.unfit] == ["left behind, it looks like a secret: stripeApiKey"]


def test_a_number_without_an_account_is_unfit_and_the_tenant_is_not() -> None:
    row = LEGACY.tenant(ACME)
    del row["whatsappBusinessAccountId"]
    done = transform("tenants", row, CONTEXT)
    assert [row["sk"] for row in rows_of(done)] == ["profile"]
    assert "no wabaId" in done.unfit[0].reason


def test_a_product_is_read_as_a_feed_is() -> None:
    [row] = rows_of(transform("products", LEGACY.product(ACME, 1), CONTEXT))

    product = product_of(row)
    assert (product.title, product.price.minor, product.price.currency) == ("Terracotta Pot 1", 1250, "EUR")
    assert (product.stock, product.active, product.language) == (11, True, "de")
    assert row[ASIDE] == {"warehouse": "B"}


def test_a_product_without_a_price_is_unfit() -> None:
    row = LEGACY.product(ACME, 1)
    del row["price"]
    assert [unfit.reason for unfit in transform("products", row, CONTEXT).unfit] == ["no price"]


def test_a_customer_keeps_the_identity() -> None:
    [row] = rows_of(transform("customers", LEGACY.customer(0), CONTEXT))

    customer = customer_of(row)
    assert row["phoneNumber"] == f"{ACME}#{LEGACY.phone(0)}"
    assert (customer.customer_id, customer.message_count) == (first_customer_id(ACME, LEGACY.phone(0)), 2)
    assert customer.active_months == {"2026-01"}


@pytest.mark.parametrize("told", [{"optedOut": True}, {"unsubscribed": "true"}, {"marketingOptIn": False}])
def test_who_wanted_no_offers_gets_none(told: dict[str, Any]) -> None:
    customer, word = rows_of(transform("customers", LEGACY.customer(0) | told, CONTEXT))
    kept = opt_out_of(customer)
    assert kept is not None
    assert kept.opted_out
    assert opt_out_of(word) == kept


def test_counters_are_put_as_they_are_and_unknown_ones_kept_aside() -> None:
    counters, aside = rows_of(transform("tenant-usage", LEGACY.usage(ACME, 7), CONTEXT))
    assert counters == {"tenantId": ACME, "month": "2026-01#migrated", "messages": 7, "replies": 7}
    assert aside[ASIDE] == {"tokensUsed": 1234}


@pytest.mark.parametrize("kind", ["conversations", "customers"])
def test_nobody_who_was_erased_comes_back(kind: str) -> None:
    context = Context(CONTEXT.unanswered_since, "", CONTEXT.numbers, erased=lambda *_: True)
    row = LEGACY.conversation(0) if kind == "conversations" else LEGACY.customer(0)
    done = transform(kind, row, context)
    assert done.groups == ()
    assert "erased" in done.unfit[0].reason


def test_a_digest_is_the_same_however_dynamodb_writes_it() -> None:
    one = {"n": 1, "s": {"b", "a"}, "m": {"x": Decimal("1.50")}, "none": None, "b": b"\x00"}
    assert digest_of(one) == digest_of(from_item(to_item(one)))
    assert digest_of(one) != digest_of(one | {"n": True})


def test_a_transform_is_the_same_whenever_it_is_made() -> None:
    first, second = (transform("conversations", LEGACY.conversation(0), CONTEXT) for _ in range(2))
    assert [row.digest for row in first.rows] == [row.digest for row in second.rows]
