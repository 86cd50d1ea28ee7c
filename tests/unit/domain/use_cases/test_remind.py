"""Nobody comes: reminder, note, urgent, in this order, at the seller's times, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from domain import wording
from domain.answer import Answered
from domain.assistants import CallPerson
from domain.change_owner import change_owner
from domain.conversations import Owner
from domain.due import DueItem
from domain.errors import (
    MessageRefusedError,
    SendError,
    SendThrottledError,
    SendUncertainError,
    ServiceUnavailableError,
)
from domain.escalations import EscalationReason, Priority
from domain.opening_hours import WEEKDAYS, OpeningHours, Span
from domain.ownership import Change
from domain.replies import ReplyPurpose, ReplyState
from domain.sweep import Swept
from domain.tenants import TenantId, TenantStatus
from domain.waiting import WaitingStep, WaitingTimes
from domain.waits import NotNoted, Wait
from tests.builders import A_PERSON_PLEASE, ACME, GLOBEX, NOON, after, message, number, order, tenant
from tests.fakes.crashes import Doom, When
from tests.fakes.deployment import Deployment
from tests.fakes.tenants import FakeTenants
from tests.fakes.world import Cast, fake_world

TIMES = WaitingTimes(reminder=15, note=30, urgent=120)
MINUTE = timedelta(minutes=1)
HANDED_OVER = after(seconds=1)
THROTTLED = SendThrottledError(131056, "Pair rate limit hit")


def seller(times: WaitingTimes = TIMES, **changes: Any) -> FakeTenants:
    return FakeTenants(number(tenant(waiting=times, **changes)))


@pytest.fixture
def deployment() -> Deployment:
    """Whose customers may wait for as long as is usual."""
    return of_seller()


def of_seller(times: WaitingTimes = TIMES, doom: Doom | None = None, **changes: Any) -> Deployment:
    return Deployment(Cast(fake_world(), seller(times, **changes)), doom or Doom())


def told(deployment: Deployment) -> list[tuple[str, str]]:
    """Of each escalation that was published: as what, and how urgently."""
    published = deployment.cast.escalations.published
    return [(str(each.repeated_as or "called"), str(each.priority)) for each in published]


def notes(deployment: Deployment) -> list[str]:
    return [post.text for post in deployment.cast.messenger.posts if post.reply_id.endswith(ReplyPurpose.WAITING_NOTE)]


def ask_for_a_person(deployment: Deployment, at: datetime = NOON) -> None:
    deployment.deliver(message(A_PERSON_PLEASE, at=at))
    deployment.drain()


def change(deployment: Deployment, to: Change, now: datetime) -> None:
    change_owner(
        deployment.conversation,
        to,
        by="ana",
        reason="asked to",
        now=now,
        ports=deployment.cast.track_ports,
        person="ana" if to is Change.TAKEN_OVER else None,
    )


def lose_jobs(deployment: Deployment) -> None:
    while deployment.cast.reply_jobs.take():
        pass


def waiting(deployment: Deployment) -> list[DueItem]:
    return deployment.world.waiting()


def not_noted(deployment: Deployment) -> NotNoted | None:
    [item] = waiting(deployment)
    wait = deployment.world.waits.find(ACME, item)
    assert wait is not None
    return wait.not_noted


CALLED = ("called", "high")
REMINDED = ("reminder", "high")
URGENT = ("urgent", "urgent")


class TestNobodyComes:
    def test_each_step_at_its_time_and_once(self, deployment: Deployment) -> None:
        ask_for_a_person(deployment)
        seen: list[tuple[datetime, list[tuple[str, str]], int]] = []
        for minutes in (14, 16, 29, 31, 119, 121, 24 * 60):
            deployment.sweep_until(after(minutes=minutes, seconds=30), MINUTE)
            seen.append((deployment.now, told(deployment), len(notes(deployment))))
        assert [(published, sent) for _, published, sent in seen] == [
            ([CALLED], 0),
            ([CALLED, REMINDED], 0),
            ([CALLED, REMINDED], 0),
            ([CALLED, REMINDED], 1),
            ([CALLED, REMINDED], 1),
            ([CALLED, REMINDED, URGENT], 1),
            ([CALLED, REMINDED, URGENT], 1),
        ]
        assert deployment.texts == [wording.HANDOVER_NOTE["en"], wording.WAITING_NOTE["en"]]
        assert waiting(deployment) == []
        assert deployment.conversation.owner is Owner.WAITING

    def test_the_escalation_says_since_when_and_is_otherwise_as_it_was(self, deployment: Deployment) -> None:
        ask_for_a_person(deployment)
        deployment.sweep_until(after(minutes=16, seconds=30), MINUTE)
        called, reminded = deployment.cast.escalations.published
        assert (reminded.reason, reminded.message_id) == (called.reason, called.message_id)
        assert (reminded.waiting_since, reminded.at) == (HANDED_OVER, after(minutes=15, seconds=5))
        assert (called.waiting_since, called.repeated_as) == (None, None)
        assert deployment.world.look.usage(ACME, "2026-11")["escalations"] == 1

    def test_no_owner_changes_and_none_is_told_of(self, deployment: Deployment) -> None:
        ask_for_a_person(deployment)
        version = deployment.conversation.version
        deployment.sweep_until(after(hours=3), MINUTE)
        assert deployment.conversation.version == version
        assert [change.change for change in deployment.cast.notifications.published] == [Change.HANDED_OVER]

    def test_who_writes_again_waits_no_longer_and_no_shorter(self, deployment: Deployment) -> None:
        ask_for_a_person(deployment)
        for n in range(1, 12):
            deployment.deliver(message("Hello?", f"wamid.{n}", at=after(minutes=10 * n)))
            deployment.drain()
            deployment.sweep_until(after(minutes=10 * n + 5, seconds=30), MINUTE)
        deployment.sweep_until(after(minutes=121, seconds=30), MINUTE)
        assert told(deployment) == [CALLED, REMINDED, URGENT]
        assert len(notes(deployment)) == 1

    def test_what_the_assistant_gave_up_waits_too(self, deployment: Deployment) -> None:
        deployment.deliver(message())
        lose_jobs(deployment)
        deployment.sweep_until(after(hours=3), MINUTE)
        assert told(deployment) == [CALLED, REMINDED, URGENT]
        assert len(notes(deployment)) == 1

    def test_a_call_of_normal_priority_ends_as_an_urgent_one(self, deployment: Deployment) -> None:
        deployment.cast.assistant.draft = CallPerson()
        deployment.deliver(message())
        deployment.drain()
        deployment.sweep_until(after(hours=3), MINUTE)
        priorities = [each.priority for each in deployment.cast.escalations.published]
        assert priorities == [Priority.NORMAL, Priority.NORMAL, Priority.URGENT]

    @pytest.mark.parametrize(
        ("times", "expected", "sent"),
        [
            (WaitingTimes(None, None, None), [CALLED], 0),
            (WaitingTimes(None, 30, None), [CALLED], 1),
            (WaitingTimes(None, None, 60), [CALLED, URGENT], 0),
            (WaitingTimes(60, 30, 10), [CALLED, REMINDED, URGENT], 1),
            (WaitingTimes(1, 1, 1), [CALLED, REMINDED, URGENT], 1),
        ],
    )
    def test_each_seller_as_they_wish(self, times: WaitingTimes, expected: list[tuple[str, str]], sent: int) -> None:
        deployment = of_seller(times)
        ask_for_a_person(deployment)
        deployment.sweep_until(after(hours=3), MINUTE)
        assert told(deployment) == expected
        assert len(notes(deployment)) == sent
        assert waiting(deployment) == []

    def test_a_setting_that_changes_holds_from_the_next_step_on(self, deployment: Deployment) -> None:
        ask_for_a_person(deployment)
        deployment.sweep_until(after(minutes=16, seconds=30), MINUTE)
        deployment.cast.tenants.put(number(tenant(waiting=WaitingTimes(1, None, 45))))
        deployment.sweep_until(after(minutes=44, seconds=30), MINUTE)
        assert told(deployment) == [CALLED, REMINDED]
        deployment.sweep_until(after(minutes=46, seconds=30), MINUTE)
        assert told(deployment) == [CALLED, REMINDED, URGENT]
        assert notes(deployment) == []

    def test_the_sweeper_that_was_away_does_what_is_left_in_order(self, deployment: Deployment) -> None:
        ask_for_a_person(deployment)
        deployment.now = after(hours=5)
        deployment.sweep_until(after(hours=5, minutes=10), MINUTE)
        assert told(deployment) == [CALLED, REMINDED, URGENT]
        assert waiting(deployment) == []


class TestOpeningHours:
    HOURS = OpeningHours("UTC", dict.fromkeys(WEEKDAYS, (Span(time(9), time(12)),)))
    """NOON is closing time."""

    def test_while_nobody_can_come_nobody_is_late(self) -> None:
        deployment = of_seller(opening_hours=self.HOURS)
        ask_for_a_person(deployment)
        deployment.sweep_until(after(hours=21, minutes=14), MINUTE)
        assert told(deployment) == [CALLED]
        deployment.sweep_until(after(hours=21, minutes=17), MINUTE)
        assert told(deployment) == [CALLED, REMINDED]
        deployment.sweep_until(after(hours=21, minutes=32), MINUTE)
        assert notes(deployment) == [wording.WAITING_NOTE["en"]]
        deployment.sweep_until(after(hours=23, minutes=2), MINUTE)
        assert told(deployment) == [CALLED, REMINDED, URGENT]

    def test_who_is_told_when_it_has_closed_is_told_when_it_opens(self) -> None:
        deployment = of_seller(WaitingTimes(None, 10, None), opening_hours=self.HOURS)
        deployment.now = NOON - timedelta(minutes=10)
        ask_for_a_person(deployment, at=deployment.now - timedelta(seconds=2))
        deployment.sweep_until(after(minutes=5), MINUTE)
        assert notes(deployment) == [wording.waiting_note("en", self.HOURS.next_opening(NOON))]
        assert "09:00" in notes(deployment)[0]


class TestSomebodyComes:
    @pytest.mark.parametrize("to", [Change.TAKEN_OVER, Change.HANDED_BACK, Change.RESOLVED])
    @pytest.mark.parametrize(("minutes", "published", "sent"), [(5, 1, 0), (20, 2, 0), (60, 2, 1), (130, 3, 1)])
    def test_then_it_is_over_at_once(
        self, deployment: Deployment, to: Change, minutes: int, published: int, sent: int
    ) -> None:
        ask_for_a_person(deployment)
        deployment.sweep_until(after(minutes=minutes), MINUTE)
        change(deployment, to, deployment.now)
        assert waiting(deployment) == []
        deployment.sweep_until(after(hours=10), MINUTE)
        assert (len(told(deployment)), len(notes(deployment))) == (published, sent)

    def test_a_step_that_was_found_due_before_does_nothing(self, deployment: Deployment) -> None:
        ask_for_a_person(deployment)
        deployment.sweep_until(after(minutes=14), MINUTE)
        [item] = waiting(deployment)
        change(deployment, Change.TAKEN_OVER, deployment.now)
        assert deployment.sweep(item, after(minutes=20)) is Swept.SETTLED
        assert told(deployment) == [CALLED]

    def test_nor_does_one_that_is_found_due_while_another_has_the_conversation(self, deployment: Deployment) -> None:
        ask_for_a_person(deployment)
        deployment.world.look.give_to(ACME, deployment.conversation.customer_id, Owner.PERSON)
        deployment.sweep_until(after(minutes=20), MINUTE)
        assert told(deployment) == [CALLED]
        assert waiting(deployment) == []

    def test_nor_one_that_is_decided_upon_in_the_very_moment(
        self, deployment: Deployment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waits = deployment.world.waits
        decide = waits.decide

        def taken_over_meanwhile(tenant_id: TenantId, wait: Wait) -> bool:
            change(deployment, Change.TAKEN_OVER, deployment.now)
            return decide(tenant_id, wait)

        ask_for_a_person(deployment)
        monkeypatch.setattr(waits, "decide", taken_over_meanwhile)
        deployment.sweep_until(after(minutes=20), MINUTE)
        assert told(deployment) == [CALLED]
        assert deployment.conversation.owner is Owner.PERSON

    def test_nor_one_that_was_decided_and_not_carried_out(self, deployment: Deployment) -> None:
        ask_for_a_person(deployment)
        deployment.sweep_until(after(minutes=14), MINUTE)
        deployment.cast.escalations.down = True
        [item] = waiting(deployment)
        with pytest.raises(ServiceUnavailableError):
            deployment.sweep(item, after(minutes=20))
        change(deployment, Change.TAKEN_OVER, after(minutes=21))
        deployment.cast.escalations.down = False
        deployment.sweep_until(after(hours=3), MINUTE)
        assert told(deployment) == [CALLED]

    def test_nor_a_note_that_was_asked_for(self, deployment: Deployment) -> None:
        ask_for_a_person(deployment)
        deployment.sweep_until(after(minutes=29), MINUTE)
        [item] = waiting(deployment)
        assert deployment.sweep(item, after(minutes=31)) is Swept.REMINDED
        change(deployment, Change.TAKEN_OVER, after(minutes=31))
        assert [str(outcome) for outcome in deployment.drain()][-1] == "person_owns"
        assert notes(deployment) == []

    def test_the_next_hand_over_is_waited_for_anew(self, deployment: Deployment) -> None:
        ask_for_a_person(deployment)
        deployment.sweep_until(after(hours=3), MINUTE)
        change(deployment, Change.HANDED_BACK, after(hours=3))
        deployment.deliver(message(A_PERSON_PLEASE, "wamid.2", at=after(hours=4)))
        deployment.now = after(hours=4, seconds=2)
        deployment.drain()
        deployment.sweep_until(after(hours=4, minutes=14), MINUTE)
        assert told(deployment) == [CALLED, REMINDED, URGENT, CALLED]
        deployment.sweep_until(after(hours=7), MINUTE)
        assert told(deployment) == [CALLED, REMINDED, URGENT] * 2
        assert len(notes(deployment)) == 2


class TestNote:
    def test_not_when_the_window_has_closed(self) -> None:
        deployment = of_seller(WaitingTimes(None, 25 * 60, 26 * 60))
        ask_for_a_person(deployment)
        deployment.sweep_until(after(hours=25, minutes=5))
        assert not_noted(deployment) is NotNoted.WINDOW_CLOSED
        deployment.sweep_until(after(hours=27))
        assert notes(deployment) == []
        assert told(deployment) == [CALLED, URGENT]

    def test_nor_when_it_closes_before_the_job_is_looked_at(self) -> None:
        deployment = of_seller(WaitingTimes(None, 24 * 60 - 2, None))
        ask_for_a_person(deployment)
        deployment.now = after(hours=24, minutes=-1)
        [item] = waiting(deployment)
        deployment.cast.reply_jobs.forget()
        assert deployment.sweep(item, deployment.now) is Swept.REMINDED
        deployment.now = after(hours=24)
        assert [str(outcome) for outcome in deployment.drain()][-1] == "done_before"
        assert notes(deployment) == []
        deployment.sweep_until(after(hours=25), MINUTE)
        assert waiting(deployment) == []

    def test_nor_to_who_was_not_to_be_told_of_the_hand_over(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(MessageRefusedError(131026, "Message undeliverable"))
        deployment.deliver(message())
        deployment.drain()
        deployment.sweep_until(after(minutes=40), MINUTE)
        assert not_noted(deployment) is NotNoted.NOT_TOLD
        deployment.sweep_until(after(hours=3), MINUTE)
        assert notes(deployment) == []
        assert told(deployment) == [CALLED, REMINDED, URGENT]

    def test_in_the_customers_language(self, deployment: Deployment) -> None:
        deployment.deliver(message("Quiero hablar con una persona"))
        deployment.drain()
        deployment.sweep_until(after(minutes=35), MINUTE)
        assert notes(deployment) == [wording.WAITING_NOTE["es"]]

    def test_a_job_that_is_lost_is_asked_for_again(self, deployment: Deployment) -> None:
        ask_for_a_person(deployment)
        deployment.sweep_until(after(minutes=29), MINUTE)
        [item] = waiting(deployment)
        deployment.sweep(item, after(minutes=30, seconds=2))
        lose_jobs(deployment)
        deployment.sweep_until(after(minutes=34), MINUTE)
        assert notes(deployment) == []
        deployment.sweep_until(after(minutes=37), MINUTE)
        assert len(notes(deployment)) == 1

    def test_but_not_beyond_the_next_step(self, deployment: Deployment) -> None:
        ask_for_a_person(deployment)
        deployment.sweep_until(after(minutes=29), MINUTE)
        while deployment.now < after(minutes=119):
            deployment.now += MINUTE
            for item in waiting(deployment):
                if item.overdue(deployment.now):
                    deployment.sweep(item, deployment.now)
            lose_jobs(deployment)
        [item] = waiting(deployment)
        assert deployment.sweep(item, after(minutes=121)) is Swept.REMINDED
        assert told(deployment)[-1] == URGENT
        assert waiting(deployment) == []
        handover = deployment.conversation.handover
        assert handover is not None
        assert (handover.step, handover.noted) == (WaitingStep.URGENT, False)

    def test_refused_for_now_it_is_offered_again(self, deployment: Deployment) -> None:
        ask_for_a_person(deployment)
        deployment.cast.messenger.fail(THROTTLED, THROTTLED)
        deployment.sweep_until(after(minutes=35), MINUTE)
        [note] = deployment.replies(ReplyPurpose.WAITING_NOTE)
        assert (note.state, note.attempts) == (ReplyState.SENT, 3)

    def test_also_by_the_sweeper(self, deployment: Deployment) -> None:
        ask_for_a_person(deployment)
        deployment.cast.messenger.fail(*[THROTTLED] * 2)
        deployment.sweep_until(after(minutes=29), MINUTE)
        [item] = waiting(deployment)
        deployment.cast.reply_jobs.forget()
        deployment.sweep(item, after(minutes=31))
        job = deployment.cast.reply_jobs.take()
        assert job is not None
        deployment.now = after(minutes=31)
        with pytest.raises(SendThrottledError):
            deployment.answer(job)
        deployment.sweep_until(after(minutes=50), MINUTE)
        [note] = deployment.replies(ReplyPurpose.WAITING_NOTE)
        assert note.state is ReplyState.SENT

    @pytest.mark.parametrize(
        ("error", "state", "outcome"),
        [
            (SendUncertainError(None, "Meta gave no answer"), ReplyState.UNCERTAIN, Answered.DONE_BEFORE),
            (MessageRefusedError(131026, "Message undeliverable"), ReplyState.FAILED, Answered.NOTE_REFUSED),
        ],
        ids=["unclear", "refused"],
    )
    def test_it_is_not_sent_twice_and_calls_nobody(
        self, deployment: Deployment, error: SendError, state: ReplyState, outcome: Answered
    ) -> None:
        ask_for_a_person(deployment)
        deployment.cast.messenger.fail(error)
        deployment.sweep_until(after(hours=3), MINUTE)
        [note] = deployment.replies(ReplyPurpose.WAITING_NOTE)
        assert (note.state, len(notes(deployment))) == (state, 1)
        assert deployment.outcomes == [Answered.NOTE_SENT, outcome]
        assert told(deployment) == [CALLED, REMINDED, URGENT]
        assert deployment.world.overdue() == []

    def test_who_has_not_been_told_yet_is_told_that_first(self, deployment: Deployment) -> None:
        deployment.deliver(message(A_PERSON_PLEASE))
        lose_jobs(deployment)
        deployment.sweep_until(after(minutes=45), MINUTE)
        assert deployment.texts == [wording.HANDOVER_NOTE["en"], wording.WAITING_NOTE["en"]]


class TestSeller:
    def test_of_one_who_is_suspended_nobody_is_reminded(self, deployment: Deployment) -> None:
        ask_for_a_person(deployment)
        deployment.cast.tenants.put(number(tenant(waiting=TIMES, status=TenantStatus.SUSPENDED)))
        deployment.sweep_until(after(hours=5), MINUTE)
        assert told(deployment) == [CALLED]
        deployment.cast.tenants.put(number(tenant(waiting=TIMES)))
        deployment.sweep_until(after(hours=7), MINUTE)
        assert told(deployment) == [CALLED, REMINDED, URGENT]

    def test_a_number_that_is_anothers_now_tells_nothing_of_this_one(self, deployment: Deployment) -> None:
        ask_for_a_person(deployment)
        deployment.cast.tenants = FakeTenants(number(tenant(GLOBEX, waiting=TIMES)))
        deployment.sweep_until(after(hours=5), MINUTE)
        assert told(deployment) == [CALLED]
        assert notes(deployment) == []

    def test_an_order_of_who_waits_already_has_no_wait_of_its_own(self, deployment: Deployment) -> None:
        ask_for_a_person(deployment)
        deployment.deliver(message(order(), "wamid.2", at=after(minutes=1)))
        deployment.sweep_until(after(hours=3), MINUTE)
        reasons = [each.reason for each in deployment.cast.escalations.published if each.repeated_as]
        assert reasons == [EscalationReason.PERSON_REQUESTED] * 2


def nobody_comes(deployment: Deployment) -> None:
    ask_for_a_person(deployment)
    deployment.sweep_until(after(hours=3), MINUTE)


def fates(play: Callable[[Deployment], None], *, loses_records: bool) -> Iterator[Deployment]:
    healthy = of_seller()
    play(healthy)
    for n in range(len(healthy.doom.calls)):
        for when in When:
            doomed = of_seller(doom=Doom(n, when))
            doomed.loses_records = loses_records
            play(doomed)
            yield doomed


@pytest.mark.parametrize("loses_records", [False, True])
def test_wherever_a_worker_dies_each_step_is_taken_once(*, loses_records: bool) -> None:
    for deployment in fates(nobody_comes, loses_records=loses_records):
        where = f"{deployment.doom.when} call {deployment.doom.at_call}: {deployment.doom.calls}"
        if deployment.world.conversations.thread(ACME, message().sender.first_customer_id(ACME)) is None:
            continue  # lost before anybody had stored it
        published = deployment.cast.escalations.published
        # At least once, and what comes twice is the same event: same reason, same time.
        assert list(dict.fromkeys(told(deployment))) == [CALLED, REMINDED, URGENT], where
        assert len({(each.repeated_as, each.at) for each in published}) == 3, where
        assert len(published) <= 4, where
        assert len(notes(deployment)) <= 1, where
        [note] = deployment.replies(ReplyPurpose.WAITING_NOTE)
        assert note.state is (ReplyState.SENT if notes(deployment) and note.message_id else ReplyState.UNCERTAIN), where
        assert deployment.world.overdue() == waiting(deployment) == [], where


def ana_comes(deployment: Deployment) -> None:
    ask_for_a_person(deployment)
    deployment.sweep_until(after(minutes=20), MINUTE)
    if deployment.conversation.owner is Owner.WAITING:
        change(deployment, Change.TAKEN_OVER, deployment.now)
    deployment.sweep_until(after(hours=3), MINUTE)


def test_wherever_a_worker_dies_nothing_is_done_once_somebody_has_come() -> None:
    for deployment in fates(ana_comes, loses_records=False):
        where = f"{deployment.doom.when} call {deployment.doom.at_call}: {deployment.doom.calls}"
        assert set(told(deployment)) <= {CALLED, REMINDED}, where
        assert notes(deployment) == [], where
        assert waiting(deployment) == [], where


def test_the_harness_dies_in_the_steps_too() -> None:
    healthy = of_seller()
    nobody_comes(healthy)
    for call in ("FakeWaits.decide", "FakeWaits.go_on", "FakeWaits.find", "FakeEscalations.publish"):
        assert healthy.doom.calls.count(call) >= 3
    doomed = of_seller(doom=Doom(healthy.doom.calls.index("FakeWaits.decide"), When.AFTER))
    ask_for_a_person(doomed)
    doomed.sweep_until(after(minutes=15, seconds=30), MINUTE)
    assert told(doomed) == [CALLED]
    doomed.sweep_until(after(minutes=16, seconds=30), MINUTE)
    assert told(doomed) == [CALLED, REMINDED]
