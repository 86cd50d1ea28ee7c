"""Each kind of what is overdue, in each state in which it can be found."""

from __future__ import annotations

from datetime import datetime

import pytest

from domain.change_owner import change_owner
from domain.conversations import Owner
from domain.customers import CustomerId
from domain.due import PATIENCE, DueItem, DueKind
from domain.errors import MessageRefusedError, SendThrottledError, SendUncertainError, ServiceUnavailableError
from domain.ownership import Change
from domain.replies import ReplyPurpose, ReplyState
from domain.sweep import Swept
from tests.builders import A_PERSON_PLEASE, ACME, after, message, status
from tests.fakes.crashes import Crash, Doom, When
from tests.fakes.deployment import Deployment

LATER = after(hours=1)
THROTTLED = SendThrottledError(131056, "Pair rate limit hit")


def overdue(deployment: Deployment, now: datetime = LATER) -> DueItem:
    [item] = deployment.world.overdue(now)
    return item


def sweep(deployment: Deployment, now: datetime = LATER) -> Swept:
    deployment.cast.reply_jobs.forget()
    return deployment.sweep(overdue(deployment, now), now)


def change(deployment: Deployment, to: Change, person: str | None = None, minutes: float = 5) -> None:
    change_owner(
        deployment.conversation,
        to,
        by="ana",
        reason="asked to",
        now=after(minutes=minutes),
        ports=deployment.cast.track_ports,
        person=person,
    )


def lose_jobs(deployment: Deployment) -> None:
    while deployment.cast.reply_jobs.take():
        pass


def offered_once(deployment: Deployment, error: Exception) -> None:
    """The first answer meets `error`, and its job is lost."""
    deployment.cast.messenger.fail(error)  # type: ignore[arg-type]  # of the tests' own making
    deployment.deliver(message())
    job = deployment.cast.reply_jobs.take()
    assert job is not None
    with pytest.raises(type(error)):
        deployment.answer(job)


def changes(deployment: Deployment) -> list[str]:
    return [str(each.change) for each in deployment.cast.notifications.published]


class TestConversation:
    def test_silence_ends_with_a_person_and_the_customer_is_told(self, deployment: Deployment) -> None:
        deployment.deliver(message())
        lose_jobs(deployment)
        assert sweep(deployment) is Swept.CALLED_PERSON
        assert deployment.reasons == ["unanswered"]
        assert changes(deployment) == ["handed_over"]
        assert deployment.conversation.owner is Owner.WAITING
        assert [str(outcome) for outcome in deployment.drain()] == ["note_sent"]
        assert len(deployment.replies(ReplyPurpose.HANDOVER_NOTE)) == 1
        assert deployment.world.overdue(LATER) == []

    def test_once(self, deployment: Deployment) -> None:
        deployment.deliver(message())
        lose_jobs(deployment)
        item = overdue(deployment)
        assert deployment.sweep(item, LATER) is Swept.CALLED_PERSON
        assert deployment.sweep(item, LATER) is Swept.SETTLED
        assert deployment.reasons == ["unanswered"]

    def test_beyond_the_window_nobody_can_be_told(self, deployment: Deployment) -> None:
        deployment.deliver(message())
        lose_jobs(deployment)
        assert sweep(deployment, after(hours=25)) is Swept.CALLED_PERSON
        assert [str(outcome) for outcome in deployment.drain()] == ["person_owns"]
        assert deployment.texts == []

    def test_the_assistant_that_answers_meanwhile_has_it(self, deployment: Deployment) -> None:
        deployment.deliver(message())
        item = overdue(deployment)
        deployment.drain()
        assert deployment.sweep(item, LATER) is Swept.SETTLED
        assert deployment.reasons == []

    @pytest.mark.parametrize("waits", [True, False])
    def test_of_a_person_is_none_of_the_sweepers_business(self, deployment: Deployment, *, waits: bool) -> None:
        deployment.deliver(message(A_PERSON_PLEASE if waits else "A mug?"))
        if not waits:
            change(deployment, Change.TAKEN_OVER, "ana", minutes=0.5)
        deployment.deliver(message("Hello?", "wamid.2", at=after(minutes=1)))
        before = len(deployment.reasons)
        assert sweep(deployment) is Swept.SETTLED
        assert deployment.world.overdue(LATER) == []
        assert len(deployment.reasons) == before

    def test_a_topic_that_is_down_leaves_a_person_called_for_the_next_run(self, deployment: Deployment) -> None:
        deployment.deliver(message())
        lose_jobs(deployment)
        deployment.cast.escalations.down = True
        with pytest.raises(ServiceUnavailableError):
            sweep(deployment)
        assert deployment.conversation.owner is Owner.WAITING
        deployment.cast.escalations.down = False
        much_later = LATER + PATIENCE[DueKind.ESCALATION]
        assert sweep(deployment, much_later) is Swept.PUBLISHED
        assert deployment.reasons == ["unanswered"]
        assert [str(outcome) for outcome in deployment.drain()] == ["note_sent"]


