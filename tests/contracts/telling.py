"""`Deliveries`, `Quarantine`, `AccountEvents`: what Meta tells besides messages."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from domain.conversations import ReplyJob
from domain.deliveries import Delivery, DeliveryStatus, Free, StatusUpdate, advance, expected
from domain.messages import MessageId
from domain.ports import QuarantineReason
from domain.replies import Failure, ReplyPurpose, ReplyState, SendOutcome, reply_id
from tests.builders import (
    ACME,
    GLOBEX,
    MONTH,
    NOON,
    UNDELIVERABLE,
    account_event,
    after,
    job,
    recording,
    reply,
    status,
)
from tests.contracts.recording import at_once
from tests.contracts.sending import NO_WORD, await_answer
from tests.contracts.world import World

WAMID = MessageId("wamid.out.1")


def tell(world: World, update: StatusUpdate) -> bool:
    known = world.deliveries.known(ACME, update.message_id)
    return world.deliveries.save(ACME, known, advance(known, update))


def tell_expected(world: World, update: StatusUpdate) -> None:
    """As the use case does: what is expected is tried before anything is read."""
    known = expected(update)
    if known is None or not world.deliveries.save(ACME, known, advance(known, update)):
        tell(world, update)


class DeliveryContract:
    """Of messages that are not ours: another software sends from the same number."""

    def test_of_a_message_nobody_told_of_nothing_is_known(self, world: World) -> None:
        assert world.deliveries.known(ACME, WAMID) == Delivery(WAMID)

    def test_what_was_told_is_known(self, world: World) -> None:
        assert tell(world, status("read"))
        assert world.deliveries.known(ACME, WAMID) == Delivery(WAMID, DeliveryStatus.READ)

    @pytest.mark.parametrize("order", list(itertools.permutations(["sent", "delivered", "read", "failed"])))
    def test_statuses_move_forward_in_whatever_order_they_come(self, world: World, order: tuple[str, ...]) -> None:
        for word in order:
            tell(world, status(word, failure=UNDELIVERABLE if word == "failed" else None))
        assert world.deliveries.known(ACME, WAMID) == Delivery(WAMID, DeliveryStatus.READ)

    def test_a_charged_message_is_metered_once(self, world: World) -> None:
        for word in ("sent", "delivered", "delivered", "read"):
            tell(world, status(word, billable_category="service"))
        assert world.look.usage(ACME, MONTH) == {"billable_service": 1}
        assert world.deliveries.known(ACME, WAMID).metered

    def test_it_is_metered_though_its_status_does_not_move(self, world: World) -> None:
        tell(world, status("read"))
        assert tell(world, status("delivered", billable_category="marketing"))
        assert world.look.usage(ACME, MONTH) == {"billable_marketing": 1}
        assert world.deliveries.known(ACME, WAMID) == Delivery(WAMID, DeliveryStatus.READ, metered=True)

    def test_a_word_that_nobody_knows_is_metered_all_the_same(self, world: World) -> None:
        assert tell(world, status("teleported", billable_category="utility"))
        assert world.deliveries.known(ACME, WAMID) == Delivery(WAMID, metered=True)
        assert world.look.usage(ACME, MONTH) == {"billable_utility": 1}

    def test_a_free_message_is_counted_once(self, world: World) -> None:
        for word in ("sent", "delivered", "delivered", "read"):
            tell(world, status(word, free_category="service"))
        assert world.look.usage(ACME, MONTH) == {"free_service": 1}
        known = world.deliveries.known(ACME, WAMID)
        assert (known.free, known.metered) == (Free(MONTH, "service"), False)

    def test_what_is_charged_after_all_is_free_no_longer(self, world: World) -> None:
        tell(world, status("sent", free_category="utility"))
        for _ in range(2):
            tell(world, status("delivered", billable_category="utility"))
            tell(world, status("read", free_category="utility"))
        assert world.look.usage(ACME, MONTH) == {"free_utility": 0, "billable_utility": 1}
        assert world.deliveries.known(ACME, WAMID) == Delivery(WAMID, DeliveryStatus.READ, metered=True)

    def test_of_two_workers_one_counts_what_is_free(self, world: World) -> None:
        known = world.deliveries.known(ACME, WAMID)
        unknown_word = advance(known, status("teleported", free_category="service"))
        saved = at_once([lambda: world.deliveries.save(ACME, known, unknown_word)] * 4)
        assert sorted(map(bool, saved)) == [False, False, False, True]
        assert world.look.usage(ACME, MONTH) == {"free_service": 1}

    def test_two_workers_that_know_the_same_do_not_both_save(self, world: World) -> None:
        known = world.deliveries.known(ACME, WAMID)
        progress = advance(known, status("sent", billable_category="service"))
        saved = at_once([lambda: world.deliveries.save(ACME, known, progress)] * 4)
        assert sorted(map(bool, saved)) == [False, False, False, True]
        assert world.look.usage(ACME, MONTH) == {"billable_service": 1}

    def test_what_others_changed_meanwhile_is_not_overwritten(self, world: World) -> None:
        known = world.deliveries.known(ACME, WAMID)
        tell(world, status("read"))
        before = world.look.everything()
        assert not world.deliveries.save(ACME, known, advance(known, status("sent")))
        assert world.look.everything() == before

    def test_another_tenant_knows_nothing_of_it(self, world: World) -> None:
        tell(world, status("read"))
        assert world.deliveries.known(GLOBEX, WAMID) == Delivery(WAMID)

    def test_callback_data_of_our_form_that_names_no_reply_is_only_kept(self, world: World) -> None:
        stranger = reply_id(job().customer_id, job().position, ReplyPurpose.ANSWER)
        assert tell(world, status("sent", reply_id=stranger, billable_category="service"))
        assert world.deliveries.known(ACME, WAMID) == Delivery(WAMID, DeliveryStatus.SENT, True, stranger)
        assert world.conversations.thread(ACME, job().customer_id) is None
        assert world.look.usage(ACME, MONTH) == {"billable_service": 1}

    def test_of_a_message_that_a_customer_sent_nothing_else_changes(self, world: World) -> None:
        of = recording()
        world.record(of)
        assert tell(world, status("read", of.message.message_id))
        assert not world.record(of).new
        assert world.deliveries.known(ACME, of.message.message_id).status is DeliveryStatus.READ

    def test_nor_when_the_status_came_first(self, world: World) -> None:
        of = recording()
        assert tell(world, status("read", of.message.message_id))
        assert world.record(of).new
        assert not world.record(of).new
        assert world.deliveries.known(ACME, of.message.message_id).status is DeliveryStatus.READ


class DeliveryOfReplyContract:
    def test_the_reply_shows_the_newest_word(self, world: World) -> None:
        of = _sent(world)
        for word, shown in (("sent", "sent"), ("read", "read"), ("delivered", "read")):
            tell(world, _about(of, word))
            assert world.reply(of).delivery == shown
        assert world.reply(of).state is ReplyState.SENT
        assert world.look.usage(ACME, MONTH)["replies"] == 1

    def test_failed_shows_metas_code_and_words(self, world: World) -> None:
        of = _sent(world)
        assert tell(world, _about(of, "failed", UNDELIVERABLE))
        stored = world.reply(of)
        assert (stored.state, stored.delivery, stored.failure) == (ReplyState.FAILED, "failed", UNDELIVERABLE)
        assert world.deliveries.known(ACME, WAMID).failure == UNDELIVERABLE

    def test_failed_frees_the_messages_that_it_answered(self, world: World) -> None:
        of = _sent(world)
        tell(world, _about(of, "failed", UNDELIVERABLE))
        assert [message.message_id for message in world.thread(of.customer_id).unanswered()] == [of.message_id]

    def test_what_was_delivered_after_all_did_not_fail(self, world: World) -> None:
        of = _sent(world)
        tell(world, _about(of, "failed", UNDELIVERABLE))
        tell(world, _about(of, "delivered"))
        stored = world.reply(of)
        assert (stored.state, stored.delivery, stored.failure) == (ReplyState.SENT, "delivered", None)
        assert world.thread(of.customer_id).unanswered() == ()

    def test_a_status_before_the_outcome_settles_the_reply(self, world: World) -> None:
        of = await_answer(world)
        world.ledger.claim(ACME, of, reply(of), "en")
        assert tell(world, _about(of, "delivered"))
        stored = world.reply(of)
        assert (stored.state, stored.message_id, stored.delivery) == (ReplyState.SENT, WAMID, "delivered")
        assert world.look.usage(ACME, MONTH)["replies"] == 1

    def test_a_second_status_does_not_count_it_again(self, world: World) -> None:
        of = await_answer(world)
        world.ledger.claim(ACME, of, reply(of), "en")
        for word in ("sent", "delivered", "read"):
            tell(world, _about(of, word))
        assert world.look.usage(ACME, MONTH)["replies"] == 1

    def test_a_status_settles_what_was_uncertain(self, world: World) -> None:
        of = await_answer(world)
        world.ledger.claim(ACME, of, reply(of), "en")
        world.ledger.settle(ACME, of, reply(of), SendOutcome(ReplyState.UNCERTAIN, failure=NO_WORD))
        tell(world, _about(of, "sent"))
        stored = world.reply(of)
        assert (stored.state, stored.message_id, stored.failure) == (ReplyState.SENT, WAMID, None)
        assert world.look.usage(ACME, MONTH)["replies"] == 1

    def test_failed_before_the_outcome_fails_the_reply(self, world: World) -> None:
        of = await_answer(world)
        world.ledger.claim(ACME, of, reply(of), "en")
        tell(world, _about(of, "failed", UNDELIVERABLE))
        world.ledger.settle(ACME, of, reply(of), SendOutcome(ReplyState.SENT, WAMID))
        stored = world.reply(of)
        assert (stored.state, stored.failure) == (ReplyState.FAILED, UNDELIVERABLE)
        assert "replies" not in world.look.usage(ACME, MONTH)

    def test_with_the_price_it_is_metered_and_counted(self, world: World) -> None:
        of = await_answer(world)
        world.ledger.claim(ACME, of, reply(of), "en")
        tell(world, status("sent", reply_id=reply(of).reply_id, billable_category="service"))
        usage = world.look.usage(ACME, MONTH)
        assert (usage["replies"], usage["billable_service"]) == (1, 1)

    def test_of_two_workers_at_once_one_settles_it(self, world: World) -> None:
        of = await_answer(world)
        world.ledger.claim(ACME, of, reply(of), "en")
        known = world.deliveries.known(ACME, WAMID)
        progress = advance(known, _about(of, "sent"))
        saved = at_once([lambda: world.deliveries.save(ACME, known, progress)] * 4)
        assert sorted(map(bool, saved)) == [False, False, False, True]
        assert world.look.usage(ACME, MONTH)["replies"] == 1


class ExpectedDeliveryContract:
    """What is told of a reply, where nobody reads first what is known of it."""

    @pytest.mark.parametrize("order", list(itertools.permutations(["sent", "delivered", "read"])))
    def test_in_whatever_order_and_twice_it_goes_forward_and_is_metered_once(
        self, world: World, order: tuple[str, ...]
    ) -> None:
        of = _sent(world)
        for word in (*order, *order):
            tell_expected(world, _priced(of, word))
            assert world.reply(of).state is ReplyState.SENT
        assert world.reply(of).delivery == "read"
        assert world.deliveries.known(ACME, WAMID).status is DeliveryStatus.READ
        assert _counted(world) == {"replies": 1, "billable_service": 1}

    @pytest.mark.parametrize("word", ["sent", "delivered", "read"])
    def test_what_nobody_settled_yet_is_settled_by_any(self, world: World, word: str) -> None:
        of = await_answer(world)
        world.ledger.claim(ACME, of, reply(of), "en")
        tell_expected(world, _about(of, word))
        world.ledger.settle(ACME, of, reply(of), SendOutcome(ReplyState.UNCERTAIN, failure=NO_WORD))
        stored = world.reply(of)
        assert (stored.state, stored.message_id, stored.delivery) == (ReplyState.SENT, WAMID, word)
        assert _counted(world) == {"replies": 1}

    def test_what_arrived_after_all_did_not_fail(self, world: World) -> None:
        of = _sent(world)
        for update in (_about(of, "failed", UNDELIVERABLE), _about(of, "delivered")):
            tell_expected(world, update)
        assert world.reply(of) == replace(
            world.reply(of), state=ReplyState.SENT, message_id=WAMID, delivery="delivered", failure=None
        )

    @pytest.mark.parametrize("word", ["delivered", "read"])
    def test_what_arrived_does_not_fail(self, world: World, word: str) -> None:
        of = _sent(world)
        tell_expected(world, _about(of, word))
        before = world.reply(of)
        tell_expected(world, _about(of, "failed", UNDELIVERABLE))
        assert world.reply(of) == before
        assert not [name for name in world.look.usage(ACME, MONTH) if name.startswith("failed")]

    def test_what_arrives_between_reading_and_writing_does_not_fail(self, world: World) -> None:
        of = _sent(world)
        known = world.deliveries.known(ACME, WAMID)
        tell_expected(world, _about(of, "read"))
        before = world.look.everything()
        assert not world.deliveries.save(ACME, known, advance(known, _about(of, "failed", UNDELIVERABLE)))
        assert world.look.everything() == before

    def test_a_word_that_comes_late_takes_nothing_back(self, world: World) -> None:
        of = _sent(world)
        for word in ("read", "delivered", "sent", "read"):
            tell_expected(world, _about(of, word))
            assert world.reply(of).delivery == "read"

    def test_a_price_that_comes_late_is_metered_and_takes_nothing_back(self, world: World) -> None:
        of = _sent(world)
        tell_expected(world, _about(of, "read"))
        for _ in range(2):
            tell_expected(world, _priced(of, "sent"))
        assert world.reply(of).delivery == "read"
        assert world.deliveries.known(ACME, WAMID) == Delivery(WAMID, DeliveryStatus.READ, True, reply(of).reply_id)
        assert _counted(world) == {"replies": 1, "billable_service": 1}

    def test_of_workers_at_once_one_meters(self, world: World) -> None:
        of = _sent(world)
        update = _priced(of, "sent")
        known = expected(update)
        assert known is not None
        saved = at_once([lambda: world.deliveries.save(ACME, known, advance(known, update))] * 4)
        assert sorted(map(bool, saved)) == [False, False, False, True]
        assert _counted(world) == {"replies": 1, "billable_service": 1}

    def test_of_a_second_message_under_the_same_name_the_reply_says_nothing(self, world: World) -> None:
        of = _sent(world)
        tell_expected(world, _about(of, "read"))
        other = MessageId("wamid.out.2")
        for word in ("delivered", "sent", "failed"):
            tell_expected(world, replace(_priced(of, word), message_id=other))
        stored = world.reply(of)
        assert (stored.message_id, stored.delivery, stored.state) == (WAMID, "read", ReplyState.SENT)
        assert world.deliveries.known(ACME, other).status is DeliveryStatus.DELIVERED
        assert _counted(world) == {"replies": 1, "billable_service": 1}

    def test_without_our_name_it_moves_a_reply_that_is_known(self, world: World) -> None:
        """As of what a person wrote from the phone app."""
        of = _sent(world)
        for word in ("delivered", "sent"):
            tell_expected(world, status(word, billable_category="service"))
        assert world.reply(of).delivery == "delivered"
        assert _counted(world) == {"replies": 1, "billable_service": 1}


def _sent(world: World) -> ReplyJob:
    of = await_answer(world)
    world.ledger.claim(ACME, of, reply(of), "en")
    world.ledger.settle(ACME, of, reply(of), SendOutcome(ReplyState.SENT, WAMID))
    return of


def _about(of: ReplyJob, word: str, failure: Failure | None = None) -> StatusUpdate:
    return status(word, reply_id=reply(of).reply_id, failure=failure)


def _priced(of: ReplyJob, word: str) -> StatusUpdate:
    """The price stands on sent and on delivered."""
    return status(word, reply_id=reply(of).reply_id, billable_category=None if word == "read" else "service")


def _counted(world: World) -> dict[str, int]:
    usage = world.look.usage(ACME, MONTH)
    return {name: usage[name] for name in ("replies", "billable_service") if name in usage}


class QuarantineContract:
    def test_the_same_update_is_kept_once(self, world: World) -> None:
        kept = ("nobody#wamid.1", QuarantineReason.UNKNOWN_NUMBER, {"id": "wamid.1"}, NOON)
        assert [world.quarantine.keep(*kept) for _ in range(3)] == [True, False, False]
        assert world.look.quarantined() == [("nobody#wamid.1", "unknown_number", NOON)]

    def test_the_newest_stands_first(self, world: World) -> None:
        for minutes in (2, 0, 1):
            at = after(minutes=minutes)
            world.quarantine.keep(f"update-{minutes}", QuarantineReason.SUSPENDED_TENANT, {}, at)
        assert [update_id for update_id, _, _ in world.look.quarantined()] == ["update-2", "update-1", "update-0"]

    def test_a_megabyte_of_nonsense_is_kept_too(self, world: World) -> None:
        world.quarantine.keep("big", QuarantineReason.MALFORMED, {"x": "ab" * 500_000, "y": "\ud83d"}, NOON)
        assert [update_id for update_id, _, _ in world.look.quarantined()] == ["big"]


class AccountEventsContract:
    def test_the_same_event_is_kept_once_and_with_its_tenant_alone(self, world: World) -> None:
        for event_id in ("event-1", "event-2", "event-1"):
            world.account_events.keep(ACME, account_event(event_id))
        assert world.look.account_events(ACME) == ["event-1", "event-2"]
        assert world.look.account_events(GLOBEX) == []
