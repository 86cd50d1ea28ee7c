"""Transactions that meet others: tried again, counted elsewhere, and given up in the end; never lost, never twice."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from adapters.dynamodb_keys import Key
from adapters.dynamodb_opt_outs import DynamoOptOuts
from adapters.dynamodb_usage import FEW_ITEMS, MANY_ITEMS, read_usage, spread
from domain.conversations import Handover, ReplyJob
from domain.customers import CustomerIdentity
from domain.deliveries import advance, expected
from domain.errors import ContentionError, ServiceUnavailableError
from domain.escalations import EscalationReason
from domain.messages import MessageId
from domain.opt_out import OptOut
from domain.replies import ReplyState, SendOutcome
from tests.builders import (
    ACME,
    ALICE,
    MONTH,
    NOON,
    after,
    escalation,
    job,
    message,
    opt_out,
    recording,
    reply,
    status,
)
from tests.contracts.world import World
from tests.integration.aws_world import AwsLook
from tests.integration.conflicts import Conflicts
from tests.integration.template_resources import TemplateResources


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The longest that each pause may be; none is really made."""
    longest: list[float] = []

    def uniform(_: float, most: float) -> float:
        longest.append(most)
        return most

    monkeypatch.setattr(random, "uniform", uniform)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    return longest


@pytest.fixture
def conflicts(monkeypatch: pytest.MonkeyPatch, world: World, pauses: list[float]) -> Conflicts:  # noqa: ARG001 (the tables come first, and no pause is made)
    return Conflicts().install(monkeypatch)


def months(look: AwsLook) -> list[str]:
    return sorted(row["month"] for row in look.rows("TenantUsageTable"))


def first_recorded(world: World) -> None:
    """A customer whose later messages need one transaction each."""
    world.record(recording(message(message_id="wamid.0", at=after(seconds=-1))))


class TestRecord:
    @pytest.mark.parametrize(("left", "items"), [(1, FEW_ITEMS), (2, MANY_ITEMS), (5, MANY_ITEMS)])
    def test_what_met_another_is_tried_again_on_a_spill_item_and_readers_sum(
        self, world: World, look: AwsLook, conflicts: Conflicts, left: int, items: int
    ) -> None:
        first_recorded(world)
        conflicts.left = left
        assert world.record(recording()).new
        quiet, spilled, mark = months(look)
        assert (quiet, mark) == (MONTH, f"{MONTH}#spilled")
        month, _, n = spilled.partition("#")
        assert month == MONTH
        assert 0 <= int(n) < items
        assert look.usage(ACME, MONTH) == {"messages": 2, "messages_text": 2, "customers": 1}
        assert len(world.thread(recording().customer_id).entries) == 2

    def test_who_was_hot_is_not_tried_on_one_item_again(
        self, world: World, look: AwsLook, conflicts: Conflicts
    ) -> None:
        conflicts.left = 1
        for n in range(12):
            world.record(recording(message(message_id=f"wamid.{n}", at=after(seconds=n))))
        assert MONTH not in months(look)
        assert look.usage(ACME, MONTH)["messages"] == 12

    def test_another_worker_learns_it_from_the_mark(self, world: World, look: AwsLook, conflicts: Conflicts) -> None:
        conflicts.left = 2
        world.record(recording())
        spread.forget()
        world.record(recording(message(message_id="wamid.2", at=after(seconds=1))))
        assert MONTH not in months(look)
        assert look.usage(ACME, MONTH)["messages"] == 2

    def test_a_mark_that_says_more_is_not_taken_back(self, world: World, look: AwsLook, conflicts: Conflicts) -> None:
        conflicts.left = 2
        world.record(recording())
        spread.forget()
        conflicts.left = 1
        world.record(recording(message(message_id="wamid.2", at=after(seconds=1))))
        mark = next(row for row in look.rows("TenantUsageTable") if row["month"].endswith("#spilled"))
        assert mark["widely"]

    def test_pauses_grow_and_are_bounded(self, world: World, conflicts: Conflicts, pauses: list[float]) -> None:
        first_recorded(world)
        conflicts.left = 5
        world.record(recording())
        assert pauses == [0.02, 0.04, 0.08, 0.16, 0.32]

    def test_conflicts_without_end_are_an_error_that_comes_back(
        self, world: World, look: AwsLook, conflicts: Conflicts
    ) -> None:
        first_recorded(world)
        before, usage = look.rows("ConversationsTable"), look.usage(ACME, MONTH)
        conflicts.left = 1000
        with pytest.raises(ContentionError):
            world.conversations.record(ACME, recording())
        assert (look.rows("ConversationsTable"), look.usage(ACME, MONTH)) == (before, usage)
        conflicts.left = 0
        assert world.record(recording()).new

    def test_a_transaction_that_is_still_under_way_is_a_conflict_too(self, world: World, conflicts: Conflicts) -> None:
        first_recorded(world)
        conflicts.left, conflicts.code = 1, "TransactionInProgressException"
        assert world.record(recording()).new

    @pytest.mark.parametrize("reason", ["ThrottlingError", "ProvisionedThroughputExceeded"])
    def test_a_table_that_is_throttled_is_an_error_that_comes_back(
        self, world: World, conflicts: Conflicts, reason: str
    ) -> None:
        conflicts.left, conflicts.reason = 1, reason
        with pytest.raises(ServiceUnavailableError):
            world.conversations.record(ACME, recording())

    def test_many_spilled_counts_add_up_exactly(
        self, world: World, resources: TemplateResources, conflicts: Conflicts
    ) -> None:
        for n in range(30):
            conflicts.left = n % 4
            world.record(recording(message(message_id=f"wamid.{n}", at=after(seconds=n))))
        counted = read_usage(resources.tables["TenantUsageTable"], ACME, MONTH)
        assert counted == {"messages": 30, "messages_text": 30, "customers": 1}


