"""Words on offers: each kept once with its source, the newest by its own time holding, for customers and others."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import permutations

import pytest

from domain.conversations import Decision, Disposition, Owner, RecordedBecause, Recording
from domain.customers import CustomerIdentity
from domain.messages import InboundMessage
from domain.opt_out import OptOut, OptOutSource
from domain.replies import ReplyPurpose, ReplyState, SendOutcome
from tests.builders import (
    ACME,
    ALICE,
    BOB,
    GLOBEX,
    MONTH,
    NAMELESS,
    NOON,
    after,
    job,
    message,
    opt_out,
    recording,
    reply,
)
from tests.contracts.recording import at_once
from tests.contracts.world import World

HERS = ALICE.first_customer_id(ACME)
STOP, LATER = opt_out(), opt_out(False, since=after(hours=1), cause="event-2")


def stop_message(message_id: str = "wamid.stop", words: str = "STOP", at: datetime = NOON) -> InboundMessage:
    return message(words, message_id, at=at)


def said(of: InboundMessage | None = None, *, opted_out: bool = True) -> Recording:
    """The recording of a message that says nothing else, as `receive` makes it."""
    of = of or stop_message()
    reason = RecordedBecause.OPTED_OUT if opted_out else RecordedBecause.OPTED_IN
    plain = recording(of, Decision(Disposition.RECORD, reason))
    word = OptOut(opted_out, plain.at, of.received_at, OptOutSource.WORD, of.message_id)
    return replace(plain, opt_out=word)


class KeptOptOutContract:
    def test_of_whom_nothing_is_known_nothing_holds(self, world: World) -> None:
        world.record(recording())
        assert world.look.opt_out(ACME, ALICE) is None
        assert world.look.opt_outs(ACME, HERS) == []

    def test_it_holds_and_is_history(self, world: World) -> None:
        world.record(recording())
        world.opt_outs.keep(ACME, ALICE, STOP)
        assert world.look.opt_out(ACME, ALICE) == STOP
        assert world.look.opt_outs(ACME, HERS) == [STOP]

    def test_it_changes_nothing_else_of_customer_and_conversation(self, world: World) -> None:
        world.record(recording())
        before = world.look.customer(ACME, ALICE), world.thread(HERS), world.look.usage(ACME, MONTH)
        world.opt_outs.keep(ACME, ALICE, STOP)
        assert (world.look.customer(ACME, ALICE), world.thread(HERS), world.look.usage(ACME, MONTH)) == before

    def test_the_same_again_changes_nothing(self, world: World) -> None:
        world.record(recording())
        world.opt_outs.keep(ACME, ALICE, STOP)
        before = world.look.everything()
        world.opt_outs.keep(ACME, ALICE, STOP)
        assert world.look.everything() == before

    @pytest.mark.parametrize("order", list(permutations(range(4))))
    def test_in_whatever_order_they_come_the_newest_holds(self, world: World, order: tuple[int, ...]) -> None:
        words = [
            opt_out(source=OptOutSource.WORD, cause="wamid.1"),
            opt_out(False, since=after(seconds=0.000001), cause="event-1"),
            opt_out(False, since=after(hours=1), source=OptOutSource.WORD, cause="wamid.2"),
            opt_out(since=after(hours=1), source=OptOutSource.SEND_REFUSED, cause="wamid.out.1"),
        ]
        for index in order:
            world.opt_outs.keep(ACME, ALICE, words[index])
        assert world.look.opt_out(ACME, ALICE) == words[3]
        assert world.look.opt_outs(ACME, HERS) == words

    def test_from_several_threads_at_once_too(self, world: World) -> None:
        world.record(recording())
        words = [opt_out(n % 2 == 0, since=after(seconds=n)) for n in range(6)]
        at_once([partial(world.opt_outs.keep, ACME, ALICE, word) for word in words])
        assert world.look.opt_out(ACME, ALICE) == words[-1]
        assert world.look.opt_outs(ACME, HERS) == words

    def test_of_one_tenant_it_is_not_of_another(self, world: World) -> None:
        world.opt_outs.keep(ACME, ALICE, STOP)
        assert world.look.opt_out(GLOBEX, ALICE) is None
        assert world.look.opt_outs(GLOBEX, ALICE.first_customer_id(GLOBEX)) == []

    def test_nor_of_another_customer(self, world: World) -> None:
        world.opt_outs.keep(ACME, ALICE, STOP)
        assert world.look.opt_out(ACME, BOB) is None


class OptOutOfStrangerContract:
    """Somebody who never wrote, and whom Meta tells of."""

    @pytest.mark.parametrize("identity", [ALICE, NAMELESS], ids=["by phone", "by user id"])
    def test_it_holds_and_makes_no_customer(self, world: World, identity: CustomerIdentity) -> None:
        world.opt_outs.keep(ACME, identity, STOP)
        assert world.look.opt_out(ACME, identity) == STOP
        assert world.look.customer(ACME, identity) is None
        assert world.look.customers(ACME) == 0
        assert world.conversations.thread(ACME, identity.first_customer_id(ACME)) is None
        assert world.look.usage(ACME, MONTH) == {}

    def test_their_first_message_makes_them_one_like_any_other(self, world: World) -> None:
        world.opt_outs.keep(ACME, ALICE, STOP)
        recorded = world.record(recording())
        customer = world.look.customer(ACME, ALICE)
        assert customer is not None
        assert customer.customer_id == recorded.customer_id == HERS
        assert customer.first_interaction == customer.last_interaction == NOON
        assert customer.message_count == 1
        assert world.look.customers(ACME) == 1
        assert world.look.usage(ACME, MONTH) == {"messages": 1, "messages_text": 1, "customers": 1}

    def test_and_it_holds_with_its_history(self, world: World) -> None:
        world.opt_outs.keep(ACME, ALICE, STOP)
        world.record(recording())
        assert world.look.opt_out(ACME, ALICE) == STOP
        world.opt_outs.keep(ACME, ALICE, LATER)
        assert world.look.opt_outs(ACME, HERS) == [STOP, LATER]

    def test_their_first_message_may_take_it_back(self, world: World) -> None:
        world.opt_outs.keep(ACME, ALICE, STOP)
        resumed = said(stop_message(words="START", at=after(hours=1)), opted_out=False)
        world.record(resumed)
        assert world.look.opt_out(ACME, ALICE) == resumed.opt_out
        assert world.look.opt_outs(ACME, HERS) == [STOP, resumed.opt_out]

    def test_or_come_late_and_not(self, world: World) -> None:
        world.opt_outs.keep(ACME, ALICE, LATER)
        world.record(said())
        assert world.look.opt_out(ACME, ALICE) == LATER
        assert world.look.opt_outs(ACME, HERS) == [said().opt_out, LATER]
        assert world.look.customers(ACME) == 1

    def test_meanwhile_they_may_write(self, world: World) -> None:
        at_once(
            [partial(world.opt_outs.keep, ACME, ALICE, STOP), partial(world.conversations.record, ACME, recording())]
        )
        assert world.look.opt_out(ACME, ALICE) == STOP
        assert world.look.opt_outs(ACME, HERS) == [STOP]
        assert world.look.customers(ACME) == 1


class SaidOptOutContract:
    """The customer's own word: stored with the message that says it, in one step."""

    @pytest.mark.parametrize("known", [False, True], ids=["first message", "known customer"])
    def test_it_holds_with_the_message_as_its_cause(self, world: World, known: bool) -> None:
        if known:
            world.record(recording())
        of = said()
        world.record(of)
        assert of.opt_out is not None
        assert world.look.opt_out(ACME, ALICE) == of.opt_out
        assert world.look.opt_outs(ACME, of.customer_id) == [of.opt_out]

    def test_the_message_is_kept_and_counted_and_nothing_awaits_an_answer(self, world: World) -> None:
        of = said()
        world.record(of)
        thread = world.thread(of.customer_id)
        assert [entry.message_id for entry in thread.entries] == ["wamid.stop"]
        assert thread.unanswered() == ()
        assert thread.conversation.awaiting is None
        assert thread.conversation.owner is Owner.ASSISTANT
        assert world.look.usage(ACME, MONTH) == {"messages": 1, "messages_text": 1, "customers": 1}

    def test_the_same_message_again_changes_nothing(self, world: World) -> None:
        world.record(said())
        world.record(said(stop_message("wamid.start", "START", at=after(minutes=1)), opted_out=False))
        before = world.look.everything()
        assert not world.record(said()).new
        assert world.look.everything() == before

    def test_an_older_one_that_comes_late_is_history_alone(self, world: World) -> None:
        start = said(stop_message("wamid.start", "START", at=after(minutes=1)), opted_out=False)
        world.record(start)
        world.record(said())
        assert world.look.opt_out(ACME, ALICE) == start.opt_out
        assert world.look.opt_outs(ACME, HERS) == [said().opt_out, start.opt_out]

    def test_an_older_message_can_hold_the_newest_word(self, world: World) -> None:
        world.record(recording(message(message_id="wamid.later", at=after(minutes=5))))
        world.record(said())
        assert world.look.opt_out(ACME, ALICE) == said().opt_out

    def test_ordinary_messages_leave_it(self, world: World) -> None:
        world.record(said())
        for n in range(3):
            world.record(recording(message(message_id=f"wamid.{n}", at=after(minutes=n - 1))))
        assert world.look.opt_out(ACME, ALICE) == said().opt_out

    def test_while_a_person_owns_the_conversation_too(self, world: World) -> None:
        world.record(recording())
        world.look.give_to(ACME, HERS, Owner.PERSON)
        world.record(said())
        assert world.look.opt_out(ACME, ALICE) == said().opt_out
        assert world.conversation(HERS).owner is Owner.PERSON

    @pytest.mark.parametrize("turned", [False, True])
    def test_of_two_in_one_second_the_one_received_later_holds(self, world: World, turned: bool) -> None:
        stop = said(message("STOP", "wamid.z", received_at=after(seconds=2)))
        start = said(message("START", "wamid.a", received_at=after(seconds=2.3)), opted_out=False)
        for of in (start, stop) if turned else (stop, start):
            world.record(of)
        assert world.look.opt_out(ACME, ALICE) == start.opt_out
        assert world.look.opt_outs(ACME, HERS) == [stop.opt_out, start.opt_out]

    def test_many_at_once_are_all_kept_and_the_newest_holds(self, world: World) -> None:
        words = [said(stop_message(f"wamid.{n}", at=after(seconds=n)), opted_out=n % 2 == 0) for n in range(5)]
        at_once([partial(world.conversations.record, ACME, of) for of in words])
        assert world.look.opt_out(ACME, ALICE) == words[-1].opt_out
        assert world.look.opt_outs(ACME, HERS) == [of.opt_out for of in words]
        assert world.look.usage(ACME, MONTH)["messages"] == 5


