"""`SendLedger`: written down before it is sent, and sent once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from domain import outbound as o
from domain.catalogue import ProductId
from domain.conversations import Conversation, Owner, ReplyJob
from domain.deliveries import Delivery, advance
from domain.dispatches import Dispatch, Sent
from domain.language_models import Tokens
from domain.messages import MessageId, Order, OrderItem, position_of_send
from domain.model_use import FallbackReason, ModelUse
from domain.orders import priced
from domain.outbound import Text, words_of
from domain.replies import Failure, Reply, ReplyPurpose, ReplyState, SendOutcome
from tests.builders import (
    ACME,
    BOB,
    GLOBEX,
    MONTH,
    PERSON_REQUESTED,
    UNDELIVERABLE,
    after,
    job,
    message,
    owner_change,
    product,
    recording,
    reply,
    status,
)
from tests.contracts.recording import at_once
from tests.contracts.world import World

WAMID = MessageId("wamid.out.1")
SENT = SendOutcome(ReplyState.SENT, WAMID)
THROTTLED = Failure(130429, "Rate limit hit", "Too many messages")
NO_WORD = Failure(None, "Meta gave no answer")


def await_answer(world: World) -> ReplyJob:
    of = recording()
    world.record(of)
    return job(of)


def await_note(world: World) -> ReplyJob:
    of = recording(decision=PERSON_REQUESTED)
    world.record(of)
    return job(of)


FORMS = [
    o.SingleProduct("905", "MUG-1", "Blue mug: 12.50 USD, in stock (4)"),
    o.ProductList("905", "Acme", "Blue mug: 12.50 USD, in stock (4)", (o.ProductSection(("MUG-1", "MUG-2")),)),
    o.ReplyButtons(
        "Blue mug: 12.50 USD, in stock (4)", (o.Button("product:MUG-1", "Mug"), o.Button("product:JUG-1", "Jug"))
    ),
    o.List("Blue mug: 12.50 USD, in stock (4)", "Choose", (o.Section((o.Row("product:MUG-1", "Mug", "12.50 USD"),)),)),
]


class ClaimContract:
    @pytest.mark.parametrize("form", FORMS, ids=lambda form: type(form).__name__)
    def test_the_form_is_kept_for_whoever_offers_it_again(self, world: World, form: o.Content) -> None:
        of = await_answer(world)
        assert world.ledger.claim(ACME, of, reply(of, shown=form), "en")
        world.ledger.settle(ACME, of, reply(of, shown=form), SendOutcome(ReplyState.READY, failure=THROTTLED))
        assert world.reply(of).shown == form

    def test_a_form_that_was_refused_is_not_what_was_sent(self, world: World) -> None:
        of = await_answer(world)
        shown = reply(of, shown=FORMS[0])
        world.ledger.claim(ACME, of, shown, "en")
        world.ledger.settle(ACME, of, shown, SendOutcome(ReplyState.SENT, WAMID, as_text=True))
        assert world.reply(of).shown is None
        assert world.reply(of).text == shown.text

    def test_what_an_order_came_to_is_kept_with_the_note_that_confirms_it(self, world: World) -> None:
        of = await_note(world)
        cart = Order("catalog-1", (OrderItem("MUG-1", 6, Decimal("11.00"), "USD"), OrderItem("MUG-9", 1)))
        order = priced(cart, {ProductId("MUG-1"): product()}.get)
        assert world.ledger.claim(ACME, of, reply(of, ReplyPurpose.HANDOVER_NOTE, order=order), "en")
        assert world.reply(of, ReplyPurpose.HANDOVER_NOTE).order == order

    def test_the_reply_stands_in_sending_before_anything_is_sent(self, world: World) -> None:
        of = await_answer(world)
        assert world.ledger.claim(ACME, of, reply(of), "pt")
        stored = world.reply(of)
        assert stored == reply(of, state=ReplyState.SENDING, attempts=1)
        conversation = world.conversation(of.customer_id)
        assert conversation.awaiting is None
        assert conversation.language == "pt"
        assert conversation.owner is Owner.ASSISTANT

    def test_it_is_claimed_once(self, world: World) -> None:
        of = await_answer(world)
        assert world.ledger.claim(ACME, of, reply(of), "en")
        before = world.look.everything()
        assert not world.ledger.claim(ACME, of, reply(of, text="Another worker's words"), "en")
        assert world.look.everything() == before

    def test_from_eight_threads_at_once_too(self, world: World) -> None:
        of = await_answer(world)
        claims = at_once([lambda: world.ledger.claim(ACME, of, reply(of), "en")] * 8)
        assert sorted(map(bool, claims)) == [False] * 7 + [True]
        assert world.reply(of).attempts == 1

    @pytest.mark.parametrize("owner", [Owner.WAITING, Owner.PERSON])
    def test_not_when_the_conversation_changed_hands(self, world: World, owner: Owner) -> None:
        of = await_answer(world)
        world.look.give_to(ACME, of.customer_id, owner)
        before = world.look.everything()
        assert not world.ledger.claim(ACME, of, reply(of), "en")
        assert world.look.everything() == before

    def test_not_when_a_newer_message_has_come(self, world: World) -> None:
        of = await_answer(world)
        world.record(recording(message(message_id="wamid.in.2", at=after(seconds=1))))
        before = world.look.everything()
        assert not world.ledger.claim(ACME, of, reply(of), "en")
        assert world.look.everything() == before

    def test_not_when_nothing_is_awaited(self, world: World) -> None:
        of = await_answer(world)
        world.ledger.claim(ACME, of, reply(of), "en")
        other = job(recording(message(message_id="wamid.never-recorded")))
        assert not world.ledger.claim(ACME, other, reply(other), "en")

    def test_not_of_a_conversation_that_is_not_there(self, world: World) -> None:
        before = world.look.everything()
        assert not world.ledger.claim(ACME, job(), reply(job()), "en")
        assert world.look.everything() == before

    @pytest.mark.parametrize(
        "use",
        [
            ModelUse(
                "eu.amazon.nova-lite-v1:0", Tokens(900, 40, 3, 2), 64, 1200, 2, ("get_product",), "end_turn", None
            ),
            ModelUse("new", micro_usd=None, calls=1, fallback=FallbackReason.THROTTLED),
        ],
        ids=["used", "fallback"],
    )
    def test_what_a_model_was_asked_for_it_stands_beside_it(self, world: World, use: ModelUse) -> None:
        of = await_answer(world)
        assert world.ledger.claim(ACME, of, reply(of, use=use), "en")
        assert world.reply(of).use == use

    def test_a_long_reply_is_bounded_as_meta_bounds_it(self, world: World) -> None:
        of = await_answer(world)
        assert world.ledger.claim(ACME, of, reply(of, text="x" * 4096), "en")
        assert world.reply(of).text == "x" * 4096


class HandoverNoteContract:
    def test_its_claim_is_what_tells_the_customer(self, world: World) -> None:
        of = await_note(world)
        assert world.ledger.claim(ACME, of, note(of), "en")
        assert world.reply(of, ReplyPurpose.HANDOVER_NOTE).state is ReplyState.SENDING
        handover = world.conversation(of.customer_id).handover
        assert handover is not None
        assert handover.told

    def test_the_customer_is_told_once(self, world: World) -> None:
        of = await_note(world)
        assert world.ledger.claim(ACME, of, note(of), "en")
        assert not world.ledger.claim(ACME, of, note(of), "en")

    def test_of_the_message_that_called_the_person_alone(self, world: World) -> None:
        await_note(world)
        later = recording(message(message_id="wamid.in.2", at=after(seconds=1)))
        world.record(later)
        assert not world.ledger.claim(ACME, job(later), note(job(later)), "en")

    @pytest.mark.parametrize("owner", [Owner.ASSISTANT, Owner.PERSON])
    def test_while_the_conversation_waits_alone(self, world: World, owner: Owner) -> None:
        of = await_note(world)
        world.look.give_to(ACME, of.customer_id, owner)
        before = world.look.everything()
        assert not world.ledger.claim(ACME, of, note(of), "en")
        assert world.look.everything() == before

    def test_a_newer_message_does_not_stop_it(self, world: World) -> None:
        of = await_note(world)
        world.record(recording(message(message_id="wamid.in.2", at=after(seconds=1))))
        assert world.ledger.claim(ACME, of, note(of), "en")
        assert world.conversation(of.customer_id).awaiting == "wamid.in.2"

    def test_refused_for_now_it_is_offered_again(self, world: World) -> None:
        of = await_note(world)
        world.ledger.claim(ACME, of, note(of), "en")
        world.ledger.settle(ACME, of, note(of), SendOutcome(ReplyState.READY, failure=THROTTLED))
        stored = world.reply(of, ReplyPurpose.HANDOVER_NOTE)
        assert (stored.state, stored.attempts) == (ReplyState.READY, 1)
        assert world.ledger.claim(ACME, of, stored, "en")
        assert world.reply(of, ReplyPurpose.HANDOVER_NOTE).attempts == 2

    def test_it_takes_no_message_for_answered(self, world: World) -> None:
        of = await_note(world)
        world.ledger.claim(ACME, of, note(of), "en")
        assert world.reply(of, ReplyPurpose.HANDOVER_NOTE).answers == ()


def note(of: ReplyJob) -> Reply:
    return reply(of, ReplyPurpose.HANDOVER_NOTE, text="A colleague will answer you here.")


class SettleContract:
    def test_sent_makes_its_whatsapp_id_known_and_counts_it(self, world: World) -> None:
        of = await_answer(world)
        world.ledger.claim(ACME, of, reply(of), "en")
        world.ledger.settle(ACME, of, reply(of), SENT)
        stored = world.reply(of)
        assert (stored.state, stored.message_id, stored.failure) == (ReplyState.SENT, WAMID, None)
        assert world.deliveries.known(ACME, WAMID) == Delivery(WAMID, reply_id=reply(of).reply_id)
        assert world.look.usage(ACME, MONTH)["replies"] == 1

    def test_a_second_time_changes_nothing(self, world: World) -> None:
        of = await_answer(world)
        world.ledger.claim(ACME, of, reply(of), "en")
        world.ledger.settle(ACME, of, reply(of), SENT)
        before = world.look.everything()
        for outcome in (SENT, SendOutcome(ReplyState.UNCERTAIN, failure=NO_WORD)):
            world.ledger.settle(ACME, of, reply(of), outcome)
            assert world.look.everything() == before

    def test_what_was_never_claimed_cannot_be_settled(self, world: World) -> None:
        of = await_answer(world)
        before = world.look.everything()
        world.ledger.settle(ACME, of, reply(of), SENT)
        assert world.look.everything() == before

    def test_refused_for_now_it_can_be_claimed_again(self, world: World) -> None:
        of = await_answer(world)
        world.ledger.claim(ACME, of, reply(of), "en")
        world.ledger.settle(ACME, of, reply(of), SendOutcome(ReplyState.READY, failure=THROTTLED))
        ready = world.reply(of)
        assert (ready.state, ready.failure, ready.attempts) == (ReplyState.READY, THROTTLED, 1)
        assert world.ledger.claim(ACME, of, ready, "en")
        assert (world.reply(of).state, world.reply(of).attempts) == (ReplyState.SENDING, 2)
        assert not world.ledger.claim(ACME, of, ready, "en")
        assert "replies" not in world.look.usage(ACME, MONTH)

    def test_but_not_when_a_newer_message_has_come_meanwhile(self, world: World) -> None:
        of = await_answer(world)
        world.ledger.claim(ACME, of, reply(of), "en")
        world.ledger.settle(ACME, of, reply(of), SendOutcome(ReplyState.READY, failure=THROTTLED))
        world.record(recording(message(message_id="wamid.in.2", at=after(seconds=1))))
        assert not world.ledger.claim(ACME, of, world.reply(of), "en")

    @pytest.mark.parametrize("owner", [Owner.WAITING, Owner.PERSON])
    def test_nor_when_the_conversation_changed_hands_meanwhile(self, world: World, owner: Owner) -> None:
        of = await_answer(world)
        world.ledger.claim(ACME, of, reply(of), "en")
        world.ledger.settle(ACME, of, reply(of), SendOutcome(ReplyState.READY, failure=THROTTLED))
        world.look.give_to(ACME, of.customer_id, owner)
        assert not world.ledger.claim(ACME, of, world.reply(of), "en")

    def test_sent_at_last_it_shows_no_failure(self, world: World) -> None:
        of = await_answer(world)
        world.ledger.claim(ACME, of, reply(of), "en")
        world.ledger.settle(ACME, of, reply(of), SendOutcome(ReplyState.READY, failure=THROTTLED))
        world.ledger.claim(ACME, of, world.reply(of), "en")
        world.ledger.settle(ACME, of, reply(of), SENT)
        assert world.reply(of).failure is None

    def test_each_failure_replaces_the_one_before_whole(self, world: World) -> None:
        of = await_answer(world)
        world.ledger.claim(ACME, of, reply(of), "en")
        world.ledger.settle(ACME, of, reply(of), SendOutcome(ReplyState.READY, failure=THROTTLED))
        world.ledger.claim(ACME, of, world.reply(of), "en")
        world.ledger.settle(ACME, of, reply(of), SendOutcome(ReplyState.UNCERTAIN, failure=NO_WORD))
        assert world.reply(of).failure == NO_WORD

    @pytest.mark.parametrize("state", [ReplyState.FAILED, ReplyState.UNCERTAIN])
    def test_failed_or_uncertain_is_never_claimed_again(self, world: World, state: ReplyState) -> None:
        of = await_answer(world)
        world.ledger.claim(ACME, of, reply(of), "en")
        world.ledger.settle(ACME, of, reply(of), SendOutcome(state, failure=NO_WORD))
        stored = world.reply(of)
        assert (stored.state, stored.failure) == (state, NO_WORD)
        before = world.look.everything()
        for again in (stored, reply(of)):
            assert not world.ledger.claim(ACME, of, again, "en")
        assert world.look.everything() == before
        assert "replies" not in world.look.usage(ACME, MONTH)

    def test_the_reply_counts_in_the_month_of_the_message(self, world: World) -> None:
        of = await_answer(world)
        late = reply(of, created_at=after(days=20))
        world.ledger.claim(ACME, of, late, "en")
        world.ledger.settle(ACME, of, late, SENT)
        assert world.look.usage(ACME, MONTH)["replies"] == 1

    def test_a_status_that_came_first_keeps_the_last_word(self, world: World) -> None:
        of = await_answer(world)
        world.ledger.claim(ACME, of, reply(of), "en")
        known = world.deliveries.known(ACME, WAMID)
        assert world.deliveries.save(ACME, known, advance(known, status(reply_id=reply(of).reply_id)))
        before = world.look.everything()
        for outcome in (SENT, SendOutcome(ReplyState.UNCERTAIN, failure=NO_WORD)):
            world.ledger.settle(ACME, of, reply(of), outcome)
            assert world.look.everything() == before
        assert world.reply(of).state is ReplyState.SENT
        assert world.look.usage(ACME, MONTH)["replies"] == 1


_SENT_AT = after(minutes=6)
ANA = "ana"
KEY = "3f0c9a52-key"


def ana_has_it(world: World) -> Conversation:
    of = recording()
    world.record(of)
    seen = world.conversation(of.customer_id)
    assert world.conversations.change_owner(ACME, owner_change(seen), seen)
    return world.conversation(of.customer_id)


class ClaimSendContract:
    def test_it_stands_in_sending_with_who_sends_it(self, world: World) -> None:
        of, said = a_send(ana_has_it(world))
        assert world.ledger.claim_send(ACME, of, said, dispatch())
        assert world.reply(of, ReplyPurpose.SEND) == said
        assert (said.by, said.state) == (ANA, ReplyState.SENDING)
        found = world.ledger.sent_under(ACME, of.customer_id, KEY)
        assert found == Sent(said, dispatch().fingerprint)
        assert [item.purpose for item in world.overdue() if item.purpose] == [ReplyPurpose.SEND]

    def test_a_key_sends_once_whenever_that_is(self, world: World) -> None:
        conversation = ana_has_it(world)
        assert world.ledger.claim_send(ACME, *a_send(conversation), dispatch())
        before = world.look.everything()
        later, said = a_send(conversation, at=after(hours=1))
        assert not world.ledger.claim_send(ACME, later, said, dispatch())
        assert not world.ledger.claim_send(ACME, later, said, dispatch(content=Text("something else")))
        assert world.look.everything() == before

    def test_from_eight_threads_at_once_too(self, world: World) -> None:
        conversation = ana_has_it(world)
        places = [a_send(conversation, at=after(minutes=n)) for n in range(8)]
        claims = at_once([partial(world.ledger.claim_send, ACME, of, said, dispatch()) for of, said in places])
        assert sorted(map(bool, claims)) == [False] * 7 + [True]

    def test_another_key_is_another_message(self, world: World) -> None:
        conversation = ana_has_it(world)
        assert world.ledger.claim_send(ACME, *a_send(conversation), dispatch())
        second = dispatch(key="another-key")
        assert world.ledger.claim_send(ACME, *a_send(conversation, second), second)
        said = [entry for entry in world.thread(conversation.customer_id).entries if isinstance(entry, Reply)]
        assert len(said) == 2

    @pytest.mark.parametrize("owner", [Owner.ASSISTANT, Owner.WAITING])
    def test_not_when_the_conversation_is_not_a_persons(self, world: World, owner: Owner) -> None:
        conversation = ana_has_it(world)
        world.look.give_to(ACME, conversation.customer_id, owner)
        before = world.look.everything()
        assert not world.ledger.claim_send(ACME, *a_send(conversation), dispatch())
        assert world.look.everything() == before

    def test_nor_when_it_is_another_persons(self, world: World) -> None:
        conversation = ana_has_it(world)
        bens = dispatch(by="ben")
        before = world.look.everything()
        assert not world.ledger.claim_send(ACME, *a_send(conversation, bens), bens)
        assert world.look.everything() == before

    @pytest.mark.parametrize("owner", list(Owner))
    def test_a_system_informs_whoever_has_it(self, world: World, owner: Owner) -> None:
        conversation = ana_has_it(world)
        world.look.give_to(ACME, conversation.customer_id, owner)
        shop = dispatch(by="shop", person=False)
        assert world.ledger.claim_send(ACME, *a_send(conversation, shop), shop)
        assert world.conversation(conversation.customer_id).owner is owner

    @pytest.mark.parametrize("person", [True, False])
    def test_not_without_a_conversation(self, world: World, person: bool) -> None:
        conversation = ana_has_it(world)
        nobody = replace(conversation, customer_id=BOB.first_customer_id(ACME))
        before = world.look.everything()
        assert not world.ledger.claim_send(ACME, *a_send(nobody), dispatch(person=person))
        assert not world.ledger.claim_send(GLOBEX, *a_send(conversation), dispatch(person=person))
        assert world.look.everything() == before

    def test_sent_it_counts_as_a_send_and_no_reply(self, world: World) -> None:
        of, said = a_send(ana_has_it(world))
        world.ledger.claim_send(ACME, of, said, dispatch())
        world.ledger.settle(ACME, of, said, SENT)
        assert world.deliveries.known(ACME, WAMID) == Delivery(WAMID, reply_id=said.reply_id)
        usage = world.look.usage(ACME, MONTH)
        assert usage["sends"] == 1
        assert "replies" not in usage
        found = world.ledger.sent_under(ACME, of.customer_id, KEY)
        assert found
        assert (found.reply.state, found.reply.message_id) == (ReplyState.SENT, WAMID)
        assert not [item for item in world.overdue() if item.purpose]

    def test_a_status_settles_what_was_unclear_and_counts_it(self, world: World) -> None:
        of, said = a_send(ana_has_it(world))
        world.ledger.claim_send(ACME, of, said, dispatch())
        world.ledger.settle(ACME, of, said, SendOutcome(ReplyState.UNCERTAIN, failure=NO_WORD))
        assert world.reply(of, ReplyPurpose.SEND).state is ReplyState.UNCERTAIN
        assert [item.purpose for item in world.overdue() if item.purpose] == [ReplyPurpose.SEND]
        known = world.deliveries.known(ACME, WAMID)
        assert world.deliveries.save(ACME, known, advance(known, status(reply_id=said.reply_id)))
        settled = world.reply(of, ReplyPurpose.SEND)
        assert (settled.state, settled.delivery, settled.failure) == (ReplyState.SENT, "delivered", None)
        assert world.look.usage(ACME, MONTH)["sends"] == 1
        assert not [item for item in world.overdue() if item.purpose]

    @pytest.mark.parametrize("by_status", [True, False])
    def test_what_failed_says_why_and_is_due_no_longer(self, world: World, by_status: bool) -> None:
        of, said = a_send(ana_has_it(world))
        world.ledger.claim_send(ACME, of, said, dispatch())
        if by_status:
            world.ledger.settle(ACME, of, said, SENT)
            known = world.deliveries.known(ACME, WAMID)
            told = status("failed", reply_id=said.reply_id, failure=UNDELIVERABLE)
            assert world.deliveries.save(ACME, known, advance(known, told))
        else:
            world.ledger.settle(ACME, of, said, SendOutcome(ReplyState.FAILED, failure=UNDELIVERABLE))
        failed = world.reply(of, ReplyPurpose.SEND)
        assert (failed.state, failed.failure) == (ReplyState.FAILED, UNDELIVERABLE)
        assert not [item for item in world.overdue() if item.purpose]

    def test_a_key_that_was_never_used(self, world: World) -> None:
        conversation = ana_has_it(world)
        assert world.ledger.sent_under(ACME, conversation.customer_id, KEY) is None
        world.ledger.claim_send(ACME, *a_send(conversation), dispatch())
        assert world.ledger.sent_under(GLOBEX, conversation.customer_id, KEY) is None


def dispatch(**changes: Any) -> Dispatch:
    return replace(Dispatch(KEY, ANA, Text("Ana here: it has arrived")), **changes)


def a_send(conversation: Conversation, of: Dispatch | None = None, at: datetime = _SENT_AT) -> tuple[ReplyJob, Reply]:
    of = of or dispatch()
    position = position_of_send(at, of.key)
    to = ReplyJob(ACME, conversation.phone_number_id, conversation.customer_id, MessageId(of.key), position)
    said = reply(
        to,
        ReplyPurpose.SEND,
        text=words_of(of.content),
        state=ReplyState.SENDING,
        reply_to=MessageId(""),
        created_at=at,
        attempts=1,
        by=of.by,
    )
    return to, said