class TestReply:
    def test_refused_for_now_it_is_asked_for_again(self, deployment: Deployment) -> None:
        offered_once(deployment, THROTTLED)
        assert sweep(deployment) is Swept.ASKED_AGAIN
        assert [str(outcome) for outcome in deployment.drain()] == ["answered"]
        assert deployment.world.overdue(LATER) == []

    def test_unless_the_window_has_closed(self, deployment: Deployment) -> None:
        offered_once(deployment, THROTTLED)
        assert sweep(deployment, after(hours=25)) is Swept.CALLED_PERSON
        assert deployment.reasons == ["send_failed"]

    def test_or_a_person_has_it_now(self, deployment: Deployment) -> None:
        offered_once(deployment, THROTTLED)
        change(deployment, Change.TAKEN_OVER, "ana")
        assert sweep(deployment) is Swept.SETTLED
        assert (deployment.reasons, deployment.world.overdue(LATER)) == ([], [])

    def test_or_has_seen_to_it(self, deployment: Deployment) -> None:
        offered_once(deployment, THROTTLED)
        change(deployment, Change.RESOLVED)
        assert sweep(deployment) is Swept.SETTLED
        assert (deployment.reasons, deployment.world.overdue(LATER)) == ([], [])

    def test_or_a_newer_message_has_come_whose_job_answers_both(self, deployment: Deployment) -> None:
        offered_once(deployment, THROTTLED)
        deployment.deliver(message("And the red one?", "wamid.2", at=after(minutes=59)))
        assert sweep(deployment) is Swept.SETTLED
        deployment.now = LATER
        deployment.drain()
        assert deployment.replies()[-1].answers == ("wamid.in.1", "wamid.2")
        assert deployment.reasons == []

    @pytest.mark.parametrize("when", When)
    def test_a_worker_that_died_while_it_sent_leaves_it_to_a_person(self, when: When) -> None:
        deployment = Deployment()
        deployment.deliver(message())
        deployment.doom = Doom(at_call=len(ANSWERING), when=when)
        job = deployment.cast.reply_jobs.take()
        assert job is not None
        with pytest.raises(Crash):
            deployment.answer(job)
        assert deployment.doom.calls == [*ANSWERING, "FakeMessenger.send"]
        assert sweep(deployment) is Swept.CALLED_PERSON
        assert deployment.replies()[0].state is ReplyState.UNCERTAIN
        assert deployment.reasons == ["reply_uncertain"]
        assert deployment.drain() == []
        assert len(deployment.cast.messenger.posts) == (when is When.AFTER)

    def test_unclear_it_goes_to_a_person(self, deployment: Deployment) -> None:
        offered_once(deployment, SendUncertainError(None, "Meta gave no answer"))
        assert sweep(deployment) is Swept.CALLED_PERSON
        assert deployment.reasons == ["reply_uncertain"]
        assert deployment.world.overdue(LATER) == []

    def test_though_a_newer_message_has_come(self, deployment: Deployment) -> None:
        offered_once(deployment, SendUncertainError(None, "Meta gave no answer"))
        deployment.deliver(message("Hello?", "wamid.2", at=after(minutes=59)))
        assert sweep(deployment) is Swept.CALLED_PERSON
        assert deployment.conversation.awaiting is None

    def test_but_not_what_a_person_has_seen_to_since(self, deployment: Deployment) -> None:
        offered_once(deployment, SendUncertainError(None, "Meta gave no answer"))
        change(deployment, Change.TAKEN_OVER, "ana")
        change(deployment, Change.HANDED_BACK)
        assert sweep(deployment) is Swept.SETTLED
        assert deployment.conversation.owner is Owner.ASSISTANT

    def test_a_status_that_came_meanwhile_has_settled_it(self, deployment: Deployment) -> None:
        offered_once(deployment, SendUncertainError(None, "Meta gave no answer"))
        item = overdue(deployment)
        deployment.tell(status("sent", reply_id=deployment.replies()[0].reply_id))
        assert deployment.sweep(item, LATER) is Swept.SETTLED
        assert deployment.reasons == []

    def test_failed_it_goes_to_a_person_if_it_has_not_yet(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(MessageRefusedError(131026, "Message undeliverable"))
        deployment.deliver(message())
        deployment.doom = Doom(at_call=len(ANSWERING) + 1, when=When.AFTER)
        job = deployment.cast.reply_jobs.take()
        assert job is not None
        with pytest.raises(Crash):
            deployment.answer(job)
        assert deployment.replies()[0].state is ReplyState.FAILED
        assert sweep(deployment) is Swept.CALLED_PERSON
        assert deployment.reasons == ["send_failed"]

    def test_who_was_called_already_is_not_called_again(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(MessageRefusedError(131026, "Message undeliverable"))
        deployment.deliver(message())
        deployment.drain()
        assert deployment.reasons == ["send_failed"]
        assert sweep(deployment) is Swept.SETTLED
        assert deployment.reasons == ["send_failed"]
        assert deployment.world.overdue(LATER) == []

    def test_a_note_that_was_refused_for_now_is_asked_for_again(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(THROTTLED)
        deployment.deliver(message(A_PERSON_PLEASE))
        job = deployment.cast.reply_jobs.take()
        assert job is not None
        with pytest.raises(SendThrottledError):
            deployment.answer(job)
        deployment.deliver(message("Hello?", "wamid.2", at=after(minutes=50)))
        lose_jobs(deployment)
        assert sweep(deployment) is Swept.ASKED_AGAIN
        assert [str(outcome) for outcome in deployment.drain()] == ["note_sent"]

    def test_but_not_when_a_person_is_there(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(THROTTLED)
        deployment.deliver(message(A_PERSON_PLEASE))
        job = deployment.cast.reply_jobs.take()
        assert job is not None
        with pytest.raises(SendThrottledError):
            deployment.answer(job)
        change(deployment, Change.TAKEN_OVER, "ana")
        assert sweep(deployment) is Swept.SETTLED
        assert deployment.world.overdue(LATER) == []

    def test_a_note_that_is_unclear_calls_nobody_again(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(SendUncertainError(None, "Meta gave no answer"))
        deployment.deliver(message(A_PERSON_PLEASE))
        job = deployment.cast.reply_jobs.take()
        assert job is not None
        with pytest.raises(SendUncertainError):
            deployment.answer(job)
        assert sweep(deployment) is Swept.SETTLED
        assert deployment.reasons == ["person_requested"]

    def test_one_beyond_what_a_thread_shows_may_have_been_sent(self, deployment: Deployment) -> None:
        offered_once(deployment, SendUncertainError(None, "Meta gave no answer"))
        item = overdue(deployment)
        for n in range(41):
            deployment.deliver(message("…", f"wamid.{n}", at=after(minutes=1, seconds=n)))
        assert deployment.sweep(item, LATER) is Swept.CALLED_PERSON
        assert deployment.reasons == ["reply_uncertain"]


ANSWERING = [
    "FakeTenants.number",
    "FakeConversations.thread",
    "FakeMessenger.mark_read",
    "FakeAssistant.answer",
    "FakeSendLedger.claim",
]


class TestPublishing:
    def test_an_escalation_is_published_and_the_note_asked_for(self, deployment: Deployment) -> None:
        deployment.cast.escalations.down = True
        with pytest.raises(ServiceUnavailableError):
            deployment.receive(message(A_PERSON_PLEASE))
        lose_jobs(deployment)
        deployment.cast.escalations.down = False
        assert sweep(deployment) is Swept.PUBLISHED
        assert (deployment.reasons, changes(deployment)) == (["person_requested"], ["handed_over"])
        assert [str(outcome) for outcome in deployment.drain()] == ["note_sent"]
        assert deployment.world.overdue(LATER) == []

    def test_a_change_of_owner_too(self, deployment: Deployment) -> None:
        deployment.deliver(message())
        deployment.cast.notifications.down = True
        with pytest.raises(ServiceUnavailableError):
            change(deployment, Change.TAKEN_OVER, "ana")
        deployment.cast.notifications.down = False
        item = overdue(deployment)
        assert deployment.sweep(item, LATER) is Swept.PUBLISHED
        assert deployment.sweep(item, LATER) is Swept.SETTLED
        assert changes(deployment) == ["taken_over"]

    def test_while_the_topic_is_down_it_stays_due(self, deployment: Deployment) -> None:
        deployment.cast.notifications.down = True
        with pytest.raises(ServiceUnavailableError):
            deployment.receive(message(A_PERSON_PLEASE))
        for _ in range(2):
            with pytest.raises(ServiceUnavailableError):
                sweep(deployment)

    def test_before_its_time_nothing_is_swept(self, deployment: Deployment) -> None:
        deployment.deliver(message())
        assert deployment.world.overdue(after(minutes=29)) == []


def test_of_a_conversation_that_is_gone_nothing_is_left_to_do(deployment: Deployment) -> None:
    deployment.deliver(message())
    item = overdue(deployment)
    for kind in (DueKind.CONVERSATION, DueKind.REPLY, DueKind.ESCALATION, DueKind.OWNER_CHANGE):
        gone = DueItem(kind, ACME, CustomerId("0" * 24), item.due_at, sort_key="state")
        deployment.sweep(gone, LATER)
    assert deployment.reasons == []
