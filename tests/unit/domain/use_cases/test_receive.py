from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain import messages as m
from domain.conversations import Disposition, OwnedBy, Owner, RecordedBecause, Recording, ThreadMessage
from domain.errors import ContentionError, ServiceUnavailableError
from domain.receive import Outcome, Received
from domain.tenants import TenantId, TenantStatus
from tests.builders import (
    A_PERSON_PLEASE,
    ACME,
    ACME_NUMBER,
    ALICE,
    GLOBEX,
    MONTH,
    NOON,
    after,
    every_content,
    message,
    number,
    order,
    tenant,
)
from tests.fakes.conversations import FakeConversations
from tests.fakes.deployment import Deployment
from tests.fakes.store import Store
from tests.fakes.tenants import FakeTenants
from tests.fakes.world import Cast, fake_world


def recorded_because(deployment: Deployment) -> object:
    entry = deployment.thread().entries[-1]
    assert isinstance(entry, ThreadMessage)
    return entry.decision.reason


class TestOrdinaryMessage:
    def test_it_is_stored_counted_and_asks_for_a_reply(self, deployment: Deployment) -> None:
        assert deployment.receive(message()) == Received(Outcome.REPLY_DUE, ACME)
        assert deployment.world.look.usage(ACME, MONTH) == {"messages": 1, "messages_text": 1, "customers": 1}
        job = deployment.cast.reply_jobs.take()
        assert job is not None
        assert (job.tenant_id, job.phone_number_id, job.message_id) == (ACME, ACME_NUMBER, "wamid.in.1")
        assert job.customer_id == ALICE.first_customer_id(ACME)
        assert job.position == deployment.thread().entries[0].position  # type: ignore[union-attr]  # a message
        assert not deployment.cast.escalations.published

    def test_a_duplicate_is_told_as_one_and_changes_nothing(self, deployment: Deployment) -> None:
        deployment.receive(message())
        before = deployment.world.look.everything()
        again = message(received_at=after(days=7))
        assert deployment.receive(again) == Received(Outcome.REPLY_DUE, ACME, duplicate=True)
        assert deployment.world.look.everything() == before
        assert len(deployment.cast.reply_jobs.waiting) == 1

    @pytest.mark.parametrize("content", every_content(), ids=lambda content: type(content).__name__)
    def test_every_form_comes_to_something(self, deployment: Deployment, content: m.Content) -> None:
        of = message(content)
        outcome = deployment.receive(of).outcome
        expected = Outcome.REPLY_DUE if m.expects_answer(of) else Outcome.RECORDED
        assert outcome is (Outcome.ESCALATED if isinstance(content, m.Order) else expected)
        assert len(deployment.cast.reply_jobs.waiting) == (outcome is not Outcome.RECORDED)

    def test_what_expects_no_answer_is_kept_and_says_why(self, deployment: Deployment) -> None:
        assert deployment.receive(message(m.Reaction("wamid.0", "👍"))) == Received(Outcome.RECORDED, ACME)
        assert recorded_because(deployment) is RecordedBecause.NO_ANSWER_EXPECTED
        assert deployment.conversation.awaiting is None

    def test_what_a_group_says_is_only_kept(self, deployment: Deployment) -> None:
        assert deployment.receive(message(A_PERSON_PLEASE, group_id="group-1")).outcome is Outcome.RECORDED
        assert not deployment.cast.escalations.published

    def test_what_comes_after_the_window_closed_is_only_kept(self, deployment: Deployment) -> None:
        late = message(received_at=NOON + timedelta(hours=24))
        assert deployment.receive(late).outcome is Outcome.RECORDED
        assert recorded_because(deployment) is RecordedBecause.LATE

    def test_a_second_before_it_closed_is_in_time(self, deployment: Deployment) -> None:
        in_time = message(received_at=NOON + timedelta(hours=23, minutes=59, seconds=59))
        assert deployment.receive(in_time).outcome is Outcome.REPLY_DUE

    @pytest.mark.parametrize(("claimed_in_days", "month"), [(0, MONTH), (30, MONTH), (-7, MONTH), (-400, MONTH)])
    def test_the_month_is_taken_from_a_credible_time(
        self, deployment: Deployment, claimed_in_days: int, month: str
    ) -> None:
        deployment.receive(message(at=after(days=claimed_in_days), received_at=NOON))
        assert deployment.world.look.usage(ACME, month)["messages"] == 1