def handed_over(world: World, of: ReplyJob) -> bool:
    handover = Handover(of.message_id, EscalationReason.NO_ANSWER, NOON, told=True)
    return world.conversations.hand_over(ACME, handover, escalation(of))


def claimed(world: World, of: ReplyJob) -> bool:
    return world.ledger.claim(ACME, of, reply(of), "en")


def settled(world: World, of: ReplyJob) -> None:
    world.ledger.settle(ACME, of, reply(of), SendOutcome(ReplyState.SENT, MessageId("wamid.out.1")))


def told(world: World, of: ReplyJob) -> bool:
    known = world.deliveries.known(ACME, MessageId("wamid.out.1"))
    update = status("sent", reply_id=reply(of).reply_id, billable_category="service")
    return world.deliveries.save(ACME, known, advance(known, update))


class TestAlone:
    """A write in no transaction that meets one."""

    @pytest.fixture
    def of(self, world: World) -> ReplyJob:
        world.record(recording())
        of = job()
        claimed(world, of)
        settled(world, of)
        return of

    def _read(self, world: World, of: ReplyJob) -> bool:
        update = status("read", reply_id=reply(of).reply_id)
        known = expected(update)
        assert known is not None
        return world.deliveries.save(ACME, known, advance(known, update))

    def test_it_is_tried_again(self, world: World, of: ReplyJob, conflicts: Conflicts, pauses: list[float]) -> None:
        pauses.clear()
        conflicts.left_alone = 3
        assert self._read(world, of)
        assert world.reply(of).delivery == "read"
        assert pauses == [0.02, 0.04, 0.08]

    def test_conflicts_without_end_are_an_error_that_comes_back(
        self, world: World, of: ReplyJob, conflicts: Conflicts
    ) -> None:
        conflicts.left_alone = 1000
        with pytest.raises(ContentionError):
            self._read(world, of)
        assert world.reply(of).delivery is None

    def test_a_page_that_is_opened_while_a_message_comes_says_what_was_seen(
        self, world: World, of: ReplyJob, conflicts: Conflicts
    ) -> None:
        conflicts.left_alone = 3
        world.inbox.mark_seen(ACME, of.customer_id, 1)
        [line] = world.inbox.lines(ACME, [of.customer_id])
        assert (conflicts.left_alone, line.seen) == (0, 1)


class TestOthers:
    """What counts something spills; what counts nothing is only tried again."""

    @pytest.mark.parametrize(
        ("write", "counter"), [(settled, "replies"), (told, "replies"), (told, "billable_service")]
    )
    def test_what_follows_a_claim_is_counted_though_the_month_is_hot(
        self,
        world: World,
        look: AwsLook,
        conflicts: Conflicts,
        write: Callable[[World, ReplyJob], None],
        counter: str,
    ) -> None:
        world.record(recording())
        assert claimed(world, job())
        conflicts.left = 4
        write(world, job())
        assert months(look)[1].startswith(f"{MONTH}#")
        assert look.usage(ACME, MONTH)[counter] == 1
        assert world.reply(job()).state is ReplyState.SENT

    def test_a_hand_over_is_counted_though_the_month_is_hot(
        self, world: World, look: AwsLook, conflicts: Conflicts
    ) -> None:
        world.record(recording())
        conflicts.left = 4
        assert handed_over(world, job())
        assert look.usage(ACME, MONTH)["escalations"] == 1

    def test_a_claim_is_tried_again(self, world: World, conflicts: Conflicts) -> None:
        world.record(recording())
        conflicts.left = 5
        assert claimed(world, job())
        assert world.reply(job()).attempts == 1


def test_forty_messages_of_many_customers_at_once_are_counted_exactly(world: World, look: AwsLook) -> None:
    recordings = [
        recording(message(message_id=f"wamid.{n}", at=after(seconds=n), sender=_customer(n % 10))) for n in range(40)
    ]
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda of: world.record(of).new, [*recordings, *recordings]))
    assert sum(results) == 40
    assert look.usage(ACME, MONTH) == {"messages": 40, "messages_text": 40, "customers": 10}
    assert look.customers(ACME) == 10


def _customer(n: int) -> CustomerIdentity:
    return CustomerIdentity(phone=f"120255501{n:02}")


class Overtaken(DynamoOptOuts):
    """Between reading and writing, another worker keeps a newer word, once."""

    overtaken_by: OptOut | None = None

    def _read(self, key: Key) -> dict[str, Any]:
        row, newer, self.overtaken_by = super()._read(key), self.overtaken_by, None
        if newer is not None:
            self.keep(ACME, ALICE, newer)
        return row


def test_a_newer_word_on_offers_that_comes_between_reading_and_writing_holds(look: AwsLook) -> None:
    opt_outs = Overtaken(*(look.resources.tables[name] for name in ("ConversationsTable", "CustomersTable")))
    stop, resume = opt_out(), opt_out(False, since=after(seconds=1))
    opt_outs.overtaken_by = resume
    opt_outs.keep(ACME, ALICE, stop)
    assert look.opt_out(ACME, ALICE) == resume
    assert look.opt_outs(ACME, ALICE.first_customer_id(ACME)) == [stop, resume]