class OptOutNoteContract:
    """The confirmation, in the ledger."""

    @pytest.mark.parametrize("owner", [Owner.ASSISTANT, Owner.WAITING])
    def test_it_is_claimed_once_whether_or_not_a_person_is_waited_for(self, world: World, owner: Owner) -> None:
        of = job(said())
        world.record(said())
        world.look.give_to(ACME, of.customer_id, owner)
        note = reply(of, ReplyPurpose.OPT_OUT_NOTE)
        assert world.ledger.claim(ACME, of, note, "en")
        assert world.reply(of, ReplyPurpose.OPT_OUT_NOTE).state is ReplyState.SENDING
        assert world.conversation(of.customer_id).owner is owner
        before = world.look.everything()
        assert not world.ledger.claim(ACME, of, note, "en")
        assert world.look.everything() == before

    def test_never_where_a_person_speaks(self, world: World) -> None:
        of = job(said())
        world.record(said())
        world.look.give_to(ACME, of.customer_id, Owner.PERSON)
        before = world.look.everything()
        assert not world.ledger.claim(ACME, of, reply(of, ReplyPurpose.OPT_OUT_NOTE), "en")
        assert world.look.everything() == before

    def test_not_of_a_conversation_that_is_not_there(self, world: World) -> None:
        of = job(said())
        before = world.look.everything()
        assert not world.ledger.claim(ACME, of, reply(of, ReplyPurpose.OPT_OUT_NOTE), "en")
        assert world.look.everything() == before

    def test_what_awaits_an_answer_awaits_it_still(self, world: World) -> None:
        world.record(recording())
        of = said(stop_message(at=after(seconds=1)))
        world.record(of)
        assert world.ledger.claim(ACME, job(of), reply(job(of), ReplyPurpose.OPT_OUT_NOTE), "en")
        thread = world.thread(of.customer_id)
        assert thread.conversation.awaiting == recording().message.message_id
        assert len(thread.unanswered()) == 1

    def test_refused_for_now_it_is_offered_again(self, world: World) -> None:
        of = job(said())
        world.record(said())
        world.ledger.claim(ACME, of, reply(of, ReplyPurpose.OPT_OUT_NOTE), "en")
        world.ledger.settle(ACME, of, reply(of, ReplyPurpose.OPT_OUT_NOTE), SendOutcome(ReplyState.READY))
        stored = world.reply(of, ReplyPurpose.OPT_OUT_NOTE)
        assert world.ledger.claim(ACME, of, stored, "en")
        assert world.reply(of, ReplyPurpose.OPT_OUT_NOTE).attempts == 2


class CurrentOptOutContract:
    def test_nobody_has_said_anything_yet(self, world: World) -> None:
        assert world.opt_outs.current(ACME, ALICE) is None
        world.record(recording())
        assert world.opt_outs.current(ACME, ALICE) is None

    def test_the_newest_word_holds(self, world: World) -> None:
        world.record(recording())
        world.opt_outs.keep(ACME, ALICE, opt_out())
        assert world.opt_outs.current(ACME, ALICE) == opt_out()
        resumed = opt_out(False, since=after(hours=1), cause="event-2")
        world.opt_outs.keep(ACME, ALICE, resumed)
        assert world.opt_outs.current(ACME, ALICE) == resumed
        assert world.opt_outs.current(GLOBEX, ALICE) is None
