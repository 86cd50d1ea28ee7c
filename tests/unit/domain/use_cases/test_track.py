from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from domain.answer import Answered
from domain.conversations import Owner
from domain.deliveries import Delivery, DeliveryStatus, Progress, StatusUpdate
from domain.errors import ContentionError, ServiceUnavailableError
from domain.messages import MessageId
from domain.replies import ReplyId, ReplyPurpose, ReplyState, reply_id
from domain.tenants import TenantId, TenantStatus
from domain.track import Tracked, keep_event, track_status
from tests.builders import (
    A_PERSON_PLEASE,
    ACME,
    ACME_NUMBER,
    ALICE,
    GLOBEX,
    GLOBEX_NUMBER,
    MONTH,
    UNDELIVERABLE,
    account_event,
    after,
    job,
    message,
    number,
    status,
    tenant,
)
from tests.fakes.deployment import Deployment
from tests.fakes.tenants import FakeTenants

WAMID = MessageId("wamid.out.1")


@pytest.fixture
def answered(deployment: Deployment) -> Deployment:
    """One message, answered."""
    deployment.deliver(message())
    assert deployment.drain() == [Answered.ANSWERED]
    return deployment


def about(deployment: Deployment, word: str, **changes: Any) -> StatusUpdate:
    failure = UNDELIVERABLE if word == "failed" else None
    return status(word, reply_id=deployment.replies()[0].reply_id, failure=failure, **changes)


class TestStatus:
    def test_it_moves_the_reply_forward_never_back(self, answered: Deployment) -> None:
        for word, tracked in (
            ("sent", Tracked.MOVED),
            ("read", Tracked.MOVED),
            ("delivered", Tracked.UNCHANGED),
            ("read", Tracked.UNCHANGED),
        ):
            assert answered.track(about(answered, word)) is tracked
        assert answered.replies()[0].delivery == "read"

    def test_the_price_is_metered_once(self, answered: Deployment) -> None:
        assert answered.track(about(answered, "sent", billable_category="service")) is Tracked.MOVED
        assert answered.track(about(answered, "sent", billable_category="service")) is Tracked.UNCHANGED
        assert answered.track(about(answered, "delivered", billable_category="service")) is Tracked.MOVED
        assert answered.world.look.usage(ACME, MONTH)["billable_service"] == 1

    def test_a_price_on_a_word_that_does_not_move_is_recorded(self, answered: Deployment) -> None:
        answered.track(about(answered, "read"))
        assert answered.track(about(answered, "delivered", billable_category="service")) is Tracked.RECORDED

    def test_of_a_message_that_is_not_ours_it_is_kept(self, deployment: Deployment) -> None:
        assert deployment.track(status("read", reply_id=ReplyId("another software's"))) is Tracked.MOVED
        assert deployment.world.deliveries.known(ACME, WAMID).status is DeliveryStatus.READ

    def test_a_word_that_nobody_knows_is_kept_once_and_changes_nothing(self, answered: Deployment) -> None:
        before = answered.thread()
        for _ in range(2):
            assert answered.track(about(answered, "teleported")) is Tracked.RECORDED
        assert answered.world.look.account_events(ACME) == [f"{WAMID}:teleported"]
        assert answered.thread() == before

    def test_of_a_number_that_nobody_owns_it_is_quarantined_once(self, deployment: Deployment) -> None:
        deployment.cast.tenants = FakeTenants()
        for _ in range(2):
            assert deployment.track(status("read")) is Tracked.QUARANTINED
        quarantined = deployment.world.look.quarantined()
        assert quarantined == [(f"{ACME_NUMBER}#{WAMID}#read", "unknown_number", deployment.now)]

    def test_of_a_suspended_tenant_it_is_still_recorded(self, answered: Deployment) -> None:
        answered.cast.tenants = FakeTenants(number(tenant(status=TenantStatus.SUSPENDED)))
        assert answered.track(about(answered, "delivered")) is Tracked.MOVED