class TestWhoseNumber:
    def test_of_a_number_that_nobody_owns_the_message_is_quarantined(self) -> None:
        deployment = Deployment(Cast(fake_world(), FakeTenants()))
        assert deployment.receive(message()) == Received(Outcome.QUARANTINED)
        update_id, reason, at = deployment.world.look.quarantined()[0]
        assert (update_id, reason, at) == (f"{ACME_NUMBER}#wamid.in.1", "unknown_number", after(seconds=1))
        assert deployment.world.look.usage(ACME, MONTH) == {}
        assert not deployment.cast.reply_jobs.waiting

    def test_of_a_number_that_two_claim_too(self) -> None:
        both = FakeTenants(number(), number(tenant(GLOBEX)))
        deployment = Deployment(Cast(fake_world(), both))
        assert deployment.receive(message()).outcome is Outcome.QUARANTINED

    def test_of_a_suspended_tenant_too_and_it_is_known_whose(self) -> None:
        suspended = number(tenant(status=TenantStatus.SUSPENDED))
        deployment = Deployment(Cast(fake_world(), FakeTenants(suspended)))
        assert deployment.receive(message()) == Received(Outcome.QUARANTINED, ACME)
        assert deployment.world.look.quarantined()[0][1] == "suspended_tenant"

    def test_the_same_message_is_quarantined_once(self) -> None:
        deployment = Deployment(Cast(fake_world(), FakeTenants()))
        deployment.receive(message())
        again = deployment.receive(message(received_at=after(hours=3)))
        assert again == Received(Outcome.QUARANTINED, duplicate=True)
        assert len(deployment.world.look.quarantined()) == 1


class TestEscalation:
    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (A_PERSON_PLEASE, "person_requested"),
            ("Quiero hablar con una persona", "person_requested"),
            ("My mug is broken", "complaint"),
            ("I ask about a WHOLESALE price", "tenant_keyword"),
            (order(), "order"),
        ],
    )
    def test_a_rule_calls_a_person(self, content: m.Content | str, reason: str) -> None:
        keen = number(tenant(escalation_keywords=("wholesale",)))
        deployment = Deployment(Cast(fake_world(), FakeTenants(keen)))
        assert deployment.receive(message(content)) == Received(Outcome.ESCALATED, ACME)
        assert deployment.reasons == [reason]
        assert deployment.conversation.owner is Owner.WAITING
        assert len(deployment.cast.reply_jobs.waiting) == 1
        assert deployment.world.look.usage(ACME, MONTH)["escalations"] == 1

    def test_who_waits_already_is_not_announced_again(self, deployment: Deployment) -> None:
        deployment.deliver(message(A_PERSON_PLEASE, "wamid.1"), message(A_PERSON_PLEASE, "wamid.2", at=after(hours=1)))
        assert deployment.reasons == ["person_requested"]
        assert deployment.world.look.usage(ACME, MONTH)["messages"] == 2

    @pytest.mark.parametrize("owner", [Owner.WAITING, Owner.PERSON])
    def test_but_each_order_is(self, deployment: Deployment, owner: Owner) -> None:
        deployment.deliver(message(message_id="wamid.1"))
        deployment.world.look.give_to(ACME, ALICE.first_customer_id(ACME), owner)
        deployment.deliver(message(order(), "wamid.2", at=after(minutes=1)))
        assert deployment.reasons == ["order"]
        assert deployment.conversation.owner is owner

    def test_a_late_one_is_escalated_and_nobody_is_told(self, deployment: Deployment) -> None:
        deployment.deliver(message(A_PERSON_PLEASE, received_at=NOON + timedelta(days=2)))
        assert deployment.reasons == ["person_requested"]
        handover = deployment.conversation.handover
        assert handover is not None
        assert handover.told

    def test_a_topic_that_is_down_loses_nobody(self, deployment: Deployment) -> None:
        deployment.cast.escalations.down = True
        with pytest.raises(ServiceUnavailableError):
            deployment.receive(message(A_PERSON_PLEASE))
        assert deployment.conversation.owner is Owner.WAITING
        deployment.cast.escalations.down = False
        again = deployment.receive(message(A_PERSON_PLEASE))
        assert again == Received(Outcome.ESCALATED, ACME, duplicate=True)
        assert deployment.reasons == ["person_requested"]
        assert deployment.world.look.usage(ACME, MONTH)["escalations"] == 1

    def test_a_duplicate_of_one_that_was_published_is_not_published_again(self, deployment: Deployment) -> None:
        deployment.deliver(message(A_PERSON_PLEASE), message(A_PERSON_PLEASE))
        assert deployment.reasons == ["person_requested"]


class RestlessConversations(FakeConversations):
    """Whose owner has changed each time one looks."""

    def record(self, tenant_id: TenantId, recording: Recording) -> OwnedBy:  # noqa: ARG002 (the port's signature)
        owner = Owner.ASSISTANT if recording.decision.disposition is Disposition.ANSWER else Owner.PERSON
        return OwnedBy(owner, resolved=False)


def test_an_owner_who_keeps_changing_is_an_error_that_comes_back() -> None:
    deployment = Deployment()
    store = Store()
    world = fake_world(store)
    deployment.cast.world = replace(world, conversations=RestlessConversations(store))
    with pytest.raises(ContentionError):
        deployment.receive(message(A_PERSON_PLEASE))
