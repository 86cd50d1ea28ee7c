"""`MessageAmendments`: what became of a message stands on its row, or waits until the message comes."""

from __future__ import annotations

from datetime import datetime
from itertools import permutations

import pytest

from domain.amendments import NOTHING_WAITS, UNCHANGED, Amendments, Edited, Reacted, Waited, Waiting
from domain.conversations import (
    Amended,
    BurstChange,
    Decision,
    Disposition,
    Place,
    RecordedBecause,
    Recording,
    ThreadMessage,
)
from domain.customers import CustomerId
from domain.deliveries import Delivery, advance
from domain.messages import MessageId
from domain.replies import ReplyPurpose, ReplyState, SendOutcome
from tests.builders import ACME, ALICE, BOB, GLOBEX, after, echo, job, message, recording, reply, status
from tests.contracts.recording import at_once
from tests.contracts.world import World

ALICES, BOBS = ALICE.first_customer_id(ACME), BOB.first_customer_id(ACME)
LATER = after(seconds=9)
TARGET, SENT = MessageId("wamid.in.1"), MessageId("wamid.out.1")
REVOKED = Decision(Disposition.RECORD, RecordedBecause.REVOKED)


def edited(words: str = "the red mug?", message_id: str = "wamid.edit.1", at: datetime = LATER) -> Amendments:
    return Amendments(edit=Edited(MessageId(message_id), at, "text", words))


def reacted(emoji: str = "👍", by: CustomerId = ALICES, at: datetime = LATER) -> Amendments:
    return Amendments(reacted=(Reacted(by, MessageId(f"wamid.reaction.{at:%S}"), at, emoji),))


def revoked(at: datetime = LATER) -> Amendments:
    return Amendments(revoked_at=at)


def found(world: World, message_id: MessageId = TARGET) -> Amended:
    amended = world.amendments.find(ACME, message_id)
    assert isinstance(amended, Amended)
    return amended


def entry(world: World, customer_id: CustomerId = ALICES) -> ThreadMessage:
    kept = world.thread(customer_id).entries[0]
    assert isinstance(kept, ThreadMessage)
    return kept


def save(world: World, amendments: Amendments, burst: BurstChange | None = None) -> bool:
    return world.amendments.save(ACME, found(world), amendments, burst)


class AmendedMessageContract:
    def test_it_is_found_by_its_id_where_it_stands(self, world: World) -> None:
        of = recording()
        world.record(of)
        assert found(world) == Amended(TARGET, Place(ALICES, of.position), UNCHANGED)

    def test_by_its_own_tenant_alone(self, world: World) -> None:
        world.record(recording())
        assert world.amendments.find(GLOBEX, TARGET) == NOTHING_WAITS
        assert not world.amendments.save(GLOBEX, found(world), revoked())
        assert entry(world).revoked_at is None

    def test_an_edit_gives_it_its_words_and_keeps_the_first_ones(self, world: World) -> None:
        world.record(recording())
        assert save(world, edited())
        kept = entry(world)
        assert (kept.words, kept.first_words) == ("the red mug?", "Do you have the blue mug?")
        assert kept.edited_at == after(seconds=9)
        assert found(world).amendments == edited()

    def test_revoked_it_says_nothing(self, world: World) -> None:
        world.record(recording())
        assert save(world, edited().joined(revoked()))
        kept = entry(world)
        assert (kept.words, kept.first_words, kept.edited_at, kept.revoked_at) == ("", None, None, after(seconds=9))
        assert world.thread(ALICES).unanswered() == ()

    def test_each_reaction_stands_with_who_reacted(self, world: World) -> None:
        world.record(recording())
        both = reacted().joined(reacted("🎉", BOBS))
        assert save(world, both)
        assert {said.by: said.emoji for said in entry(world).amendments.reactions} == {ALICES: "👍", BOBS: "🎉"}

    def test_a_removed_reaction_is_shown_no_more_and_not_forgotten(self, world: World) -> None:
        world.record(recording())
        assert save(world, reacted("", at=after(seconds=20)))
        assert entry(world).amendments.reactions == ()
        assert found(world).amendments.joined(reacted(at=after(seconds=10))) == reacted("", at=after(seconds=20))

    def test_what_others_changed_meanwhile_is_not_overwritten(self, world: World) -> None:
        world.record(recording())
        seen = found(world)
        assert world.amendments.save(ACME, seen, reacted())
        before = world.look.everything()
        assert not world.amendments.save(ACME, seen, revoked())
        assert world.look.everything() == before

    def test_of_many_at_once_one_is_saved(self, world: World) -> None:
        world.record(recording())
        seen = found(world)
        several = [edited(message_id=f"wamid.edit.{n}") for n in range(6)]
        saved = at_once([lambda one=one: world.amendments.save(ACME, seen, one) for one in several])  # type: ignore[misc]
        assert sorted(map(bool, saved)) == [False] * 5 + [True]

    def test_a_long_edit_beside_many_reactions_fits(self, world: World) -> None:
        world.record(recording(message(raw={"text": {"body": "\ud83d" * 65_000}})))
        crowd = [reacted("\U0001f44d" * 8, CustomerId(f"{n:024x}")) for n in range(300)]
        amendments = edited("\U0001f44d" * 4096)
        for one in crowd:
            amendments = amendments.joined(one)
        assert save(world, amendments)
        assert len(entry(world).amendments.reactions) == 200


