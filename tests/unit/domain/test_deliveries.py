"""Delivery states: forward only, metered once, in whatever order Meta tells of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.deliveries import Delivery, DeliveryStatus, Progress, Reach, StatusUpdate, advance, earlier, expected
from domain.messages import MessageId
from domain.replies import Failure, ReplyId, ReplyPurpose, reply_id
from domain.usage import UsageDelta, month_of
from tests import builders

UNKNOWN = Delivery(MessageId("wamid.out.1"))
RANK = list(DeliveryStatus)
FAILURE = Failure(131026, "Message undeliverable")
UPDATES = [
    builders.status("sent", billable_category="service", reply_id=ReplyId("c|p|answer")),
    builders.status("delivered", billable_category="service"),
    builders.status("read"),
    builders.status("failed", failure=FAILURE),
    builders.status("warning"),
]


def after(updates: tuple[StatusUpdate, ...]) -> tuple[Delivery, list[Progress]]:
    delivery, steps = UNKNOWN, []
    for update in updates:
        steps.append(advance(delivery, update))
        delivery = steps[-1].delivery
    return delivery, steps


def rank(status: DeliveryStatus | None) -> int:
    return -1 if status is None else RANK.index(status)


@pytest.mark.parametrize("size", range(1, len(UPDATES) + 1))
def test_in_any_order_it_never_goes_back_and_is_metered_once(size: int) -> None:
    for updates in permutations(UPDATES, size):
        delivery, steps = after(updates)
        ranks = [rank(step.delivery.status) for step in steps]
        assert ranks == sorted(ranks)
        assert max(ranks) == max(RANK.index(DeliveryStatus(u.status)) if u.status in RANK else -1 for u in updates)
        charged = any(update.billable_category for update in updates)
        assert [metered for step in steps for metered in step.metered] == (
            [UsageDelta("2026-11", {"billable_service": 1})] if charged else []
        )
        assert delivery.metered is charged


def test_any_order_ends_in_the_same_place() -> None:
    assert len({after(updates)[0] for updates in permutations(UPDATES)}) == 1


@given(st.lists(st.sampled_from(UPDATES), max_size=12))
def test_repeated_statuses_change_nothing(updates: list[StatusUpdate]) -> None:
    delivery, steps = after(tuple(updates))
    again, repeated = after((*updates, *updates))
    assert again == delivery
    assert not any(step.moved or step.metered for step in repeated[len(steps) :])


def test_a_failure_shows_until_the_message_arrives_after_all() -> None:
    failed = advance(UNKNOWN, UPDATES[3]).delivery
    assert (failed.status, failed.failure) == (DeliveryStatus.FAILED, FAILURE)
    delivered = advance(failed, UPDATES[1]).delivery
    assert (delivered.status, delivered.failure) == (DeliveryStatus.DELIVERED, None)
    assert not advance(delivered, UPDATES[3]).moved


def test_a_word_that_nobody_knows_moves_nothing_but_is_metered() -> None:
    progress = advance(UNKNOWN, builders.status("teleported", billable_category="service"))
    assert not progress.moved
    assert progress.delivery.status is None
    assert progress.metered


def test_the_reply_that_it_is_about_is_kept_once_known() -> None:
    known = advance(UNKNOWN, UPDATES[0]).delivery
    assert advance(known, builders.status("read", reply_id=ReplyId("another"))).delivery.reply_id == "c|p|answer"
    assert advance(UNKNOWN, builders.status("read", reply_id=ReplyId("late"))).delivery.reply_id == "late"


def test_each_category_has_its_counter() -> None:
    progress = advance(UNKNOWN, builders.status("sent", billable_category="utility"))
    assert progress.metered == (UsageDelta("2026-11", {"billable_utility": 1}),)


IN_DECEMBER = builders.NOON + timedelta(days=20)
"""Of the month after."""


@pytest.mark.parametrize("size", range(1, 5))
def test_a_message_counts_once_as_free_unless_it_is_charged(size: int) -> None:
    told = [
        builders.status("sent", free_category="service"),
        builders.status("delivered", free_category="service", at=IN_DECEMBER),
        builders.status("read", billable_category="utility", at=IN_DECEMBER),
        builders.status("failed", failure=FAILURE),
    ]
    for updates in permutations(told, size):
        delivery, steps = after((*updates, *updates))
        counted: Counter[tuple[str, str]] = Counter()
        for metered in (metered for step in steps for metered in step.metered):
            counted.update({(metered.month, name): count for name, count in metered.counters.items()})
        left = {name: count for name, count in counted.items() if count}
        free = [update for update in updates if update.free_category]
        if told[2] in updates:
            assert left == {("2026-12", "billable_utility"): 1}
        else:
            assert left == ({(month_of(free[0].at), "free_service"): 1} if free else {})
        assert (delivery.metered, delivery.free is not None) == (
            told[2] in updates,
            bool(free) and told[2] not in updates,
        )


OURS = reply_id(builders.job().customer_id, builders.job().position, ReplyPurpose.ANSWER)
SENT = Delivery(UNKNOWN.message_id, reply_id=OURS)
"""A reply that the ledger says was sent, and of which Meta has told nothing."""


@pytest.mark.parametrize(
    ("known", "word", "price", "reach"),
    [
        (SENT, "sent", "service", Reach.MESSAGE),
        (SENT, "sent", None, Reach.REPLY),
        (SENT, "delivered", None, Reach.REPLY),
        (SENT, "delivered", "service", Reach.BOTH),
        (replace(SENT, status=DeliveryStatus.SENT, metered=True), "delivered", "service", Reach.REPLY),
        (replace(SENT, status=DeliveryStatus.READ), "delivered", "service", Reach.MESSAGE),
        (SENT, "failed", None, Reach.BOTH),
        (replace(SENT, status=DeliveryStatus.FAILED), "delivered", None, Reach.BOTH),
        (UNKNOWN, "sent", "service", Reach.BOTH),
    ],
)
def test_a_status_reaches_no_further_than_it_changes(
    known: Delivery, word: str, price: str | None, reach: Reach
) -> None:
    assert advance(known, builders.status(word, reply_id=OURS, billable_category=price)).reach is reach


def test_what_is_not_ours_reaches_no_reply() -> None:
    assert advance(UNKNOWN, builders.status("delivered")).reach is Reach.MESSAGE


@pytest.mark.parametrize("word", ["sent", "delivered", "read", "played"])
def test_of_a_reply_it_is_expected_that_it_was_sent(word: str) -> None:
    known = expected(builders.status(word, reply_id=OURS))
    assert known is not None
    assert known.reply_id == OURS
    assert known.status is (None if word == "sent" else DeliveryStatus.SENT)


@pytest.mark.parametrize(
    "update",
    [
        builders.status("delivered"),
        builders.status("sent", reply_id=ReplyId("another software's")),
        builders.status("failed", reply_id=OURS, failure=FAILURE),
        builders.status("teleported", reply_id=OURS),
        builders.status("delivered", reply_id=OURS, billable_category="service"),
        builders.status("read", reply_id=OURS, free_category="service"),
    ],
    ids=lambda update: update.status,
)
def test_of_all_else_it_must_be_read(update: StatusUpdate) -> None:
    assert expected(update) is None


def test_a_status_goes_forward_from_what_stands_below_it() -> None:
    assert earlier(DeliveryStatus.SENT) == ()
    assert earlier(DeliveryStatus.DELIVERED) == (DeliveryStatus.SENT, DeliveryStatus.FAILED)
