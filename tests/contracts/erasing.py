"""Who is forgotten does not come back by what they said before, and is somebody new when they write again."""

from __future__ import annotations

from functools import partial

import pytest

from domain.conversations import Recorded
from domain.customer_data import Asked
from domain.customers import CustomerIdentity
from domain.erase_customer import Erasure
from domain.replies import ReplyState, SendOutcome
from domain.tombstones import Erased
from tests.builders import (
    ACME,
    ALICE,
    BOB,
    GLOBEX,
    MONTH,
    NAMELESS,
    after,
    echo,
    escalation,
    job,
    message,
    opt_out,
    recording,
    reply,
)
from tests.contracts.recording import at_once
from tests.contracts.world import World

HERS = ALICE.first_customer_id(ACME)
THEN = after(minutes=10)


def forgotten(world: World, identity: CustomerIdentity = ALICE) -> Erasure:
    subject = world.search.find(ACME, Asked(identity.key))
    erasure = world.erasures.begin(ACME, subject, "erasure-1", THEN)
    assert erasure is not None
    return erasure


class SearchContract:
    def test_by_phone_user_id_and_our_own_id_the_same_is_found(self, world: World) -> None:
        world.record(recording())
        found = [
            world.search.find(ACME, asked)
            for asked in (Asked("12025550143"), Asked("US.13491208655302741918"), Asked(customer_id=HERS))
        ]
        assert found[0].customer_ids == (HERS,)
        assert set(found[0].identities) == {"12025550143", "US.13491208655302741918"}
        assert found[0] == found[1] == found[2]

    def test_of_somebody_unknown_what_was_asked_for(self, world: World) -> None:
        assert world.search.find(ACME, Asked("12025550143")).identities == ("12025550143",)

    def test_of_another_tenants_customer_nothing(self, world: World) -> None:
        world.record(recording())
        found = world.search.find(GLOBEX, Asked(customer_id=HERS))
        assert found.identities == ()