class BurstChangeContract:
    def test_the_change_is_what_the_conversation_awaits_from_then_on(self, world: World) -> None:
        world.record(recording())
        of_edit = recording(message("", "wamid.edit.1", at=after(seconds=9)))
        assert save(world, edited(), BurstChange(TARGET, of_edit.position))
        conversation = world.conversation(ALICES)
        assert (conversation.awaiting, conversation.awaiting_position) == ("wamid.edit.1", of_edit.position)
        assert not world.ledger.claim(ACME, job(), reply(job()), "en")

    def test_or_nothing_and_nothing_is_due(self, world: World) -> None:
        world.record(recording())
        assert save(world, revoked(), BurstChange(TARGET, None, REVOKED))
        assert world.conversation(ALICES).awaiting is None
        assert entry(world).decision == REVOKED
        assert world.overdue() == []

    def test_it_is_refused_where_the_answer_was_claimed_first(self, world: World) -> None:
        world.record(recording())
        seen = found(world)
        assert world.ledger.claim(ACME, job(), reply(job()), "en")
        before = world.look.everything()
        assert not world.amendments.save(ACME, seen, revoked(), BurstChange(TARGET, None, REVOKED))
        assert world.look.everything() == before

    def test_or_where_a_newer_message_has_come(self, world: World) -> None:
        world.record(recording())
        seen = found(world)
        world.record(recording(message(message_id="wamid.in.2", at=after(seconds=3))))
        assert not world.amendments.save(ACME, seen, revoked(), BurstChange(TARGET, None, REVOKED))
        assert entry(world).revoked_at is None


