"""`Conversations.change_owner`, what a resolved conversation does with a message, and `Customers`."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from domain import messages as m
from domain.catalogue import Money
from domain.conversations import (
    Conversation,
    Decision,
    Disposition,
    Handover,
    OwnedBy,
    Owner,
    Recorded,
)
from domain.customers import CustomerIdentity
from domain.due import DueKind
from domain.escalations import EscalationReason
from domain.orders import priced_at
from domain.ownership import Change, reopening
from tests.builders import (
    ACME,
    ACME_NUMBER,
    ALICE,
    BOB,
    GLOBEX,
    NAMELESS,
    PERSON_REQUESTED,
    after,
    escalation,
    job,
    message,
    order,
    owner_change,
    product,
    recording,
)
from tests.contracts.recording import KEPT, at_once
from tests.contracts.world import World

HIS = ALICE.first_customer_id(ACME)
SECOND = message(message_id="wamid.2", at=after(minutes=10))


def seen(world: World) -> Conversation:
    return world.conversation(HIS)


def change(world: World, to: Change, of: Conversation | None = None, minutes: float = 5) -> bool:
    of = of or seen(world)
    return world.conversations.change_owner(ACME, owner_change(of, to, at=after(minutes=minutes)), of)


def taken_over(world: World) -> Conversation:
    world.record(recording())
    assert change(world, Change.TAKEN_OVER, minutes=1)
    return seen(world)


def resolved(world: World) -> Conversation:
    world.record(recording())
    assert change(world, Change.RESOLVED)
    return seen(world)


class ChangeOwnerContract:
    def test_a_person_takes_over_from_the_assistant(self, world: World) -> None:
        conversation = taken_over(world)
        assert (conversation.owner, conversation.person, conversation.version) == (Owner.PERSON, "ana", 1)
        assert world.look.inbox(ACME, HIS) is Owner.PERSON

    def test_nothing_waits_for_an_answer_any_longer(self, world: World) -> None:
        conversation = taken_over(world)
        assert (conversation.awaiting, conversation.awaiting_position) == (None, None)
        assert [item.kind for item in world.overdue()] == [DueKind.OWNER_CHANGE]

    def test_or_from_those_who_wait(self, world: World) -> None:
        world.record(recording(decision=PERSON_REQUESTED))
        assert seen(world).version == 1
        assert change(world, Change.TAKEN_OVER)
        conversation = seen(world)
        assert (conversation.owner, conversation.person, conversation.version) == (Owner.PERSON, "ana", 2)
        assert conversation.handover is not None  # why she had been called

    def test_or_from_another_person(self, world: World) -> None:
        before = taken_over(world)
        to_ben = owner_change(before, by="ben", person="ben", at=after(minutes=6))
        assert world.conversations.change_owner(ACME, to_ben, before)
        assert (seen(world).person, seen(world).version) == ("ben", 2)

    @pytest.mark.parametrize("to", [Change.HANDED_BACK, Change.RESOLVED])
    def test_the_assistant_gets_it_back_and_nothing_is_left_of_the_person(self, world: World, to: Change) -> None:
        world.record(recording(decision=PERSON_REQUESTED))
        assert change(world, Change.TAKEN_OVER)
        assert change(world, to, minutes=9)
        conversation = seen(world)
        assert (conversation.owner, conversation.person, conversation.handover) == (Owner.ASSISTANT, None, None)
        assert (conversation.resolved, conversation.version) == (to is Change.RESOLVED, 3)
        assert conversation.settled_through == after(minutes=9)
        assert world.look.inbox(ACME, HIS) is Owner.ASSISTANT

    def test_who_takes_over_what_was_resolved_opens_it(self, world: World) -> None:
        assert change(world, Change.TAKEN_OVER, resolved(world), minutes=6)
        assert not seen(world).resolved
        assert seen(world).owner is Owner.PERSON

    def test_so_does_the_assistant_who_calls_a_person_for_it(self, world: World) -> None:
        resolved(world)
        handover = Handover(m.MessageId("wamid.in.1"), EscalationReason.SEND_FAILED, after(minutes=6), told=True)
        assert world.conversations.hand_over(ACME, handover, escalation(job(), EscalationReason.SEND_FAILED))
        assert (seen(world).owner, seen(world).resolved) == (Owner.WAITING, False)

    @pytest.mark.parametrize("to", [Change.TAKEN_OVER, Change.HANDED_BACK, Change.RESOLVED])
    def test_what_has_changed_since_it_was_seen_is_left_as_it_is(self, world: World, to: Change) -> None:
        world.record(recording())
        old = seen(world)
        assert change(world, Change.TAKEN_OVER)
        before = world.look.everything()
        assert not change(world, to, old)
        assert world.look.everything() == before

    def test_the_first_change_is_of_version_nought_alone(self, world: World) -> None:
        world.record(recording())
        before = world.look.everything()
        assert not change(world, Change.TAKEN_OVER, replace(seen(world), version=1))
        assert world.look.everything() == before
        assert seen(world).version == 0
        assert change(world, Change.TAKEN_OVER)

    def test_of_four_at_once_one_wins(self, world: World) -> None:
        world.record(recording())
        of = seen(world)
        several = [owner_change(of, by=name, person=name) for name in ("ana", "ben", "cem", "dot")]
        results = at_once([partial(world.conversations.change_owner, ACME, each, of) for each in several])
        assert sorted(map(bool, results)) == [False, False, False, True]
        winner = several[results.index(True)]
        assert (seen(world).person, seen(world).version) == (winner.person, 1)
        assert [item.kind for item in world.overdue()] == [DueKind.OWNER_CHANGE]

    def test_of_a_conversation_that_is_not_there_nothing_is_written(self, world: World) -> None:
        world.record(recording())
        stranger = replace(seen(world), customer_id=BOB.first_customer_id(ACME))
        before = world.look.everything()
        assert not change(world, Change.TAKEN_OVER, stranger)
        assert world.look.everything() == before

    @pytest.mark.parametrize("to", [Change.HANDED_BACK, Change.RESOLVED])
    def test_a_message_that_nobody_has_seen_keeps_it_from_being_given_away(self, world: World, to: Change) -> None:
        old = taken_over(world)
        world.record(recording(SECOND))
        before = world.look.everything()
        assert not change(world, to, old, minutes=11)
        assert world.look.everything() == before
        assert change(world, to, minutes=11)

    def test_but_it_keeps_nobody_from_taking_over(self, world: World) -> None:
        world.record(recording())
        old = seen(world)
        world.record(recording(SECOND))
        assert change(world, Change.TAKEN_OVER, old, minutes=11)
        assert seen(world).awaiting is None

    def test_what_a_person_has_seen_the_assistant_does_not_come_back_to(self, world: World) -> None:
        taken_over(world)
        world.record(recording(SECOND))
        assert [entry.message_id for entry in world.thread(HIS).unanswered()] == ["wamid.in.1", "wamid.2"]
        assert change(world, Change.HANDED_BACK, minutes=11)
        assert world.thread(HIS).unanswered() == ()
        world.record(recording(message(message_id="wamid.3", at=after(minutes=12))))
        assert [entry.message_id for entry in world.thread(HIS).unanswered()] == ["wamid.3"]

    def test_a_message_of_before_that_is_received_afterwards_is_new_to_everybody(self, world: World) -> None:
        taken_over(world)
        assert change(world, Change.HANDED_BACK, minutes=11)
        delayed = message(message_id="wamid.2", at=after(minutes=10), received_at=after(minutes=12))
        world.record(recording(delayed))
        world.record(recording(message(message_id="wamid.3", at=after(minutes=12))))
        assert [entry.message_id for entry in world.thread(HIS).unanswered()] == ["wamid.2", "wamid.3"]

    def test_and_so_is_one_that_was_received_before_and_stored_afterwards(self, world: World) -> None:
        taken_over(world)
        assert change(world, Change.HANDED_BACK, minutes=11)
        world.record(recording(SECOND))
        assert seen(world).awaiting == "wamid.2"
        assert [entry.message_id for entry in world.thread(HIS).unanswered()] == ["wamid.2"]

    def test_nobody_changes_another_tenants(self, world: World) -> None:
        world.record(recording())
        before = world.look.everything()
        of = seen(world)
        foreign = owner_change(replace(of, tenant_id=GLOBEX))
        assert not world.conversations.change_owner(GLOBEX, foreign, of)
        assert world.look.everything() == before

    def test_it_is_due_until_it_is_published(self, world: World) -> None:
        world.record(recording())
        made = owner_change(seen(world))
        assert world.conversations.change_owner(ACME, made, seen(world))
        [item] = world.overdue()
        assert (item.kind, item.due_at, item.customer_id) == (DueKind.OWNER_CHANGE, made.at, HIS)
        assert world.due.owner_change(ACME, item) == made
        assert world.due.owner_change(GLOBEX, item) is None
        for _ in range(2):
            world.conversations.owner_change_published(ACME, made)
            assert world.overdue() == []
            assert world.due.owner_change(ACME, item) is None


class ReopeningContract:
    def test_the_first_try_learns_that_it_is_resolved(self, world: World) -> None:
        resolved(world)
        before = world.look.everything()
        assert world.conversations.record(ACME, recording(SECOND)) == OwnedBy(Owner.ASSISTANT, resolved=True)
        assert world.look.everything() == before

    def test_the_second_opens_it_again_and_awaits_an_answer(self, world: World) -> None:
        version = resolved(world).version
        of = recording(SECOND, reopens=True)
        assert world.record(of) == Recorded(True, of.decision, HIS, of.position, reopened=True)
        conversation = seen(world)
        assert (conversation.owner, conversation.resolved) == (Owner.ASSISTANT, False)
        assert (conversation.awaiting, conversation.version) == ("wamid.2", version + 1)
        assert [entry.message_id for entry in world.thread(HIS).unanswered()] == ["wamid.2"]

    def test_that_is_a_change_to_be_published(self, world: World) -> None:
        resolved(world)
        [of_resolving] = world.overdue()
        of = recording(SECOND, reopens=True)
        world.record(of)
        made = reopening(ACME, HIS, ACME_NUMBER, of.position, of.message.received_at)
        [item] = [i for i in world.overdue() if i.kind is DueKind.OWNER_CHANGE and i != of_resolving]
        assert world.due.owner_change(ACME, item) == made
        world.conversations.owner_change_published(ACME, made)
        assert item not in world.overdue()

    def test_the_same_message_again_opens_nothing(self, world: World) -> None:
        resolved(world)
        of = recording(SECOND, reopens=True)
        world.record(of)
        assert change(world, Change.RESOLVED, minutes=20)
        before = world.look.everything()
        assert world.record(of) == Recorded(False, of.decision, HIS, of.position)
        assert world.look.everything() == before

    def test_one_that_calls_a_person_opens_it_for_them(self, world: World) -> None:
        version = resolved(world).version
        assert world.conversations.record(ACME, recording(SECOND, PERSON_REQUESTED)) == OwnedBy(
            Owner.ASSISTANT, resolved=True
        )
        assert not world.record(recording(SECOND, PERSON_REQUESTED, reopens=True)).reopened  # handed over says it all
        assert [item.kind for item in world.overdue() if item.due_at > after(minutes=5)] == [DueKind.ESCALATION]
        conversation = seen(world)
        assert (conversation.owner, conversation.resolved) == (Owner.WAITING, False)
        assert (conversation.awaiting, conversation.version) == (None, version + 1)

    @pytest.mark.parametrize(
        "content", [m.Reaction("wamid.in.1", "👍"), m.Sticker("media-1", "image/webp")], ids=["reaction", "sticker"]
    )
    def test_who_only_reacts_opens_nothing(self, world: World, content: m.Content) -> None:
        version = resolved(world).version
        recorded = world.record(recording(replace(message(content, "wamid.2"), timestamp=after(minutes=10)), KEPT))
        assert not recorded.reopened
        assert (seen(world).resolved, seen(world).version) == (True, version)

    def test_what_is_not_resolved_is_not_opened_again(self, world: World) -> None:
        world.record(recording())
        before = world.look.everything()
        assert world.conversations.record(ACME, recording(SECOND, reopens=True)) == OwnedBy(
            Owner.ASSISTANT, resolved=False
        )
        assert world.look.everything() == before


class OrderWhileAnotherOwnsContract:
    ORDERED = Decision(Disposition.ESCALATE, EscalationReason.ORDER)

    def test_it_is_stored_as_one_that_takes_nothing_over(self, world: World) -> None:
        taken_over(world)
        of = recording(message(order(), "wamid.2", at=after(minutes=2)), self.ORDERED, takes_over=False)
        world.record(of)
        pending = world.conversations.pending_escalation(ACME, HIS, of.position)
        assert pending is not None
        assert not pending.takes_over
        assert (seen(world).owner, seen(world).person) == (Owner.PERSON, "ana")

    def test_what_it_comes_to_is_kept_with_it_and_with_the_call_for_a_person(self, world: World) -> None:
        taken_over(world)
        what_it_comes_to = priced_at(order(), [product(price=Money(1300, "USD"), stock=1)], after(minutes=2))
        of = recording(
            message(order(), "wamid.2", at=after(minutes=2)), self.ORDERED, takes_over=False, priced=what_it_comes_to
        )
        world.record(of)
        pending = world.conversations.pending_escalation(ACME, HIS, of.position)
        assert pending is not None
        assert pending.order == what_it_comes_to
        ordered = world.thread(HIS).message(of.message.message_id)
        assert ordered is not None
        assert (ordered.order, ordered.priced) == (order(), what_it_comes_to)

    def test_any_other_takes_over(self, world: World) -> None:
        of = recording(decision=PERSON_REQUESTED)
        world.record(of)
        pending = world.conversations.pending_escalation(ACME, HIS, of.position)
        assert pending is not None
        assert pending.takes_over

    def test_where_the_assistant_has_it_again_the_order_takes_over_after_all(self, world: World) -> None:
        taken_over(world)
        assert change(world, Change.HANDED_BACK, minutes=2)
        before = world.look.everything()
        of = recording(message(order(), "wamid.2", at=after(minutes=3)), self.ORDERED, takes_over=False)
        assert world.conversations.record(ACME, of) == OwnedBy(Owner.ASSISTANT, resolved=False)
        assert world.look.everything() == before


class CustomersContract:
    def test_who_has_written_is_found_by_phone(self, world: World) -> None:
        world.record(recording())
        assert world.customers.find(ACME, CustomerIdentity(phone=ALICE.phone)) == HIS

    def test_or_by_user_id_where_there_is_no_phone(self, world: World) -> None:
        recorded = world.record(recording(message(sender=NAMELESS)))
        assert world.customers.find(ACME, CustomerIdentity(user_id=NAMELESS.user_id)) == recorded.customer_id

    def test_of_each_tenant_alone(self, world: World) -> None:
        world.record(recording())
        assert world.customers.find(GLOBEX, ALICE) is None
        theirs = world.record(recording(tenant_id=GLOBEX), GLOBEX)
        assert world.customers.find(GLOBEX, ALICE) == theirs.customer_id != HIS

    def test_who_has_not_is_nobody(self, world: World) -> None:
        assert world.customers.find(ACME, ALICE) is None
