"""`Waits`: a row for each hand-over, from its transaction until somebody comes; and the claim of the note."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from domain.conversations import Handover, Owner, ReplyJob
from domain.due import DueItem, DueKind
from domain.escalations import EscalationReason
from domain.messages import MessageId
from domain.ownership import Change
from domain.replies import Failure, Reply, ReplyPurpose, ReplyState, SendOutcome
from domain.waiting import WaitingStep
from domain.waits import NotNoted, Wait
from tests.builders import (
    ACME,
    ALICE,
    GLOBEX,
    PERSON_REQUESTED,
    after,
    escalation,
    job,
    message,
    order,
    owner_change,
    recording,
    reply,
)
from tests.contracts.recording import at_once
from tests.contracts.world import World

HIS = ALICE.first_customer_id(ACME)
ASKED = recording(decision=PERSON_REQUESTED)
RECEIVED = after(seconds=1)
THROTTLED = Failure(130429, "Rate limit hit", "Too many messages")


def only(world: World) -> DueItem:
    [item] = world.waiting()
    return item


def found(world: World) -> Wait:
    wait = world.waits.find(ACME, only(world))
    assert wait is not None
    return wait


def asked_for_a_person(world: World) -> Wait:
    world.record(ASKED)
    return found(world)


def decided(wait: Wait, step: WaitingStep = WaitingStep.REMINDER, minutes: float = 15) -> Wait:
    return replace(wait, step=step, step_at=after(minutes=minutes), carried_out=False)


def change(world: World, to: Change, minutes: float = 5) -> None:
    of = world.conversation(HIS)
    assert world.conversations.change_owner(ACME, owner_change(of, to, at=after(minutes=minutes)), of)


def step_of(world: World) -> WaitingStep | None:
    handover = world.conversation(HIS).handover
    return handover.step if handover else None


class BeginOfWaitContract:
    def test_a_rule_that_calls_a_person_begins_it(self, world: World) -> None:
        wait = asked_for_a_person(world)
        assert wait == Wait(
            escalation(job(ASKED), EscalationReason.PERSON_REQUESTED, at=ASKED.at), RECEIVED, True, RECEIVED
        )
        item = only(world)
        assert (item.kind, item.tenant_id, item.customer_id, item.due_at) == (DueKind.WAIT, ACME, HIS, RECEIVED)
        assert wait.goes_on(world.conversation(HIS))

    def test_so_does_the_assistant_that_gives_up(self, world: World) -> None:
        world.record(recording())
        handover = Handover(MessageId("wamid.in.1"), EscalationReason.NO_ANSWER, after(seconds=5), told=True)
        called = escalation(job(), EscalationReason.NO_ANSWER)
        assert world.conversations.hand_over(ACME, handover, called)
        assert found(world) == Wait(called, called.at, tell=False, due_at=called.at)
        assert found(world).goes_on(world.conversation(HIS))

    def test_who_waits_is_due_at_once_for_nobody_else_looks_after_it(self, world: World) -> None:
        world.record(ASKED)
        assert world.waiting(after(seconds=0.9)) == []
        assert len(world.waiting(RECEIVED)) == 1

    def test_a_message_that_came_late_has_not_been_waited_upon_before(self, world: World) -> None:
        late = recording(message(received_at=after(days=2)), PERSON_REQUESTED, tell=False)
        world.record(late)
        assert (found(world).since, found(world).tell) == (after(days=2), False)

    def test_what_the_assistant_has_nobody_waits_for(self, world: World) -> None:
        world.record(recording())
        assert world.waiting() == []

    def test_nor_begins_an_order_a_second_one(self, world: World) -> None:
        before = asked_for_a_person(world)
        ordered = replace(PERSON_REQUESTED, reason=EscalationReason.ORDER)
        world.record(recording(message(order(), "wamid.2", at=after(minutes=1)), ordered, takes_over=False))
        assert found(world) == before

    def test_who_writes_again_changes_nothing_of_it(self, world: World) -> None:
        before = asked_for_a_person(world)
        world.record(recording(message(message_id="wamid.2", at=after(minutes=1))))
        assert found(world) == before

    def test_nor_does_the_same_message(self, world: World) -> None:
        asked_for_a_person(world)
        world.waits.go_on(ACME, found(world), None)
        world.record(ASKED)
        assert world.waiting() == []


class EndOfWaitContract:
    @pytest.mark.parametrize("to", [Change.TAKEN_OVER, Change.HANDED_BACK, Change.RESOLVED])
    def test_whoever_takes_it_ends_it_in_the_same_transaction(self, world: World, to: Change) -> None:
        wait, item = asked_for_a_person(world), only(world)
        change(world, to)
        assert world.waiting() == []
        assert world.waits.find(ACME, item) is None
        assert not wait.goes_on(world.conversation(HIS))

    @pytest.mark.parametrize("to", [Change.TAKEN_OVER, Change.HANDED_BACK, Change.RESOLVED])
    def test_and_what_comes_late_changes_nothing(self, world: World, to: Change) -> None:
        wait = asked_for_a_person(world)
        assert world.waits.decide(ACME, decided(wait))
        change(world, to)
        before = world.look.everything()
        assert not world.waits.decide(ACME, decided(wait, WaitingStep.NOTE))
        world.waits.go_on(ACME, replace(decided(wait), carried_out=True), after(minutes=30))
        assert world.look.everything() == before

    def test_what_a_person_has_keeps_why_they_were_called(self, world: World) -> None:
        assert world.waits.decide(ACME, decided(asked_for_a_person(world), WaitingStep.URGENT))
        change(world, Change.TAKEN_OVER)
        assert step_of(world) is WaitingStep.URGENT
        change(world, Change.HANDED_BACK, minutes=6)
        assert world.conversation(HIS).handover is None

    def test_the_next_hand_over_has_a_wait_of_its_own(self, world: World) -> None:
        assert world.waits.decide(ACME, decided(asked_for_a_person(world)))
        change(world, Change.TAKEN_OVER)
        change(world, Change.HANDED_BACK, minutes=6)
        world.record(recording(message(message_id="wamid.2", at=after(hours=1)), PERSON_REQUESTED))
        assert (found(world).since, found(world).step) == (after(hours=1, seconds=1), None)
        assert step_of(world) is None

    def test_also_that_for_the_same_message(self, world: World) -> None:
        asked_for_a_person(world)
        change(world, Change.HANDED_BACK)
        again = Handover(MessageId("wamid.in.1"), EscalationReason.SEND_FAILED, after(hours=1), told=True)
        called = escalation(job(), EscalationReason.SEND_FAILED, at=after(hours=1))
        assert world.conversations.hand_over(ACME, again, called)
        assert (found(world).since, found(world).escalation.reason) == (after(hours=1), EscalationReason.SEND_FAILED)


class StepOfWaitContract:
    def test_it_is_written_there_and_in_the_conversation_and_stays_due(self, world: World) -> None:
        wait = asked_for_a_person(world)
        assert world.waits.decide(ACME, decided(wait))
        assert found(world) == decided(wait)
        assert step_of(world) is WaitingStep.REMINDER

    def test_each_is_decided_once(self, world: World) -> None:
        wait = asked_for_a_person(world)
        assert world.waits.decide(ACME, decided(wait))
        before = world.look.everything()
        assert not world.waits.decide(ACME, decided(wait, minutes=16))
        assert world.look.everything() == before

    def test_from_four_threads_at_once_too(self, world: World) -> None:
        wait = asked_for_a_person(world)
        decisions = at_once([partial(world.waits.decide, ACME, decided(wait))] * 4)
        assert sorted(map(bool, decisions)) == [False, False, False, True]

    def test_carried_out_it_goes_on_at_the_time_of_the_next(self, world: World) -> None:
        wait = decided(asked_for_a_person(world))
        assert world.waits.decide(ACME, wait)
        done = replace(wait, carried_out=True)
        world.waits.go_on(ACME, done, after(minutes=30))
        assert world.waiting(after(minutes=29.9)) == []
        assert found(world) == replace(done, due_at=after(minutes=30))

    def test_or_never_again(self, world: World) -> None:
        wait, item = decided(asked_for_a_person(world), WaitingStep.URGENT), only(world)
        assert world.waits.decide(ACME, wait)
        world.waits.go_on(ACME, replace(wait, carried_out=True, not_noted=NotNoted.WINDOW_CLOSED), None)
        assert world.waiting() == []
        assert world.waits.find(ACME, item) is None

    def test_why_there_was_no_note_is_kept(self, world: World) -> None:
        wait = decided(asked_for_a_person(world), WaitingStep.NOTE)
        assert world.waits.decide(ACME, wait)
        world.waits.go_on(ACME, replace(wait, carried_out=True, not_noted=NotNoted.NOT_TOLD), after(hours=2))
        assert found(world).not_noted is NotNoted.NOT_TOLD
        late = replace(decided(found(world), WaitingStep.URGENT, 120), not_noted=NotNoted.TOO_LATE)
        assert world.waits.decide(ACME, late)
        assert found(world).not_noted is NotNoted.TOO_LATE

    def test_before_the_first_step_it_can_be_put_off(self, world: World) -> None:
        wait = asked_for_a_person(world)
        world.waits.go_on(ACME, wait, after(minutes=15))
        assert found(world) == replace(wait, due_at=after(minutes=15))

    def test_who_was_slower_changes_nothing(self, world: World) -> None:
        wait = asked_for_a_person(world)
        world.waits.go_on(ACME, wait, after(minutes=15))
        before = world.look.everything()
        world.waits.go_on(ACME, wait, after(minutes=99))
        assert not world.waits.decide(ACME, decided(wait))
        assert world.look.everything() == before

    def test_nor_who_has_not_seen_that_a_step_was_decided(self, world: World) -> None:
        wait = asked_for_a_person(world)
        assert world.waits.decide(ACME, decided(wait))
        before = world.look.everything()
        world.waits.go_on(ACME, wait, after(minutes=99))
        assert world.look.everything() == before

    @pytest.mark.parametrize("owner", [Owner.ASSISTANT, Owner.PERSON])
    def test_not_of_a_conversation_that_waits_no_longer(self, world: World, owner: Owner) -> None:
        wait = asked_for_a_person(world)
        world.look.give_to(ACME, HIS, owner)
        before = world.look.everything()
        assert not world.waits.decide(ACME, decided(wait))
        assert world.look.everything() == before

    def test_of_another_tenant_there_is_none(self, world: World) -> None:
        wait, item = asked_for_a_person(world), only(world)
        assert world.waits.find(GLOBEX, item) is None
        before = world.look.everything()
        assert not world.waits.decide(GLOBEX, decided(wait))
        world.waits.go_on(GLOBEX, wait, None)
        assert world.look.everything() == before


class WaitingNoteContract:
    def test_its_claim_notes_that_the_customer_has_been_told(self, world: World) -> None:
        of = _to_be_noted(world)
        assert world.ledger.claim(ACME, of, note(of), "pt")
        assert world.reply(of, ReplyPurpose.WAITING_NOTE).state is ReplyState.SENDING
        conversation = world.conversation(HIS)
        assert conversation.handover is not None
        assert (conversation.handover.noted, conversation.language) == (True, "pt")

    def test_it_is_claimed_once(self, world: World) -> None:
        of = _to_be_noted(world)
        claims = at_once([lambda: world.ledger.claim(ACME, of, note(of), "en")] * 4)
        assert sorted(map(bool, claims)) == [False, False, False, True]

    def test_of_the_message_that_called_the_person_alone(self, world: World) -> None:
        _to_be_noted(world)
        later = recording(message(message_id="wamid.2", at=after(minutes=1)))
        world.record(later)
        assert not world.ledger.claim(ACME, job(later), note(job(later)), "en")

    @pytest.mark.parametrize("to", [Change.TAKEN_OVER, Change.HANDED_BACK, Change.RESOLVED])
    def test_not_when_somebody_has_come(self, world: World, to: Change) -> None:
        of = _to_be_noted(world)
        change(world, to)
        before = world.look.everything()
        assert not world.ledger.claim(ACME, of, note(of), "en")
        assert world.look.everything() == before

    def test_refused_for_now_it_is_offered_again(self, world: World) -> None:
        of = _to_be_noted(world)
        assert world.ledger.claim(ACME, of, note(of), "en")
        world.ledger.settle(ACME, of, note(of), SendOutcome(ReplyState.READY, failure=THROTTLED))
        assert [item.purpose for item in world.overdue() if item.kind is DueKind.REPLY] == [ReplyPurpose.WAITING_NOTE]
        assert world.ledger.claim(ACME, of, world.reply(of, ReplyPurpose.WAITING_NOTE), "en")
        assert world.reply(of, ReplyPurpose.WAITING_NOTE).attempts == 2

    def test_it_takes_no_message_off_those_that_wait(self, world: World) -> None:
        of = _to_be_noted(world)
        world.record(recording(message(message_id="wamid.2", at=after(minutes=1))))
        assert world.ledger.claim(ACME, of, note(of), "en")
        assert world.conversation(HIS).awaiting == "wamid.2"


def _to_be_noted(world: World) -> ReplyJob:
    assert world.waits.decide(ACME, decided(asked_for_a_person(world), WaitingStep.NOTE))
    return job(ASKED)


def note(of: ReplyJob) -> Reply:
    return reply(of, ReplyPurpose.WAITING_NOTE, text="Thank you for waiting.")