class WaitingContract:
    def test_where_nothing_is_known_nothing_waits(self, world: World) -> None:
        assert world.amendments.find(ACME, TARGET) == NOTHING_WAITS

    def test_what_waits_is_there_for_its_tenant_alone(self, world: World) -> None:
        waiting = NOTHING_WAITS.joined(ALICES, edited()).joined(BOBS, reacted(by=BOBS))
        assert world.amendments.wait(ACME, TARGET, NOTHING_WAITS, waiting)
        assert world.amendments.find(ACME, TARGET) == waiting
        assert world.amendments.find(GLOBEX, TARGET) == NOTHING_WAITS

    def test_nothing_is_due_for_a_message_that_never_comes(self, world: World) -> None:
        assert world.amendments.wait(ACME, TARGET, NOTHING_WAITS, NOTHING_WAITS.joined(ALICES, edited()))
        assert world.overdue() == []

    def test_two_that_saw_the_same_do_not_both_wait(self, world: World) -> None:
        first = NOTHING_WAITS.joined(ALICES, edited())
        assert world.amendments.wait(ACME, TARGET, NOTHING_WAITS, first)
        assert not world.amendments.wait(ACME, TARGET, NOTHING_WAITS, NOTHING_WAITS.joined(ALICES, revoked()))
        assert world.amendments.find(ACME, TARGET) == first

    def test_not_for_a_message_that_has_come(self, world: World) -> None:
        world.record(recording())
        before = world.look.everything()
        assert not world.amendments.wait(ACME, TARGET, NOTHING_WAITS, NOTHING_WAITS.joined(ALICES, edited()))
        assert world.look.everything() == before

    def test_the_message_is_told_of_it_and_not_written_without_it(self, world: World) -> None:
        waiting = NOTHING_WAITS.joined(ALICES, edited())
        world.amendments.wait(ACME, TARGET, NOTHING_WAITS, waiting)
        before = world.look.everything()
        assert world.conversations.record(ACME, recording()) == Waited(waiting, ALICES)
        assert world.look.everything() == before

    def test_and_then_recorded_with_it(self, world: World) -> None:
        waiting = NOTHING_WAITS.joined(ALICES, edited()).joined(BOBS, reacted(by=BOBS))
        world.amendments.wait(ACME, TARGET, NOTHING_WAITS, waiting)
        assert world.record(recording(waited=Waited(waiting, ALICES))).new
        kept = entry(world)
        assert (kept.words, kept.first_words) == ("the red mug?", "Do you have the blue mug?")
        assert kept.amendments == edited().joined(reacted(by=BOBS)) == found(world).amendments

    def test_of_another_customer_reactions_alone_count(self, world: World) -> None:
        waiting = NOTHING_WAITS.joined(BOBS, edited().joined(revoked()).joined(reacted(by=BOBS)))
        world.amendments.wait(ACME, TARGET, NOTHING_WAITS, waiting)
        world.record(recording(waited=Waited(waiting, ALICES)))
        assert entry(world).words == "Do you have the blue mug?"
        assert entry(world).amendments == reacted(by=BOBS)

    def test_what_came_meanwhile_is_not_lost(self, world: World) -> None:
        first = NOTHING_WAITS.joined(ALICES, edited())
        world.amendments.wait(ACME, TARGET, NOTHING_WAITS, first)
        both = first.joined(ALICES, revoked())
        world.amendments.wait(ACME, TARGET, first, both)
        stale = recording(waited=Waited(first, ALICES))
        assert world.conversations.record(ACME, stale) == Waited(both, ALICES)

    def test_a_known_customer_under_a_stored_id_is_named_by_it(self, world: World) -> None:
        world.record(recording(message(message_id="wamid.in.0"), customer_id=CustomerId("0" * 24)))
        waiting = NOTHING_WAITS.joined(CustomerId("0" * 24), edited())
        world.amendments.wait(ACME, TARGET, NOTHING_WAITS, waiting)
        assert world.conversations.record(ACME, recording()) == Waited(waiting, CustomerId("0" * 24))

    def test_a_status_that_came_first_waits_beside_it(self, world: World) -> None:
        told = advance(Delivery(TARGET), status("read", TARGET))
        waiting = NOTHING_WAITS.joined(ALICES, reacted())
        assert world.deliveries.save(ACME, Delivery(TARGET), told)
        assert world.amendments.wait(ACME, TARGET, NOTHING_WAITS, waiting)
        world.record(recording(waited=Waited(waiting, ALICES)))
        assert world.deliveries.known(ACME, TARGET) == told.delivery

    def test_the_longest_edits_of_as_many_as_may_wait_fit(self, world: World) -> None:
        waiting: Waiting = NOTHING_WAITS
        for n in range(100):
            waiting = waiting.joined(CustomerId(f"{n:024x}"), edited("\U0001f44d" * 4096))
        assert world.amendments.wait(ACME, TARGET, NOTHING_WAITS, waiting)
        assert world.amendments.find(ACME, TARGET) == waiting


