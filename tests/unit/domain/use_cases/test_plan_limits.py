"""What a seller's plan gives them, and what happens at its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.account_alerts import AlertKind, Severity
from domain.answer import Answered
from domain.conversations import Owner
from domain.flooding import MOST_ANSWERS, MOST_MESSAGES
from domain.ownership import Change
from domain.plans import BeyondPlan, PlanLimits, Threshold
from domain.replies import ReplyPurpose
from domain.tenants import WhatsAppNumber
from domain.usage import UsageDelta
from tests.builders import ACME, MONTH, after, message, number, owner_change, tenant
from tests.fakes.crashes import Doom, When
from tests.fakes.deployment import Deployment
from tests.fakes.store import Store
from tests.fakes.tenants import FakeTenants
from tests.fakes.world import Cast, fake_world


def limited(replies: int | None = 5, beyond: BeyondPlan = BeyondPlan.FALLBACK, **limits: Any) -> WhatsAppNumber:
    return number(tenant(plan="small", limits=PlanLimits(replies=replies, **limits), beyond_plan=beyond))


def deployment_of(at: WhatsAppNumber, doom: Doom | None = None) -> Deployment:
    return Deployment(cast=Cast(fake_world(), FakeTenants(at)), doom=doom or Doom())


def ask(deployment: Deployment, times: int, apart: timedelta = timedelta(hours=1)) -> list[Answered]:
    """One question after another, each answered before the next."""
    first = len(deployment.outcomes)
    for n in range(len(deployment.outcomes), len(deployment.outcomes) + times):
        deployment.deliver(message(message_id=f"wamid.in.{n}", at=after() + n * apart))
        deployment.now = after(seconds=5) + n * apart
        deployment.drain()
    return deployment.outcomes[first:]


def told(deployment: Deployment) -> list[tuple[str | None, Severity]]:
    alerts = deployment.cast.account_alerts.published
    assert {alert.kind for alert in alerts} <= {AlertKind.PLAN_USAGE}
    return [(alert.event, alert.severity) for alert in alerts]


class TestWarnings:
    def test_at_80_and_at_100_per_cent_once_each(self) -> None:
        deployment = deployment_of(limited(5))
        ask(deployment, 3)
        assert told(deployment) == []
        ask(deployment, 1)
        assert told(deployment) == [("NEAR_LIMIT", Severity.WARNING)]
        ask(deployment, 6)
        assert told(deployment) == [("NEAR_LIMIT", Severity.WARNING), ("LIMIT_REACHED", Severity.CRITICAL)]
        assert deployment.world.usage.month(ACME, MONTH).warned == {Threshold.NEAR: "small", Threshold.REACHED: "small"}

    def test_a_seller_without_limits_is_not_even_read(self) -> None:
        deployment = Deployment()
        ask(deployment, 3)
        assert "FakeUsageWatch.so_far" not in deployment.doom.calls
        assert told(deployment) == []

    def test_a_topic_that_is_down_keeps_nobody_waiting_and_the_sweeper_tells(self) -> None:
        deployment = deployment_of(limited(1))
        deployment.cast.account_alerts.down = True
        assert ask(deployment, 1) == [Answered.ANSWERED]
        deployment.cast.account_alerts.down = False
        deployment.sweep_until(after(hours=2))
        assert told(deployment) == [("LIMIT_REACHED", Severity.CRITICAL)]

    @pytest.mark.parametrize("when", When)
    def test_a_worker_that_dies_tells_once_at_last(self, when: When) -> None:
        healthy = deployment_of(limited(1))
        ask(healthy, 1)
        for n in range(len(healthy.doom.calls)):
            doomed = deployment_of(limited(1), Doom(n, when))
            ask(doomed, 1)
            ask(doomed, 1)
            doomed.sweep_until(after(hours=3))
            goes_on = doomed.conversation.owner is Owner.ASSISTANT  # else a person was called, and nothing was counted
            assert set(told(doomed)) == ({("LIMIT_REACHED", Severity.CRITICAL)} if goes_on else set()), n
            assert doomed.world.overdue() == []

    def test_another_plan_is_warned_of_anew(self) -> None:
        deployment = deployment_of(limited(1))
        ask(deployment, 1)
        larger = limited(2)
        deployment.cast.tenants.put(replace(larger, tenant=replace(larger.tenant, plan="larger")))
        ask(deployment, 1)
        assert told(deployment) == [("LIMIT_REACHED", Severity.CRITICAL)] * 2


class TestBeyond:
    def test_the_fallback_goes_on_and_no_model_is_asked(self) -> None:
        deployment = deployment_of(limited(2))
        assert ask(deployment, 4) == [Answered.ANSWERED] * 4
        assert [turn.without_model for turn in deployment.cast.assistant.turns] == [False, False, True, True]

    def test_a_person_is_called_where_the_seller_wants_one(self) -> None:
        deployment = deployment_of(limited(2, BeyondPlan.PERSON))
        assert ask(deployment, 3) == [Answered.ANSWERED, Answered.ANSWERED, Answered.HANDED_OVER]
        assert deployment.reasons == ["plan_limit"]
        assert len(deployment.cast.assistant.turns) == 2
        assert len(deployment.replies(ReplyPurpose.HANDOVER_NOTE)) == 1

    @pytest.mark.parametrize(
        ("limits", "counter"),
        [({"tokens": 1000}, "model_tokens_out"), ({"micro_usd": 1000}, "model_micro_usd")],
    )
    def test_tokens_and_money_are_limits_too(self, limits: dict[str, Any], counter: str) -> None:
        store = Store()
        deployment = Deployment(cast=Cast(fake_world(store), FakeTenants(limited(None, **limits))))
        ask(deployment, 1)
        store.count(ACME, UsageDelta(MONTH, {counter: 1000}))
        ask(deployment, 1)
        assert [turn.without_model for turn in deployment.cast.assistant.turns] == [False, True]

    def test_a_new_month_begins_at_nought(self) -> None:
        deployment = deployment_of(limited(1))
        ask(deployment, 2, apart=timedelta(days=10))
        assert [turn.without_model for turn in deployment.cast.assistant.turns] == [False, False]


class TestFlood:
    """Attack 31."""

    def test_who_goes_on_and_on_is_answered_a_few_times_and_told_once(self) -> None:
        deployment = Deployment()
        for n in range(400):
            at = after(seconds=10 * n)
            deployment.deliver(message(message_id=f"wamid.in.{n}", at=at))
            deployment.now = at + timedelta(seconds=5)
            deployment.drain()
        assert len(deployment.cast.assistant.turns) == MOST_ANSWERS
        assert deployment.reasons == ["too_many_messages"]
        assert len(deployment.texts) == MOST_ANSWERS + 1
        assert deployment.conversation.owner is Owner.WAITING
        assert deployment.world.look.usage(ACME, MONTH)["messages"] == 400

    def test_all_at_once_they_are_never_answered(self) -> None:
        deployment = Deployment()
        deployment.deliver(*(message(message_id=f"wamid.in.{n}", at=after(seconds=n / 10)) for n in range(200)))
        deployment.now = after(seconds=30)
        deployment.drain()
        assert deployment.cast.assistant.turns == []
        assert deployment.reasons == ["too_many_messages"]

    def test_what_a_person_has_seen_to_does_not_count(self) -> None:
        deployment = Deployment()
        ask(deployment, MOST_ANSWERS + 1, timedelta(seconds=10))
        assert deployment.reasons == ["too_many_messages"]
        seen = deployment.conversation
        back = owner_change(seen, Change.HANDED_BACK, at=deployment.now)
        assert deployment.world.conversations.change_owner(ACME, back, seen)
        assert ask(deployment, 1, timedelta(seconds=12)) == [Answered.ANSWERED]

    def test_who_writes_as_people_do_is_answered_all_day(self) -> None:
        deployment = Deployment()
        assert ask(deployment, 100, timedelta(minutes=1)) == [Answered.ANSWERED] * 100

    def test_a_handful_of_pictures_is_no_flood(self) -> None:
        deployment = Deployment()
        deployment.deliver(
            *(message(message_id=f"wamid.in.{n}", at=after(seconds=n)) for n in range(MOST_MESSAGES - 1))
        )
        deployment.now = after(minutes=1)
        deployment.drain()
        assert Answered.ANSWERED in deployment.outcomes
        assert deployment.reasons == []
