"""`Conversations`, but for `record`: the thread, hand-over, closing without a reply, escalations to publish."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.conversations import Decision, Disposition, Handover, Owner, RecordedBecause, ThreadMessage
from domain.escalations import EscalationReason
from domain.messages import MessageId
from domain.replies import Failure, ReplyState, SendOutcome
from tests.builders import (
    ACME,
    GLOBEX,
    MONTH,
    NOON,
    PERSON_REQUESTED,
    after,
    escalation,
    job,
    message,
    recording,
    reply,
)
from tests.contracts.recording import at_once
from tests.contracts.world import World

SENT = SendOutcome(ReplyState.SENT, MessageId("wamid.out.1"))


class ThreadContract:
    def test_of_a_customer_that_nobody_knows_there_is_none(self, world: World) -> None:
        assert world.conversations.thread(ACME, recording().customer_id) is None

    def test_of_another_tenant_there_is_none(self, world: World) -> None:
        world.record(recording())
        assert world.conversations.thread(GLOBEX, recording().customer_id) is None

    def test_entries_stand_oldest_first_in_whatever_order_they_came(self, world: World) -> None:
        for n in (2, 0, 3, 1):
            world.record(recording(message(message_id=f"wamid.{n}", at=after(seconds=n))))
        entries = world.thread(recording().customer_id).entries
        assert [entry.message_id for entry in entries] == ["wamid.0", "wamid.1", "wamid.2", "wamid.3"]

    def test_within_a_second_the_order_of_receipt_decides(self, world: World) -> None:
        for message_id, received in (("wamid.b", 1.2), ("wamid.a", 1.3), ("wamid.c", 1.1)):
            world.record(recording(message(message_id=message_id, received_at=after(seconds=received))))
        entries = world.thread(recording().customer_id).entries
        assert [entry.message_id for entry in entries] == ["wamid.c", "wamid.b", "wamid.a"]

    def test_a_reply_stands_behind_its_message_and_before_later_ones(self, world: World) -> None:
        first = recording(message(message_id="wamid.1"))
        world.record(first)
        answer = reply(job(first))
        assert world.ledger.claim(ACME, job(first), answer, "en")
        world.ledger.settle(ACME, job(first), answer, SENT)
        world.record(recording(message(message_id="wamid.1A")))
        world.record(recording(message(message_id="wamid.2", at=after(seconds=1))))
        entries = world.thread(first.customer_id).entries
        assert [entry.message_id for entry in entries] == ["wamid.1", "wamid.out.1", "wamid.1A", "wamid.2"]

    def test_unanswered_is_what_expects_an_answer_and_no_reply_has_taken_on(self, world: World) -> None:
        kept = Decision(Disposition.RECORD, RecordedBecause.NO_ANSWER_EXPECTED)
        recordings = [
            recording(message(message_id="wamid.1")),
            recording(message(message_id="wamid.2", at=after(seconds=1)), kept),
            recording(message(message_id="wamid.3", at=after(seconds=2))),
        ]
        for each in recordings:
            world.record(each)
        thread = world.thread(recordings[0].customer_id)
        assert [entry.message_id for entry in thread.unanswered()] == ["wamid.1", "wamid.3"]
        answers = tuple(entry.message_id for entry in thread.unanswered())
        last = job(recordings[2])
        assert world.ledger.claim(ACME, last, reply(last, answers=answers), "en")
        assert world.thread(last.customer_id).unanswered() == ()

    @pytest.mark.parametrize("state", [ReplyState.READY, ReplyState.FAILED])
    def test_what_was_certainly_not_sent_leaves_its_messages_unanswered(self, world: World, state: ReplyState) -> None:
        of = recording()
        world.record(of)
        world.ledger.claim(ACME, job(of), reply(job(of)), "en")
        world.ledger.settle(ACME, job(of), reply(job(of)), SendOutcome(state, failure=Failure(130429, "Rate limit")))
        assert [entry.message_id for entry in world.thread(of.customer_id).unanswered()] == [of.message.message_id]

    def test_it_brings_the_newest_entries_of_a_long_conversation(self, world: World) -> None:
        for n in range(100):
            of = recording(message(message_id=f"wamid.{n}", at=after(seconds=n)))
            world.record(of)
            if n in {20, 80}:
                world.ledger.claim(ACME, job(of), reply(job(of)), "en")
        entries = world.thread(recording().customer_id).entries
        assert [entry.message_id for entry in entries[-19:]] == [f"wamid.{n}" for n in range(81, 100)]
        assert 40 <= len(entries) < 85

    def test_it_brings_all_of_a_long_burst(self, world: World) -> None:
        for n in range(100):
            world.record(recording(message(message_id=f"wamid.{n}", at=after(seconds=n))))
        unanswered = world.thread(recording().customer_id).unanswered()
        assert [entry.message_id for entry in unanswered] == [f"wamid.{n}" for n in range(100)]

    def test_one_message_or_reply_can_be_found_in_it(self, world: World) -> None:
        of = recording()
        world.record(of)
        world.ledger.claim(ACME, job(of), reply(job(of)), "en")
        thread = world.thread(of.customer_id)
        found = thread.message(of.message.message_id)
        assert found is not None
        assert found.position == of.position
        assert thread.reply(reply(job(of)).reply_id) is not None
        assert thread.message(MessageId("wamid.other")) is None


class HandOverContract:
    def test_the_conversation_waits_for_a_person(self, world: World) -> None:
        of = recording()
        world.record(of)
        handover = Handover(of.message.message_id, EscalationReason.NO_ANSWER, after(seconds=5), told=False)
        assert world.conversations.hand_over(ACME, handover, escalation(job(of)))
        conversation = world.conversation(of.customer_id)
        assert conversation.owner is Owner.WAITING
        assert conversation.handover == handover
        assert conversation.awaiting is None

    def test_the_escalation_is_pending_and_counted(self, world: World) -> None:
        of = recording()
        world.record(of)
        assert _hand_over(world)
        assert world.conversations.pending_escalation(ACME, of.customer_id, of.position) == escalation(job(of))
        assert world.look.usage(ACME, MONTH)["escalations"] == 1

    def test_what_is_no_longer_awaited_can_be_handed_over(self, world: World) -> None:
        of = recording()
        world.record(of)
        world.ledger.claim(ACME, job(of), reply(job(of)), "en")
        assert _hand_over(world, EscalationReason.SEND_FAILED)

    @pytest.mark.parametrize("reason", [EscalationReason.NO_ANSWER, EscalationReason.UNANSWERED])
    def test_but_not_for_want_of_an_answer_that_nobody_awaits(self, world: World, reason: EscalationReason) -> None:
        of = recording()
        world.record(of)
        world.ledger.claim(ACME, job(of), reply(job(of)), "en")
        before = world.look.everything()
        assert not _hand_over(world, reason)
        assert world.look.everything() == before

    @pytest.mark.parametrize("owner", [Owner.WAITING, Owner.PERSON])
    def test_another_owner_keeps_the_conversation(self, world: World, owner: Owner) -> None:
        of = recording()
        world.record(of)
        world.look.give_to(ACME, of.customer_id, owner)
        before = world.look.everything()
        assert not _hand_over(world)
        assert world.look.everything() == before

    def test_where_a_newer_message_has_come_its_own_job_decides(self, world: World) -> None:
        world.record(recording())
        world.record(recording(message(message_id="wamid.2", at=after(seconds=1))))
        before = world.look.everything()
        assert not _hand_over(world)
        assert world.look.everything() == before

    def test_but_an_unclear_reply_calls_a_person_all_the_same(self, world: World) -> None:
        of = recording()
        world.record(of)
        world.record(recording(message(message_id="wamid.2", at=after(seconds=1))))
        assert _hand_over(world, EscalationReason.REPLY_UNCERTAIN)
        conversation = world.conversation(of.customer_id)
        assert conversation.owner is Owner.WAITING
        assert conversation.awaiting is None

    def test_of_a_conversation_that_is_not_there_nothing_is_written(self, world: World) -> None:
        before = world.look.everything()
        assert not _hand_over(world)
        assert world.look.everything() == before

    def test_two_workers_at_once_hand_over_once(self, world: World) -> None:
        world.record(recording())
        assert sorted(map(bool, at_once([lambda: _hand_over(world)] * 4))) == [False, False, False, True]
        assert world.look.usage(ACME, MONTH)["escalations"] == 1


def _hand_over(world: World, reason: EscalationReason = EscalationReason.NO_ANSWER) -> bool:
    handover = Handover(recording().message.message_id, reason, NOON, told=True)
    return world.conversations.hand_over(ACME, handover, escalation(job(), reason))


class LeaveUnansweredContract:
    def test_the_burst_is_closed_and_each_message_says_why(self, world: World) -> None:
        recordings = [recording(message("thanks", f"wamid.{n}", at=after(seconds=n))) for n in range(3)]
        for each in recordings:
            world.record(each)
        last = job(recordings[-1])
        burst = world.thread(last.customer_id).unanswered()
        assert len(burst) == 3
        assert world.conversations.leave_unanswered(ACME, last, burst, RecordedBecause.THANKS)
        thread = world.thread(last.customer_id)
        assert thread.conversation.awaiting is None
        closed = Decision(Disposition.RECORD, RecordedBecause.THANKS)
        assert thread.entries == tuple(replace(message, decision=closed) for message in burst)
        assert thread.unanswered() == ()

    def test_a_newer_message_keeps_the_burst_open(self, world: World) -> None:
        world.record(recording())
        burst = world.thread(job().customer_id).unanswered()
        world.record(recording(message(message_id="wamid.2", at=after(seconds=1))))
        before = world.look.everything()
        assert not world.conversations.leave_unanswered(ACME, job(), burst, RecordedBecause.THANKS)
        assert world.look.everything() == before

    def test_a_burst_of_all_that_a_thread_can_hold_is_closed(self, world: World) -> None:
        recordings = [recording(message("thanks", f"wamid.{n}", at=after(seconds=n))) for n in range(40)]
        for each in recordings:
            world.record(each)
        last = job(recordings[-1])
        burst: tuple[ThreadMessage, ...] = world.thread(last.customer_id).unanswered()
        assert len(burst) == 40
        assert world.conversations.leave_unanswered(ACME, last, burst, RecordedBecause.THANKS)
        assert world.thread(last.customer_id).unanswered() == ()


class PendingEscalationContract:
    def test_there_is_none_where_none_was_stored(self, world: World) -> None:
        of = recording()
        world.record(of)
        assert world.conversations.pending_escalation(ACME, of.customer_id, of.position) is None

    def test_once_published_it_is_no_longer_pending(self, world: World) -> None:
        of = recording(decision=PERSON_REQUESTED)
        world.record(of)
        pending = world.conversations.pending_escalation(ACME, of.customer_id, of.position)
        assert pending is not None
        for _ in range(2):
            world.conversations.escalation_published(ACME, pending)
            assert world.conversations.pending_escalation(ACME, of.customer_id, of.position) is None

    def test_publishing_changes_nothing_of_the_conversation(self, world: World) -> None:
        of = recording(decision=PERSON_REQUESTED)
        world.record(of)
        before = world.thread(of.customer_id)
        pending = world.conversations.pending_escalation(ACME, of.customer_id, of.position)
        assert pending is not None
        world.conversations.escalation_published(ACME, pending)
        assert world.thread(of.customer_id) == before

    def test_another_tenant_does_not_see_it(self, world: World) -> None:
        of = recording(decision=PERSON_REQUESTED)
        world.record(of)
        assert world.conversations.pending_escalation(GLOBEX, of.customer_id, of.position) is None
