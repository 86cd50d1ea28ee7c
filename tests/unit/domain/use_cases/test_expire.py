from __future__ import annotations

from datetime import datetime

import pytest

from domain.conversations import Owner, ReplyJob
from domain.errors import ServiceUnavailableError
from domain.escalations import EscalationReason
from domain.expire import Fate, expire
from domain.replies import ReplyState, SendOutcome
from tests.builders import ACME, GLOBEX, NOON, after, escalation, job, message, recording, reply
from tests.fakes.deployment import Deployment

A_DAY_LATER = after(hours=24)


@pytest.fixture(autouse=True)
def _one_message(deployment: Deployment) -> None:
    deployment.world.record(recording())


def run(deployment: Deployment, of: ReplyJob | None = None, now: datetime = A_DAY_LATER) -> Fate:
    return expire(
        of or job(),
        now=now,
        ports=deployment.cast.track_ports,
    )


def test_a_stale_job_calls_a_person_once(deployment: Deployment) -> None:
    assert run(deployment) is Fate.HAND_OVER
    conversation = deployment.conversation
    assert conversation.owner is Owner.WAITING
    assert conversation.handover is not None
    assert conversation.handover.told, "Meta would not take the note"
    called = escalation(job(), EscalationReason.WINDOW_CLOSED, at=A_DAY_LATER)
    assert deployment.cast.escalations.published == [called]
    assert run(deployment) is Fate.SETTLED
    assert deployment.cast.escalations.published == [called]


def test_a_topic_that_was_down_hears_of_it_the_next_time(deployment: Deployment) -> None:
    deployment.cast.escalations.down = True
    with pytest.raises(ServiceUnavailableError):
        run(deployment)
    deployment.cast.escalations.down = False
    assert run(deployment) is Fate.SETTLED
    assert len(deployment.cast.escalations.published) == 1


def test_a_second_before_the_window_closes_it_runs(deployment: Deployment) -> None:
    assert run(deployment, now=after(hours=23, minutes=59, seconds=59)) is Fate.RUN
    assert deployment.conversation.owner is Owner.ASSISTANT


def test_a_customer_whom_nobody_knows_any_more_is_not_brought_back(deployment: Deployment) -> None:
    before = deployment.world.look.everything()
    assert run(deployment, job(tenant_id=GLOBEX)) is Fate.RUN
    assert deployment.world.look.everything() == before


def test_the_last_message_speaks_for_its_burst(deployment: Deployment) -> None:
    newer = recording(message("and the red one?", "wamid.in.2", at=after(seconds=9)))
    deployment.world.record(newer)
    assert run(deployment, now=after(hours=25)) is Fate.SETTLED
    assert deployment.conversation.owner is Owner.ASSISTANT
    assert run(deployment, job(newer), now=after(hours=25)) is Fate.HAND_OVER


@pytest.mark.parametrize("owner", [Owner.PERSON, Owner.WAITING])
def test_who_has_a_person_needs_no_other(deployment: Deployment, owner: Owner) -> None:
    deployment.world.look.give_to(ACME, job().customer_id, owner)
    assert run(deployment) is Fate.SETTLED
    assert deployment.cast.escalations.published == []


@pytest.mark.parametrize(
    ("left", "fate"),
    [
        (ReplyState.SENT, Fate.SETTLED),
        (ReplyState.READY, Fate.HAND_OVER),
        (ReplyState.FAILED, Fate.RUN),
        (ReplyState.UNCERTAIN, Fate.RUN),
        (None, Fate.RUN),
    ],
    ids=["sent", "offered in vain", "failed", "uncertain", "sending"],
)
def test_what_an_earlier_worker_left(deployment: Deployment, left: ReplyState | None, fate: Fate) -> None:
    answer = reply(job(), created_at=NOON)
    assert deployment.world.ledger.claim(ACME, job(), answer, "en")
    if left is not None:
        deployment.world.ledger.settle(ACME, job(), answer, SendOutcome(left))
    assert run(deployment) is fate
