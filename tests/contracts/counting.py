"""`Usage` and `UsageWatch`: a seller's month, and that they are told of it once."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from domain.account_alerts import AccountAlert
from domain.deliveries import advance
from domain.due import PATIENCE, DueKind
from domain.monthly_usage import MonthUsage
from domain.plans import Threshold
from domain.replies import Failure, ReplyState, SendOutcome
from domain.watch_usage import usage_alert
from tests.builders import (
    ACME,
    GLOBEX,
    MONTH,
    NOON,
    UNDELIVERABLE,
    after,
    job,
    message,
    number,
    recording,
    reply,
    status,
)
from tests.contracts.recording import NEXT_MONTH, at_once
from tests.contracts.world import World

NEAR = usage_alert(number(), MONTH, Threshold.NEAR, NOON)


class UsageContract:
    def test_a_month_is_all_that_was_counted_in_it(self, world: World) -> None:
        of = recording()
        world.record(of)
        assert world.usage.month(ACME, MONTH) == MonthUsage(
            MONTH, {"messages": 1, "messages_text": 1, "customers": 1}, last_message_at=of.message.received_at
        )

    def test_of_which_nothing_was_counted_is_empty(self, world: World) -> None:
        world.record(recording())
        assert world.usage.month(GLOBEX, MONTH) == MonthUsage(MONTH)
        assert world.usage.month(ACME, "2026-10") == MonthUsage("2026-10")

    def test_months_come_in_their_order_and_none_that_was_not_asked_for(self, world: World) -> None:
        world.record(recording(message(at=NEXT_MONTH)))
        world.record(recording(message(message_id="wamid.in.2")))
        months = world.usage.months(ACME, "2026-01", "2026-12")
        assert [usage.month for usage in months] == ["2026-11", "2026-12"]
        assert [usage.month for usage in world.usage.months(ACME, "2026-01", MONTH)] == [MONTH]
        assert world.usage.months(GLOBEX, "2026-01", "2026-12") == []

    def test_an_answer_counts_as_a_reply_and_as_an_answer(self, world: World) -> None:
        of = job(recording())
        world.record(recording())
        world.ledger.claim(ACME, of, reply(of), "en")
        world.ledger.settle(ACME, of, reply(of), SendOutcome(ReplyState.SENT, status().message_id))
        counters = world.usage.month(ACME, MONTH).counters
        assert (counters["replies"], counters["answers"]) == (1, 1)

    def test_what_meta_refuses_counts_by_its_code(self, world: World) -> None:
        of = job(recording())
        world.record(recording())
        world.ledger.claim(ACME, of, reply(of), "en")
        refused = SendOutcome(ReplyState.FAILED, failure=Failure(131026, "Message undeliverable"))
        world.ledger.settle(ACME, of, reply(of), refused)
        counters = world.usage.month(ACME, MONTH).counters
        assert counters["failed_131026"] == 1
        assert "replies" not in counters

    def test_what_fails_later_counts_once(self, world: World) -> None:
        told = status("failed", failure=UNDELIVERABLE)
        known = world.deliveries.known(ACME, told.message_id)
        assert world.deliveries.save(ACME, known, advance(known, told))
        known = world.deliveries.known(ACME, told.message_id)
        billed = replace(told, billable_category="service")
        assert world.deliveries.save(ACME, known, advance(known, billed))
        assert world.usage.month(ACME, MONTH).counters == {
            f"failed_{UNDELIVERABLE.code}": 1,
            "billable_service": 1,
        }


class UsageWatchContract:
    def test_it_knows_what_was_counted_before_it_first_looked(self, world: World) -> None:
        world.record(recording())
        assert world.usage_watch.so_far(ACME, MONTH) == world.usage.month(ACME, MONTH)

    def test_a_warning_is_noted_and_due_until_it_is_told(self, world: World) -> None:
        assert world.usage_watch.warn(ACME, MONTH, Threshold.NEAR, "small", NEAR)
        assert world.usage_watch.so_far(ACME, MONTH).warned == {Threshold.NEAR: "small"}
        assert world.usage.month(ACME, MONTH).warned == {Threshold.NEAR: "small"}
        assert world.usage.month(ACME, MONTH).counters == {}
        [item] = world.overdue(NOON + PATIENCE[DueKind.ACCOUNT_ALERT])
        assert world.number_states.pending(ACME, item.alert_id) == NEAR
        world.number_states.told(ACME, NEAR)
        assert world.overdue() == []

    def test_once_for_each_month_threshold_and_plan(self, world: World) -> None:
        assert world.usage_watch.warn(ACME, MONTH, Threshold.NEAR, "small", NEAR)
        before = world.look.everything()
        assert not world.usage_watch.warn(ACME, MONTH, Threshold.NEAR, "small", replace(NEAR, at=after(hours=1)))
        assert world.look.everything() == before
        others = (
            (MONTH, Threshold.REACHED, "small"),
            ("2026-12", Threshold.NEAR, "small"),
            (MONTH, Threshold.NEAR, "large"),
        )
        for month, threshold, plan in others:
            alert = replace(NEAR, alert_id=f"{month}-{threshold:d}-{plan}")
            assert world.usage_watch.warn(ACME, month, threshold, plan, alert)

    def test_of_many_who_learn_of_it_at_once_one_tells(self, world: World) -> None:
        alerts: list[AccountAlert] = [replace(NEAR, at=after(seconds=n)) for n in range(6)]
        calls = [partial(world.usage_watch.warn, ACME, MONTH, Threshold.NEAR, "small", alert) for alert in alerts]
        assert sorted(map(bool, at_once(calls))) == [False] * 5 + [True]
        assert len(world.overdue()) == 1
