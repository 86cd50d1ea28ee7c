from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from domain.conversations import Owner
from domain.errors import ServiceUnavailableError
from domain.escalations import EscalationReason
from domain.hand_over import hand_over, publish
from tests.builders import ACME, NOON, after, escalation, job, message, recording
from tests.fakes.deployment import Deployment

SOON = after(seconds=5)


@pytest.fixture(autouse=True)
def _one_message(deployment: Deployment) -> None:
    deployment.world.record(recording())


def call_person(deployment: Deployment, *, now: datetime = SOON, tell: bool = True) -> bool:
    return hand_over(
        deployment.conversation,
        job(),
        EscalationReason.NO_ANSWER,
        now=now,
        tell=tell,
        ports=deployment.cast.track_ports,
    )


def told(deployment: Deployment) -> bool:
    handover = deployment.conversation.handover
    assert handover is not None
    return handover.told


def test_the_conversation_waits_and_the_escalation_is_published(deployment: Deployment) -> None:
    assert call_person(deployment)
    assert deployment.conversation.owner is Owner.WAITING
    assert deployment.cast.escalations.published == [escalation(job())]
    assert deployment.world.conversations.pending_escalation(ACME, job().customer_id, job().position) is None


def test_the_customer_is_still_to_be_told(deployment: Deployment) -> None:
    call_person(deployment)
    assert not told(deployment)


@pytest.mark.parametrize(
    ("now", "tell"), [(SOON, False), (NOON + timedelta(hours=24), True)], ids=["not asked", "window closed"]
)
def test_or_never_will_be(deployment: Deployment, now: datetime, *, tell: bool) -> None:
    call_person(deployment, now=now, tell=tell)
    assert told(deployment)


def test_a_second_before_the_window_closes_there_is_time(deployment: Deployment) -> None:
    call_person(deployment, now=NOON + timedelta(hours=24) - timedelta(seconds=1))
    assert not told(deployment)


@pytest.mark.parametrize("owner", [Owner.WAITING, Owner.PERSON])
def test_what_another_owns_is_not_handed_over(deployment: Deployment, owner: Owner) -> None:
    deployment.world.look.give_to(ACME, job().customer_id, owner)
    assert not call_person(deployment)
    assert not deployment.cast.escalations.published


def test_nor_what_a_newer_message_awaits(deployment: Deployment) -> None:
    deployment.world.record(recording(message(message_id="wamid.2", at=after(seconds=1))))
    assert not call_person(deployment)
    assert not deployment.cast.escalations.published


def test_stored_first_it_is_published_when_somebody_tries_again(deployment: Deployment) -> None:
    deployment.cast.escalations.down = True
    with pytest.raises(ServiceUnavailableError):
        call_person(deployment)
    deployment.cast.escalations.down = False
    assert not call_person(deployment)
    assert deployment.reasons == ["no_answer"]


def test_what_is_published_is_not_published_again(deployment: Deployment) -> None:
    call_person(deployment)
    publish(
        ACME,
        job().customer_id,
        job().position,
        ports=deployment.cast.track_ports,
    )
    assert deployment.reasons == ["no_answer"]
