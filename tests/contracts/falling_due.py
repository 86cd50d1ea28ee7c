"""`DueItems`: what is overdue is found, what is settled is not; and `SendLedger.note_person`."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from domain.conversations import Decision, Disposition, RecordedBecause
from domain.deliveries import Delivery, advance
from domain.due import PATIENCE, DueItem, DueKind
from domain.messages import MessageId
from domain.ownership import Change
from domain.replies import Reply, ReplyPurpose, ReplyState, SendOutcome
from tests.builders import (
    ACME,
    ALICE,
    BOB,
    GLOBEX,
    MONTH,
    PERSON_REQUESTED,
    UNDELIVERABLE,
    after,
    echo,
    job,
    message,
    owner_change,
    recording,
    reply,
    status,
)
from tests.contracts.recording import KEPT
from tests.contracts.sending import NO_WORD, await_answer, await_note, note
from tests.contracts.world import World

HIS = ALICE.first_customer_id(ACME)
RECEIVED = after(seconds=1)
SENT = SendOutcome(ReplyState.SENT, MessageId("wamid.out.1"))


def only(world: World) -> DueItem:
    [item] = world.overdue()
    return item


class DueItemsContract:
    def test_a_message_that_waits_for_its_answer(self, world: World) -> None:
        world.record(recording())
        item = only(world)
        assert (item.kind, item.tenant_id, item.customer_id) == (DueKind.CONVERSATION, ACME, HIS)
        assert (item.due_at, item.position, item.purpose) == (RECEIVED, None, None)

    def test_not_before_its_time(self, world: World) -> None:
        world.record(recording())
        overdue = RECEIVED + PATIENCE[DueKind.CONVERSATION]
        assert world.overdue(overdue - timedelta(microseconds=1)) == []
        assert len(world.overdue(overdue)) == 1

    def test_what_is_not_overdue_yet_keeps_nothing_from_being_found(self, world: World) -> None:
        for n in range(120):
            sender = type(ALICE)(phone=f"1202555{n:04}")
            world.record(recording(message(message_id=f"wamid.{n}", sender=sender)))
        of = recording(message(message_id="wamid.bob", at=after(minutes=1), sender=BOB), PERSON_REQUESTED)
        world.record(of)
        found = [item for item in world.due.overdue(after(minutes=10), 16) if item.kind is not DueKind.WAIT]
        assert [(item.kind, item.position) for item in found] == [(DueKind.ESCALATION, of.position)]

    def test_who_keeps_writing_does_not_wait_the_longer_for_it(self, world: World) -> None:
        for n in range(4):
            world.record(recording(message(message_id=f"wamid.{n}", at=after(minutes=20 * n))))
        assert only(world).due_at == RECEIVED

    def test_what_expects_no_answer_is_never_due(self, world: World) -> None:
        world.record(recording(decision=KEPT))
        assert world.overdue() == []

    def test_a_burst_that_needs_no_reply_no_longer_is(self, world: World) -> None:
        world.record(recording())
        burst = world.thread(HIS).unanswered()
        assert world.conversations.leave_unanswered(ACME, job(), burst, RecordedBecause.THANKS)
        assert world.overdue() == []

    def test_a_reply_from_its_claim_until_it_is_sent(self, world: World) -> None:
        of = await_answer(world)
        world.ledger.claim(ACME, of, reply(of), "en")
        item = only(world)
        assert (item.kind, item.position, item.purpose) == (DueKind.REPLY, of.position, ReplyPurpose.ANSWER)
        assert item.due_at == reply(of).created_at
        world.ledger.settle(ACME, of, reply(of), SENT)
        assert world.overdue() == []

    @pytest.mark.parametrize("state", [ReplyState.UNCERTAIN, ReplyState.READY, ReplyState.FAILED])
    def test_an_answer_that_was_not_sent_until_somebody_has_seen_to_it(self, world: World, state: ReplyState) -> None:
        of = await_answer(world)
        world.ledger.claim(ACME, of, reply(of), "en")
        world.ledger.settle(ACME, of, reply(of), SendOutcome(state, failure=NO_WORD))
        item = only(world)
        world.due.settled(ACME, item)
        assert world.overdue() == []
        assert world.reply(of).state is state

    def test_a_note_that_failed_is_nobodys_business(self, world: World) -> None:
        of = await_note(world)
        world.ledger.claim(ACME, of, note(of), "en")
        world.ledger.settle(ACME, of, note(of), SendOutcome(ReplyState.FAILED, failure=NO_WORD))
        assert [item.kind for item in world.overdue()] == [DueKind.ESCALATION]

    @pytest.mark.parametrize(("word", "kinds"), [("sent", []), ("failed", [DueKind.REPLY])])
    def test_a_status_settles_it_or_makes_it_due_anew(self, world: World, word: str, kinds: list[DueKind]) -> None:
        of = await_answer(world)
        world.ledger.claim(ACME, of, reply(of), "en")
        world.ledger.settle(ACME, of, reply(of), SENT)
        known = world.deliveries.known(ACME, MessageId("wamid.out.1"))
        failure = UNDELIVERABLE if word == "failed" else None
        told = status(word, reply_id=reply(of).reply_id, failure=failure, at=after(hours=1))
        assert world.deliveries.save(ACME, known, advance(known, told))
        assert [(item.kind, item.due_at) for item in world.overdue()] == [(kind, after(hours=1)) for kind in kinds]

    def test_an_escalation_until_it_is_published(self, world: World) -> None:
        of = recording(decision=PERSON_REQUESTED)
        world.record(of)
        item = only(world)
        assert (item.kind, item.position) == (DueKind.ESCALATION, of.position)
        pending = world.conversations.pending_escalation(ACME, HIS, of.position)
        assert pending is not None
        world.conversations.escalation_published(ACME, pending)
        assert world.overdue() == []

    def test_what_is_settled_is_not_found_again_and_stays_as_it_is(self, world: World) -> None:
        world.record(recording())
        before = world.thread(HIS)
        world.due.settled(ACME, only(world))
        assert world.overdue() == []
        assert world.thread(HIS) == before

    def test_twice_is_once(self, world: World) -> None:
        world.record(recording())
        item = only(world)
        for _ in range(2):
            world.due.settled(ACME, item)
        assert world.overdue() == []

    def test_what_has_become_due_anew_stays_due(self, world: World) -> None:
        world.record(recording())
        old = only(world)
        of = world.conversation(HIS)
        taken = owner_change(of)
        assert world.conversations.change_owner(ACME, taken, of)
        world.conversations.owner_change_published(ACME, taken)
        world.record(recording(message(message_id="wamid.2", at=after(minutes=1))))
        world.due.settled(ACME, old)
        assert only(world).due_at == after(minutes=1, seconds=1)

    def test_of_what_is_not_there_nothing_is_written(self, world: World) -> None:
        world.record(recording())
        item = only(world)
        before = world.look.everything()
        world.due.settled(GLOBEX, item)
        assert world.look.everything() == before

    def test_it_looks_across_tenants_and_each_item_says_whose_it_is(self, world: World) -> None:
        world.record(recording())
        world.record(recording(tenant_id=GLOBEX), GLOBEX)
        assert {item.tenant_id for item in world.overdue()} == {ACME, GLOBEX}

    def test_no_more_than_asked_for_and_the_next_look_goes_on(self, world: World) -> None:
        for n in range(60):
            sender = type(ALICE)(phone=f"1202555{n:04}")
            world.record(recording(message(message_id=f"wamid.{n}", sender=sender)))
        now: datetime = after(hours=1)
        looks = 0
        while items := list(world.due.overdue(now, 16)):
            assert len(items) <= 16
            for item in items:
                world.due.settled(item.tenant_id, item)
            looks += 1
        assert looks >= 60 // 16
        assert world.overdue() == []

    def test_a_change_that_is_no_owners_is_none(self, world: World) -> None:
        world.record(recording())
        of = world.conversation(HIS)
        change = owner_change(of, Change.RESOLVED)
        assert world.conversations.change_owner(ACME, change, of)
        item = only(world)
        world.conversations.owner_change_published(ACME, change)
        assert world.due.owner_change(ACME, item) is None


class NotePersonContract:
    def test_it_stands_in_the_conversation_as_a_persons_words(self, world: World) -> None:
        world.record(recording())
        world.ledger.note_person(ACME, HIS, echo())
        said = world.thread(HIS).entries[-1]
        assert isinstance(said, Reply)
        assert (said.purpose, said.text, said.state) == (ReplyPurpose.PERSON, echo().words, ReplyState.SENT)
        assert (said.created_at, said.message_id, said.answers) == (echo().at, echo().message_id, ())

    def test_the_same_is_kept_once(self, world: World) -> None:
        world.record(recording())
        world.ledger.note_person(ACME, HIS, echo())
        before = world.look.everything()
        world.ledger.note_person(ACME, HIS, echo())
        assert world.look.everything() == before

    def test_it_is_no_reply_that_is_counted_or_due(self, world: World) -> None:
        world.record(recording(decision=Decision(Disposition.RECORD, RecordedBecause.THANKS)))
        world.ledger.note_person(ACME, HIS, echo())
        assert "replies" not in world.look.usage(ACME, MONTH)
        assert world.overdue() == []

    def test_its_deliveries_are_shown_on_it(self, world: World) -> None:
        world.record(recording())
        world.ledger.note_person(ACME, HIS, echo())
        known = world.deliveries.known(ACME, echo().message_id)
        assert isinstance(known, Delivery)
        assert known.reply_id is not None
        assert world.deliveries.save(ACME, known, advance(known, status("read", echo().message_id)))
        said = world.thread(HIS).entries[-1]
        assert isinstance(said, Reply)
        assert said.delivery == "read"
        assert "replies" not in world.look.usage(ACME, MONTH)