class AmendedReplyContract:
    """A customer reacts to what was sent to them, perhaps before anybody here knows that it was."""

    def test_the_reaction_stands_with_the_reply(self, world: World) -> None:
        _claim(world)
        _settle(world)
        assert found(world, SENT).place == Place(ALICES, job().position, ReplyPurpose.ANSWER)
        assert world.amendments.save(ACME, found(world, SENT), reacted())
        assert [said.emoji for said in world.reply(job()).reactions] == ["👍"]

    def test_and_goes_onto_it_when_it_is_known_to_be_sent(self, world: World) -> None:
        _claim(world)
        _react_early(world)
        _settle(world)
        assert [said.emoji for said in world.reply(job()).reactions] == ["👍"]
        assert world.reply(job()).state is ReplyState.SENT
        assert found(world, SENT).amendments == reacted()

    def test_also_where_a_status_is_what_makes_it_known(self, world: World) -> None:
        _claim(world)
        _react_early(world)
        _tell(world)
        _settle(world)
        assert [said.emoji for said in world.reply(job()).reactions] == ["👍"]
        assert world.reply(job()).delivery == "delivered"

    def test_a_status_without_our_id_makes_it_no_better_known(self, world: World) -> None:
        _claim(world)
        _react_early(world)
        assert world.deliveries.save(ACME, Delivery(SENT), advance(Delivery(SENT), status("sent", SENT)))
        assert isinstance(world.amendments.find(ACME, SENT), Waiting)
        _settle(world)
        assert [said.emoji for said in world.reply(job()).reactions] == ["👍"]

    def test_what_a_person_wrote_is_reacted_to_as_well(self, world: World) -> None:
        world.record(recording())
        said = echo(message_id=SENT)
        _react_early(world)
        world.ledger.note_person(ACME, ALICES, said)
        [kept] = [one for one in world.thread(ALICES).entries if not isinstance(one, ThreadMessage)]
        assert [reaction.emoji for reaction in kept.reactions] == ["👍"]

    def test_of_what_other_software_sent_there_is_nothing_to_show(self, world: World) -> None:
        foreign = status("sent", SENT, reply_id="order-4711")
        assert world.deliveries.save(ACME, Delivery(SENT), advance(Delivery(SENT), foreign))
        assert world.amendments.find(ACME, SENT) is None

    def test_nor_of_a_reply_of_another_deployment(self, world: World) -> None:
        foreign = status("sent", SENT, reply_id=reply(job()).reply_id)
        assert world.deliveries.save(ACME, Delivery(SENT), advance(Delivery(SENT), foreign))
        assert world.amendments.find(ACME, SENT) is None

    def test_no_customer_edits_it(self, world: World) -> None:
        _claim(world)
        waiting = NOTHING_WAITS.joined(ALICES, edited().joined(revoked()).joined(reacted()))
        assert world.amendments.wait(ACME, SENT, NOTHING_WAITS, waiting)
        _settle(world)
        assert found(world, SENT).amendments == reacted()


class OrderContract:
    """In whatever order they are told, the same remains."""

    @pytest.mark.parametrize(
        "told",
        [
            [edited("1", "wamid.edit.1", after(seconds=5)), edited("2", "wamid.edit.2", after(seconds=6)), revoked()],
            [reacted(at=after(seconds=5)), reacted("", at=after(seconds=6)), edited()],
            [edited("1", "wamid.edit.1"), edited("2", "wamid.edit.2"), reacted(by=BOBS)],
        ],
        ids=["edits and a revocation", "a reaction that is removed", "within one second"],
    )
    def test_before_or_after_the_message(self, world: World, told: list[Amendments]) -> None:
        rows = []
        for n, order in enumerate(permutations([None, *told])):
            of = recording(message(message_id=f"wamid.in.{n}", at=after(minutes=n)))
            for amendments in order:
                _tell_in_order(world, of, amendments)
            kept = found(world, of.message.message_id)
            rows.append(kept.amendments)
        assert len(rows) == 24
        assert all(row == rows[0] for row in rows)


def _tell_in_order(world: World, of: Recording, amendments: Amendments | None) -> None:
    message_id = of.message.message_id
    at = world.amendments.find(ACME, message_id)
    if amendments is None:
        assert isinstance(at, Waiting)
        world.record(recording(of.message, waited=Waited(at, ALICES) if at.by_author else Waited()))
    elif isinstance(at, Waiting):
        assert world.amendments.wait(ACME, message_id, at, at.joined(ALICES, amendments))
    else:
        assert at is not None
        assert world.amendments.save(ACME, at, at.amendments.joined(amendments))


def _claim(world: World) -> None:
    world.record(recording())
    assert world.ledger.claim(ACME, job(), reply(job()), "en")


def _react_early(world: World) -> None:
    assert world.amendments.wait(ACME, SENT, NOTHING_WAITS, NOTHING_WAITS.joined(ALICES, reacted()))


def _settle(world: World) -> None:
    world.ledger.settle(ACME, job(), reply(job()), SendOutcome(ReplyState.SENT, SENT))


def _tell(world: World) -> None:
    known = world.deliveries.known(ACME, SENT)
    assert world.deliveries.save(ACME, known, advance(known, status("delivered", SENT, reply_id=reply(job()).reply_id)))