class ForgottenContract:
    def test_there_is_no_customer_and_no_conversation(self, world: World) -> None:
        world.record(recording())
        assert forgotten(world).erased_at == THEN
        assert world.look.customer(ACME, ALICE) is None
        assert world.conversations.thread(ACME, HERS) is None
        assert world.overdue() == []

    @pytest.mark.parametrize("identity", [ALICE, NAMELESS], ids=["by phone", "by user id"])
    @pytest.mark.parametrize("minutes", [-60, 5, 10])
    def test_a_message_from_before_is_refused_and_counted_nowhere(
        self, world: World, identity: CustomerIdentity, minutes: int
    ) -> None:
        world.record(recording(message(sender=identity)))
        forgotten(world, identity)
        before = world.look.everything()
        late = message(message_id="wamid.late", sender=identity, at=after(minutes=minutes), received_at=after(hours=2))
        assert world.conversations.record(ACME, recording(late)) == Erased()
        assert world.look.everything() == before

    def test_a_message_from_afterwards_is_a_new_customers(self, world: World) -> None:
        world.record(recording())
        forgotten(world)
        recorded = world.record(recording(message(message_id="wamid.new", at=after(minutes=11))))
        assert recorded.new
        assert recorded.customer_id != HERS
        customer = world.look.customer(ACME, ALICE)
        assert customer is not None
        assert (customer.customer_id, customer.message_count) == (recorded.customer_id, 1)
        assert customer.first_interaction == after(minutes=11)
        entries = world.thread(recorded.customer_id).entries
        assert [getattr(entry, "message_id", None) for entry in entries] == ["wamid.new"]

    def test_and_so_is_the_next(self, world: World) -> None:
        world.record(recording())
        forgotten(world)
        first = world.record(recording(message(message_id="wamid.new", at=after(minutes=11))))
        second = world.record(recording(message(message_id="wamid.newer", at=after(minutes=12))))
        assert second.customer_id == first.customer_id
        assert world.look.usage(ACME, MONTH)["messages"] == 3

    def test_one_from_before_is_refused_when_they_have_come_back_too(self, world: World) -> None:
        world.record(recording())
        forgotten(world)
        world.record(recording(message(message_id="wamid.new", at=after(minutes=11))))
        before = world.look.everything()
        late = message(message_id="wamid.late", at=after(minutes=1), received_at=after(hours=2))
        assert world.conversations.record(ACME, recording(late)) == Erased()
        assert world.look.everything() == before

    def test_others_write_as_ever(self, world: World) -> None:
        world.record(recording())
        forgotten(world)
        assert world.record(recording(message(message_id="wamid.bob", sender=BOB))).new
        globex = recording(message(message_id="wamid.globex"), tenant_id=GLOBEX)
        assert world.record(globex, GLOBEX).customer_id == ALICE.first_customer_id(GLOBEX)

    def test_two_workers_agree_on_who_has_come_back(self, world: World) -> None:
        world.record(recording())
        forgotten(world)
        new = [recording(message(message_id=f"wamid.{n}", at=after(minutes=11, seconds=n))) for n in range(4)]
        at_once([partial(world.conversations.record, ACME, one) for one in new])
        customer = world.look.customer(ACME, ALICE)
        assert customer is not None
        assert customer.message_count == 4
        assert len(world.thread(customer.customer_id).entries) == 4

    def test_a_message_that_comes_meanwhile_goes_with_the_others_or_begins_anew(self, world: World) -> None:
        world.record(recording())
        new = recording(message(message_id="wamid.new", at=after(minutes=11)))
        subject = world.search.find(ACME, Asked(ALICE.key))
        results: list[object] = []
        erasures: list[Erasure | None] = []
        at_once(
            [
                lambda: erasures.append(world.erasures.begin(ACME, subject, "erasure-1", THEN)),
                lambda: results.append(world.conversations.record(ACME, new)),
            ]
        )
        [recorded], [erasure] = results, erasures
        customer = world.look.customer(ACME, ALICE)
        assert isinstance(recorded, Recorded)
        if erasure is None:  # what it had seen was no more: it looks again
            assert customer is not None
            assert customer.message_count == 2
        elif erasure.erased_at == THEN:
            assert customer is not None
            assert customer.customer_id == recorded.customer_id != HERS
        else:
            assert customer is None
            assert erasure.erased_at == after(minutes=11)

    def test_never_before_the_newest_message(self, world: World) -> None:
        world.record(recording(message(at=after(minutes=12))))
        assert forgotten(world).erased_at == after(minutes=12)


class ForgottenWorkContract:
    """What was going on in the moment of the erasure ends."""

    def test_no_reply_is_claimed(self, world: World) -> None:
        world.record(recording())
        forgotten(world)
        assert not world.ledger.claim(ACME, job(), reply(job()), "en")

    def test_nobody_takes_over_or_is_called(self, world: World) -> None:
        world.record(recording())
        forgotten(world)
        called = escalation(job())
        world.conversations.escalation_published(ACME, called)
        assert world.conversations.pending_escalation(ACME, HERS, called.position) is None
        assert world.conversations.thread(ACME, HERS) is None

    def test_what_was_published_meanwhile_leaves_no_row(self, world: World) -> None:
        before = world.look.everything()
        world.conversations.escalation_published(ACME, escalation(job()))
        assert world.look.everything() == before

    def test_an_echo_of_a_forgotten_customer_leaves_no_row(self, world: World) -> None:
        world.record(recording())
        forgotten(world)
        before = world.look.everything()
        world.ledger.note_person(ACME, HERS, echo())
        assert world.look.everything() == before

    def test_a_send_that_was_under_way_is_settled_in_its_row_alone(self, world: World) -> None:
        world.record(recording())
        world.ledger.claim(ACME, job(), reply(job()), "en")
        forgotten(world)
        world.ledger.settle(ACME, job(), reply(job()), SendOutcome(ReplyState.UNCERTAIN))
        assert world.conversations.thread(ACME, HERS) is None