class TestFailed:
    def test_an_answer_that_never_arrived_calls_a_person_once(self, answered: Deployment) -> None:
        for _ in range(3):
            answered.track(about(answered, "failed"))
        assert answered.reasons == ["send_failed"]
        assert answered.conversation.owner is Owner.WAITING
        stored = answered.replies()[0]
        assert (stored.state, stored.failure) == (ReplyState.FAILED, UNDELIVERABLE)

    def test_of_what_was_delivered_it_means_nothing(self, answered: Deployment) -> None:
        answered.track(about(answered, "delivered"))
        assert answered.track(about(answered, "failed")) is Tracked.UNCHANGED
        assert not answered.reasons

    def test_where_a_newer_message_waits_its_answer_answers_both(self, answered: Deployment) -> None:
        answered.deliver(message(message_id="wamid.in.2", at=after(minutes=1)))
        answered.track(about(answered, "failed"))
        assert not answered.reasons
        assert answered.drain()[-1] is Answered.ANSWERED
        assert answered.replies()[-1].answers == ("wamid.in.1", "wamid.in.2")

    def test_of_a_note_nobody_is_called_who_was_called_before(self, deployment: Deployment) -> None:
        deployment.deliver(message(A_PERSON_PLEASE))
        deployment.drain()
        note = deployment.replies(ReplyPurpose.HANDOVER_NOTE)[0]
        deployment.track(status("failed", reply_id=note.reply_id, failure=UNDELIVERABLE))
        assert deployment.reasons == ["person_requested"]

    def test_of_a_message_that_is_not_ours_nobody_is_called(self, deployment: Deployment) -> None:
        assert deployment.track(status("failed", failure=UNDELIVERABLE)) is Tracked.MOVED
        stranger = reply_id(job().customer_id, job().position, ReplyPurpose.ANSWER)
        assert deployment.track(status("failed", "wamid.out.2", reply_id=stranger)) is Tracked.MOVED
        assert not deployment.reasons

    def test_while_a_person_owns_the_conversation_nobody_is_called(self, answered: Deployment) -> None:
        answered.world.look.give_to(ACME, ALICE.first_customer_id(ACME), Owner.PERSON)
        answered.track(about(answered, "failed"))
        assert not answered.reasons
        assert answered.conversation.owner is Owner.PERSON

    def test_its_escalation_is_published_though_the_topic_was_down(self, answered: Deployment) -> None:
        answered.cast.escalations.down = True
        with pytest.raises(ServiceUnavailableError):
            answered.track(about(answered, "failed"))
        answered.cast.escalations.down = False
        answered.track(about(answered, "failed"))
        assert answered.reasons == ["send_failed"]


class RestlessDeliveries:
    """Which others change whenever one looks."""

    def known(self, tenant_id: TenantId, message_id: MessageId) -> Delivery:  # noqa: ARG002 (the port's signature)
        return Delivery(message_id)

    def save(self, tenant_id: TenantId, known: Delivery, progress: Progress) -> bool:  # noqa: ARG002 (as above)
        return False


def test_a_delivery_that_keeps_changing_is_an_error_that_comes_back(deployment: Deployment) -> None:
    ports = deployment.cast.track_ports
    restless = replace(ports, deliveries=RestlessDeliveries())
    with pytest.raises(ContentionError):
        track_status(status("sent"), ACME_NUMBER, {}, now=deployment.now, ports=restless)


class TestOtherUpdates:
    def test_one_is_kept_with_the_tenant_of_its_account(self, deployment: Deployment) -> None:
        for _ in range(2):
            assert keep_event(account_event(), ports=deployment.cast.track_ports) is Tracked.RECORDED
        assert deployment.world.look.account_events(ACME) == ["event-1"]

    def test_its_number_says_more_than_its_account(self, deployment: Deployment) -> None:
        deployment.cast.tenants = FakeTenants(number(), number(tenant(GLOBEX), GLOBEX_NUMBER, waba_id="waba-acme"))
        event = account_event(phone_number_id=ACME_NUMBER)
        assert keep_event(event, ports=deployment.cast.track_ports) is Tracked.RECORDED
        assert deployment.world.look.account_events(ACME) == ["event-1"]

    def test_of_an_account_that_nobody_or_more_than_one_claims_it_is_quarantined(self, deployment: Deployment) -> None:
        event = account_event(waba_id="waba-nobody")
        assert keep_event(event, ports=deployment.cast.track_ports) is Tracked.QUARANTINED
        assert deployment.world.look.quarantined() == [("event-1", "unknown_account", event.received_at)]
        assert deployment.world.look.account_events(ACME) == []
