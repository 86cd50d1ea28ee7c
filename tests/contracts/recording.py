"""`Conversations.record`: one message, stored and counted once, in one step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from threading import Barrier

import pytest

from domain import messages as m
from domain.conversations import (
    Decision,
    Disposition,
    OwnedBy,
    Owner,
    Recorded,
    RecordedBecause,
    Recording,
    ThreadMessage,
)
from domain.customers import CustomerIdentity
from domain.escalations import EscalationReason
from tests.builders import (
    ACME,
    ALICE,
    BOB,
    GLOBEX,
    MONTH,
    NAMELESS,
    NOON,
    PERSON_REQUESTED,
    after,
    every_content,
    job,
    message,
    order,
    recording,
)
from tests.contracts.world import World

KEPT = Decision(Disposition.RECORD, RecordedBecause.NO_ANSWER_EXPECTED)
NEXT_MONTH = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def at_once(calls: Sequence[Callable[[], object]]) -> list[object]:
    """Runs each in a thread of its own, all of them from the same moment on."""
    start = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


class FirstMessageContract:
    """Mixed into the test classes of the fake and of the adapter, as all contracts are."""

    def test_it_makes_the_customer(self, world: World) -> None:
        recorded = world.record(recording())
        customer = world.look.customer(ACME, ALICE)
        assert customer is not None
        assert customer.customer_id == recorded.customer_id == ALICE.first_customer_id(ACME)
        assert customer.identity == ALICE
        assert customer.first_interaction == customer.last_interaction == NOON
        assert customer.message_count == 1
        assert customer.active_months == {MONTH}

    def test_it_makes_a_conversation_that_the_assistant_owns_and_that_awaits_an_answer(self, world: World) -> None:
        of = recording()
        conversation = world.conversation(world.record(of).customer_id)
        assert conversation.owner is Owner.ASSISTANT
        assert conversation.awaiting == of.message.message_id
        assert conversation.last_inbound_at == NOON
        assert conversation.phone_number_id == of.phone_number_id
        assert (conversation.recipient.phone, conversation.recipient.user_id) == (ALICE.phone, ALICE.user_id)
        assert conversation.handover is None

    def test_it_is_kept_as_rules_assistant_and_people_read_it(self, world: World) -> None:
        context = m.Context(referred_product=m.ReferredProduct("catalog-1", "MUG-1"))
        of = recording(message("Is this blue?", context=context))
        entries = world.thread(world.record(of).customer_id).entries
        assert entries == (
            ThreadMessage(of.message.message_id, of.position, "text", "Is this blue?", NOON, of.decision, "MUG-1"),
        )

    @pytest.mark.parametrize("press", [m.ButtonReply("product:MUG-1", "Mug"), m.ListReply("product:MUG-1", "Mug")])
    def test_a_press_on_a_button_of_ours_is_kept_as_the_product_that_it_means(
        self, world: World, press: m.Content
    ) -> None:
        [entry] = world.thread(world.record(recording(message(press))).customer_id).entries
        assert isinstance(entry, ThreadMessage)
        assert (entry.words, entry.referred_product_id) == ("Mug", "MUG-1")

    def test_a_cart_is_kept_as_it_was_sent(self, world: World) -> None:
        items = (m.OrderItem("MUG-1", 2, Decimal("12.50"), "USD"), m.OrderItem("MUG-2", 1))
        of = recording(message(m.Order("catalog-1", items, "as a gift")))
        [entry] = world.thread(world.record(of).customer_id).entries
        assert isinstance(entry, ThreadMessage)
        assert entry.order == m.Order("catalog-1", items, "as a gift")

    def test_it_is_counted_and_its_customer_too(self, world: World) -> None:
        world.record(recording())
        assert world.look.usage(ACME, MONTH) == {"messages": 1, "messages_text": 1, "customers": 1}

    def test_the_answer_says_what_was_recorded(self, world: World) -> None:
        of = recording()
        assert world.record(of) == Recorded(True, of.decision, of.customer_id, of.position)

    def test_one_without_a_phone_is_filed_under_its_user_id(self, world: World) -> None:
        recorded = world.record(recording(message(sender=NAMELESS)))
        customer = world.look.customer(ACME, NAMELESS)
        assert customer is not None
        assert customer.identity == NAMELESS
        recipient = world.conversation(recorded.customer_id).recipient
        assert (recipient.phone, recipient.user_id) == (None, NAMELESS.user_id)

    @pytest.mark.parametrize("content", every_content(), ids=lambda content: type(content).__name__)
    def test_every_form_can_be_kept_and_is_counted_by_its_type(self, world: World, content: m.Content) -> None:
        of = recording(message(content))
        world.record(of)
        counted = "unknown" if isinstance(content, m.Unknown) else of.message.type
        assert world.look.usage(ACME, MONTH) == {"messages": 1, f"messages_{counted}": 1, "customers": 1}

    def test_one_that_expects_no_answer_leaves_nothing_awaited(self, world: World) -> None:
        recorded = world.record(recording(message(m.Sticker("media-1", "image/webp")), KEPT))
        assert world.conversation(recorded.customer_id).awaiting is None

    def test_text_that_utf_8_cannot_carry_is_kept_as_well_as_can_be(self, world: World) -> None:
        sender = CustomerIdentity(phone="12025550177", profile_name="Z\x00oe")
        of = recording(message("half a \ud83d pair, a NUL \x00 and \u202e", sender=sender, raw={"body": "\ud83d"}))
        entry = world.thread(world.record(of).customer_id).entries[0]
        assert isinstance(entry, ThreadMessage)
        assert entry.words.startswith("half a ")

    def test_nor_must_ids_that_a_message_refers_to_be_fit_to_store(self, world: World) -> None:
        product = m.ReferredProduct("catalog-1", "MUG-\ud83d" + "x" * 500_000)
        of = recording(message(context=m.Context(id="wamid.\udc00" + "x" * 500_000, referred_product=product)))
        assert world.record(of).new

    def test_a_very_long_text_is_bounded(self, world: World) -> None:
        of = recording(message("x" * 65_000, raw={"text": {"body": "x" * 65_000}}))
        entry = world.thread(world.record(of).customer_id).entries[0]
        assert isinstance(entry, ThreadMessage)
        assert entry.words == "x" * 4096


class LaterMessageContract:
    def test_the_customer_counts_once_a_month(self, world: World) -> None:
        world.record(recording(message(message_id="wamid.1")))
        world.record(recording(message(message_id="wamid.2", at=after(minutes=1))))
        assert world.look.usage(ACME, MONTH) == {"messages": 2, "messages_text": 2, "customers": 1}
        assert world.look.customers(ACME) == 1

    def test_and_again_in_the_next(self, world: World) -> None:
        world.record(recording(message(message_id="wamid.1")))
        world.record(recording(message(message_id="wamid.2", at=NEXT_MONTH)))
        assert world.look.usage(ACME, MONTH)["customers"] == 1
        assert world.look.usage(ACME, "2026-12") == {"messages": 1, "messages_text": 1, "customers": 1}
        customer = world.look.customer(ACME, ALICE)
        assert customer is not None
        assert customer.active_months == {MONTH, "2026-12"}

    def test_it_moves_the_last_interaction_and_the_profile(self, world: World) -> None:
        world.record(recording(message(message_id="wamid.1")))
        renamed = CustomerIdentity(ALICE.phone, ALICE.user_id, "Alice B.", "alice.b")
        world.record(recording(message(message_id="wamid.2", at=after(minutes=1), sender=renamed)))
        customer = world.look.customer(ACME, ALICE)
        assert customer is not None
        assert (customer.first_interaction, customer.last_interaction) == (NOON, after(minutes=1))
        assert customer.message_count == 2
        assert customer.identity == renamed

    def test_what_it_does_not_tell_stays(self, world: World) -> None:
        world.record(recording(message(message_id="wamid.1")))
        bare = CustomerIdentity(phone=ALICE.phone)
        recorded = world.record(recording(message(message_id="wamid.2", at=after(minutes=1), sender=bare)))
        customer = world.look.customer(ACME, ALICE)
        assert customer is not None
        assert customer.identity == ALICE
        assert world.conversation(recorded.customer_id).recipient.user_id == ALICE.user_id

    def test_its_answer_is_the_one_awaited(self, world: World) -> None:
        world.record(recording(message(message_id="wamid.1")))
        recorded = world.record(recording(message(message_id="wamid.2", at=after(seconds=2))))
        conversation = world.conversation(recorded.customer_id)
        assert conversation.awaiting == "wamid.2"
        assert conversation.last_inbound_at == after(seconds=2)

    def test_one_that_expects_no_answer_changes_nothing_of_what_is_awaited(self, world: World) -> None:
        world.record(recording(message(message_id="wamid.1")))
        thanks = message(m.Reaction("wamid.0", "👍"), "wamid.2", at=after(seconds=2))
        recorded = world.record(recording(thanks, KEPT))
        assert world.conversation(recorded.customer_id).awaiting == "wamid.1"

    @pytest.mark.parametrize("earlier", [0.000001, 1, 3600, 6 * 24 * 3600])
    def test_an_older_one_that_comes_late_moves_nothing_back(self, world: World, earlier: float) -> None:
        world.record(recording(message(message_id="wamid.2")))
        older = message(message_id="wamid.1", at=after(seconds=-earlier), received_at=after(seconds=3))
        recorded = world.record(recording(older))
        customer = world.look.customer(ACME, ALICE)
        assert customer is not None
        assert (customer.first_interaction, customer.last_interaction) == (after(seconds=-earlier), NOON)
        assert customer.message_count == 2
        assert world.conversation(recorded.customer_id).last_inbound_at == NOON

    def test_one_between_the_first_and_the_last_moves_neither(self, world: World) -> None:
        for message_id, minutes in (("wamid.1", 0), ("wamid.3", 2), ("wamid.2", 1)):
            world.record(recording(message(message_id=message_id, at=after(minutes=minutes))))
        customer = world.look.customer(ACME, ALICE)
        assert customer is not None
        assert (customer.first_interaction, customer.last_interaction) == (NOON, after(minutes=2))
        assert world.look.usage(ACME, MONTH) == {"messages": 3, "messages_text": 3, "customers": 1}

    def test_an_older_one_counts_in_its_own_month(self, world: World) -> None:
        world.record(recording(message(message_id="wamid.2", at=NEXT_MONTH)))
        world.record(recording(message(message_id="wamid.1", at=datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC))))
        assert world.look.usage(ACME, MONTH) == {"messages": 1, "messages_text": 1, "customers": 1}
        assert world.look.usage(ACME, "2026-12") == {"messages": 1, "messages_text": 1, "customers": 1}

    def test_nothing_of_one_tenant_is_seen_by_another(self, world: World) -> None:
        world.record(recording())
        world.record(recording(tenant_id=GLOBEX), GLOBEX)
        ours, theirs = ALICE.first_customer_id(ACME), ALICE.first_customer_id(GLOBEX)
        assert ours != theirs
        assert world.conversations.thread(GLOBEX, ours) is None
        assert world.look.usage(ACME, MONTH) == world.look.usage(GLOBEX, MONTH)
        assert world.look.usage(ACME, MONTH)["messages"] == 1


class SameMessageAgainContract:
    @pytest.mark.parametrize("decision", [KEPT, PERSON_REQUESTED], ids=["kept", "escalated"])
    def test_it_is_answered_as_the_first_time_and_changes_nothing(self, world: World, decision: Decision) -> None:
        of = recording(decision=decision)
        first = world.record(of)
        before = world.look.everything()
        other_mind = recording(message(received_at=after(hours=1)), Decision(Disposition.ANSWER))
        assert world.record(other_mind) == Recorded(False, decision, first.customer_id, first.position)
        assert world.look.everything() == before

    def test_not_even_when_a_person_has_taken_over_meanwhile(self, world: World) -> None:
        of = recording(decision=PERSON_REQUESTED)
        first = world.record(of)
        world.look.give_to(ACME, first.customer_id, Owner.PERSON)
        before = world.look.everything()
        assert world.conversations.record(ACME, of) == Recorded(False, of.decision, of.customer_id, of.position)
        assert world.look.everything() == before

    def test_under_another_identity_of_the_customer_it_is_still_the_same(self, world: World) -> None:
        first = world.record(recording(message(sender=ALICE)))
        before = world.look.everything()
        renumbered = recording(message(sender=CustomerIdentity(phone="12025550999")))
        assert world.record(renumbered) == Recorded(False, first.decision, first.customer_id, first.position)
        assert world.look.everything() == before

    def test_from_eight_threads_at_once_it_is_recorded_once(self, world: World) -> None:
        of = recording()
        results = at_once([lambda: world.conversations.record(ACME, of)] * 8)
        assert sorted(result.new for result in results if isinstance(result, Recorded)) == [False] * 7 + [True]
        assert world.look.usage(ACME, MONTH) == {"messages": 1, "messages_text": 1, "customers": 1}
        assert len(world.thread(of.customer_id).entries) == 1
        customer = world.look.customer(ACME, ALICE)
        assert customer is not None
        assert customer.message_count == 1

    def test_many_first_messages_of_a_new_customer_at_once_make_one_customer(self, world: World) -> None:
        several = [recording(message(message_id=f"wamid.{n}", at=after(seconds=n))) for n in range(6)]
        results = at_once([partial(world.conversations.record, ACME, of) for of in several])
        assert all(isinstance(result, Recorded) and result.new for result in results)
        assert world.look.customers(ACME) == 1
        assert world.look.usage(ACME, MONTH) == {"messages": 6, "messages_text": 6, "customers": 1}
        customer = world.look.customer(ACME, ALICE)
        assert customer is not None
        assert (customer.first_interaction, customer.last_interaction) == (NOON, after(seconds=5))
        assert customer.message_count == 6


class EscalatingMessageContract:
    def test_it_makes_the_conversation_wait_for_a_person(self, world: World) -> None:
        of = recording(decision=PERSON_REQUESTED)
        conversation = world.conversation(world.record(of).customer_id)
        assert conversation.owner is Owner.WAITING
        assert conversation.awaiting is None
        assert conversation.handover is not None
        assert conversation.handover.message_id == of.message.message_id
        assert conversation.handover.reason is EscalationReason.PERSON_REQUESTED
        assert conversation.handover.at == NOON
        assert not conversation.handover.told

    def test_who_cannot_be_told_counts_as_told(self, world: World) -> None:
        of = recording(decision=PERSON_REQUESTED, tell=False)
        handover = world.conversation(world.record(of).customer_id).handover
        assert handover is not None
        assert handover.told

    def test_its_escalation_is_pending_and_counted(self, world: World) -> None:
        of = recording(decision=PERSON_REQUESTED)
        world.record(of)
        escalation = world.conversations.pending_escalation(ACME, of.customer_id, of.position)
        assert escalation is not None
        assert escalation.tenant_id == ACME
        assert escalation.message_id == of.message.message_id
        assert escalation.phone_number_id == of.phone_number_id
        assert escalation.position == of.position
        assert escalation.reason is EscalationReason.PERSON_REQUESTED
        assert escalation.at == NOON
        usage = {"messages": 1, "messages_text": 1, "customers": 1, "escalations": 1}
        assert world.look.usage(ACME, MONTH) == usage

    def test_what_was_awaited_is_no_longer(self, world: World) -> None:
        world.record(recording(message(message_id="wamid.1")))
        of = recording(message(message_id="wamid.2", at=after(seconds=2)), PERSON_REQUESTED)
        assert world.conversation(world.record(of).customer_id).awaiting is None

    @pytest.mark.parametrize("owner", [Owner.WAITING, Owner.PERSON])
    def test_while_another_owns_the_conversation_nothing_is_written(self, world: World, owner: Owner) -> None:
        recorded = world.record(recording(message(message_id="wamid.1")))
        world.look.give_to(ACME, recorded.customer_id, owner)
        before = world.look.everything()
        of = recording(message(message_id="wamid.2", at=after(seconds=2)), PERSON_REQUESTED)
        assert world.conversations.record(ACME, of) == OwnedBy(owner, resolved=False)
        assert world.look.everything() == before

    @pytest.mark.parametrize("owner", [Owner.WAITING, Owner.PERSON])
    def test_an_order_that_takes_nothing_over_is_escalated_whoever_owns(self, world: World, owner: Owner) -> None:
        recorded = world.record(recording(message(message_id="wamid.1")))
        world.look.give_to(ACME, recorded.customer_id, owner)
        ordered = Decision(Disposition.ESCALATE, EscalationReason.ORDER)
        of = recording(message(order(), "wamid.2", at=after(seconds=2)), ordered, takes_over=False)
        assert world.record(of).new
        conversation = world.conversation(recorded.customer_id)
        assert conversation.owner is owner
        assert conversation.handover is None
        assert world.conversations.pending_escalation(ACME, of.customer_id, of.position) is not None

    def test_an_older_one_is_taken_over_with_its_customer_known(self, world: World) -> None:
        world.record(recording(message(message_id="wamid.2")))
        of = recording(message(message_id="wamid.1", at=after(seconds=-5)), PERSON_REQUESTED)
        conversation = world.conversation(world.record(of).customer_id)
        assert conversation.owner is Owner.WAITING
        assert conversation.last_inbound_at == NOON

    def test_two_at_once_take_over_once(self, world: World) -> None:
        several = [recording(message(message_id=f"wamid.{n}"), PERSON_REQUESTED) for n in range(4)]
        results = at_once([partial(world.conversations.record, ACME, of) for of in several])
        assert sum(isinstance(result, Recorded) for result in results) == 1
        assert results.count(OwnedBy(Owner.WAITING, resolved=False)) == 3
        assert world.look.usage(ACME, MONTH)["escalations"] == 1


def of_bob(message_id: str = "wamid.bob", at: datetime = NOON) -> Recording:
    return recording(message(message_id=message_id, at=at, sender=BOB))


class OtherCustomersContract:
    def test_customers_of_one_tenant_count_each(self, world: World) -> None:
        world.record(recording())
        world.record(of_bob())
        assert world.look.customers(ACME) == 2
        assert world.look.usage(ACME, MONTH) == {"messages": 2, "messages_text": 2, "customers": 2}
        assert job(of_bob()).customer_id != job().customer_id