class ForgottenOptOutContract:
    def test_a_stop_outlives_the_customer_without_its_cause(self, world: World) -> None:
        world.record(recording())
        world.opt_outs.keep(ACME, ALICE, opt_out(cause="wamid.stop"))
        forgotten(world)
        tombstone = world.tombstones.newest(ACME, ALICE.keys)
        assert tombstone is not None
        assert tombstone.opt_out is not None
        assert tombstone.opt_out.opted_out

    def test_and_holds_when_they_come_back(self, world: World) -> None:
        world.record(recording())
        world.opt_outs.keep(ACME, ALICE, opt_out())
        forgotten(world)
        world.record(recording(message(message_id="wamid.new", at=after(minutes=11))))
        known = world.look.opt_out(ACME, ALICE)
        assert known is not None
        assert known.opted_out

    def test_until_they_say_otherwise(self, world: World) -> None:
        world.record(recording())
        world.opt_outs.keep(ACME, ALICE, opt_out())
        forgotten(world)
        world.record(recording(message(message_id="wamid.new", at=after(minutes=11))))
        word = opt_out(False, since=after(minutes=12), cause="event-2")
        world.opt_outs.keep(ACME, ALICE, word)
        assert world.look.opt_out(ACME, ALICE) == word

    @pytest.mark.parametrize("back", [False, True])
    def test_a_word_from_before_is_not_kept_again(self, world: World, back: bool) -> None:
        world.record(recording())
        forgotten(world)
        if back:
            world.record(recording(message(message_id="wamid.new", at=after(minutes=11))))
        before = world.look.everything()
        world.opt_outs.keep(ACME, ALICE, opt_out(since=after(minutes=5)))
        assert world.look.everything() == before

    def test_a_word_from_afterwards_is_a_strangers(self, world: World) -> None:
        world.record(recording())
        forgotten(world)
        word = opt_out(since=after(minutes=11), cause="event-2")
        world.opt_outs.keep(ACME, ALICE, word)
        recorded = world.record(recording(message(message_id="wamid.new", at=after(minutes=12))))
        assert world.look.opt_out(ACME, ALICE) == word
        assert world.look.opt_outs(ACME, recorded.customer_id) == [word]


class UnfinishedContract:
    @pytest.mark.parametrize("asked", [Asked(ALICE.key), Asked(ALICE.user_id or ""), Asked(customer_id=HERS)])
    def test_it_is_found_by_any_name_until_it_is_finished(self, world: World, asked: Asked) -> None:
        world.record(recording())
        assert world.erasures.unfinished(ACME, asked) is None
        begun = forgotten(world)
        found = world.erasures.unfinished(ACME, asked)
        assert found == begun
        assert found is not None
        world.erasures.finish(ACME, found)
        assert world.erasures.unfinished(ACME, asked) is None

    def test_the_tombstone_stays(self, world: World) -> None:
        world.record(recording())
        begun = forgotten(world)
        world.erasures.finish(ACME, begun)
        tombstone = world.tombstones.newest(ACME, ALICE.keys)
        assert tombstone is not None
        assert (tombstone.erased_at, tombstone.unfinished) == (THEN, None)
        assert world.tombstones.newest(GLOBEX, ALICE.keys) is None
        assert world.tombstones.newest(ACME, BOB.keys) is None

    def test_finished_twice_or_overtaken_by_another_it_takes_nothing_of_that_away(self, world: World) -> None:
        world.record(recording())
        first = forgotten(world)
        subject = world.search.find(ACME, Asked(ALICE.key))
        second = world.erasures.begin(ACME, subject, "erasure-2", after(minutes=20))
        assert second is not None
        world.erasures.finish(ACME, first)
        world.erasures.finish(ACME, first)
        tombstone = world.tombstones.newest(ACME, (ALICE.key,))
        assert tombstone is not None
        assert tombstone.erased_at == after(minutes=20)
        assert tombstone.unfinished is not None

    def test_of_somebody_unknown_too(self, world: World) -> None:
        forgotten(world)
        assert world.conversations.record(ACME, recording()) == Erased()

    def test_again_of_who_has_come_back(self, world: World) -> None:
        world.record(recording())
        world.erasures.finish(ACME, forgotten(world))
        world.record(recording(message(message_id="wamid.new", at=after(minutes=11))))
        subject = world.search.find(ACME, Asked(ALICE.key))
        again = world.erasures.begin(ACME, subject, "erasure-2", after(minutes=20))
        assert again is not None
        assert world.look.customer(ACME, ALICE) is None
        late = message(message_id="wamid.late", at=after(minutes=15))
        assert world.conversations.record(ACME, recording(late)) == Erased()
