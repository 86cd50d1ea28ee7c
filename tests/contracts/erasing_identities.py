"""Customers of several identities are forgotten under each of them, and none of these brings them back."""

from __future__ import annotations

from datetime import datetime

import pytest

from domain.conversations import Recorded
from domain.customer_data import Asked, Subject
from domain.customers import CustomerIdentity
from domain.erase_customer import Erasure
from domain.opt_out import Category, may_send
from domain.tombstones import Erased
from tests.builders import ACME, after, echo, opt_out
from tests.contracts.identifying import (
    BOTH,
    BY_PHONE,
    BY_USER_ID,
    FORMS,
    NEW_PHONE,
    PHONE,
    USER_ID,
    customer,
    moved,
    split,
    tie,
    two_customers,
    united,
    words,
    written,
)
from tests.contracts.world import World

THEN = after(minutes=10)
ANOTHER = CustomerIdentity(phone=NEW_PHONE)
BESIDE = CustomerIdentity(phone=NEW_PHONE, user_id=USER_ID)


def found(world: World, asked: Asked) -> Subject:
    return world.search.find(ACME, asked)


def forgotten(world: World, asked: Asked | None = None, at: datetime = THEN) -> Erasure:
    erasure = world.erasures.begin(ACME, found(world, asked or Asked(PHONE)), "erasure-1", at)
    assert erasure is not None
    return erasure


def refused(world: World, n: int, sender: CustomerIdentity) -> bool:
    """The n-th message of the day is refused, and leaves nothing."""
    before = world.look.everything()
    return world.conversations.record(ACME, written(n, sender)) == Erased() and world.look.everything() == before


class ErasedIdentitiesContract:
    """A message that makes an erased identity known, beside others or alone."""

    def test_beside_a_known_customer_one_from_before_is_refused_whole(self, world: World) -> None:
        world.record(written(0, BY_USER_ID))
        forgotten(world, Asked(USER_ID))
        world.record(written(20, ANOTHER))
        assert refused(world, 5, BESIDE)
        assert world.record(written(21, ANOTHER)).new

    def test_one_from_afterwards_links_and_what_came_before_stays_refused(self, world: World) -> None:
        world.record(written(0, BY_USER_ID))
        forgotten(world, Asked(USER_ID))
        known = world.record(written(20, ANOTHER)).customer_id
        assert world.record(written(21, BESIDE)).customer_id == known
        assert customer(world, BY_USER_ID).erased_at == THEN
        for sender in (BESIDE, BY_USER_ID, ANOTHER):
            assert refused(world, 5, sender)
        assert words(world, known) == ["line 20", "line 21"]

    def test_the_newest_erasure_of_two_identities_holds(self, world: World) -> None:
        forgotten(world, Asked(PHONE), THEN)
        forgotten(world, Asked(USER_ID), after(minutes=30))
        world.record(written(20, BY_PHONE))
        assert refused(world, 25, BOTH)
        world.record(written(40, BOTH))
        assert customer(world).erased_at == after(minutes=30)

    @pytest.mark.parametrize("sender", FORMS)
    def test_under_each_name_they_come_back_as_somebody_new(self, world: World, sender: CustomerIdentity) -> None:
        old = world.record(written(0, BOTH)).customer_id
        forgotten(world)
        new = world.record(written(20, sender)).customer_id
        assert new != old
        assert united(world, written(21, BOTH)).customer_id == new
        assert customer(world).message_count == 2
        assert all(refused(world, 5, form) for form in FORMS)

    def test_a_notice_from_before_moves_nobody_to_an_erased_number(self, world: World) -> None:
        forgotten(world, Asked(NEW_PHONE))
        world.record(written(0, BY_PHONE))
        before = world.look.everything()
        late = moved(1, BY_PHONE, after(minutes=5), wa_id=NEW_PHONE)
        assert world.conversations.record(ACME, late) == Erased()
        assert world.look.everything() == before
        united(world, moved(2, BY_PHONE, after(minutes=15), wa_id=NEW_PHONE))
        assert customer(world, BY_PHONE).identity.phone == NEW_PHONE
        assert customer(world, BY_PHONE).erased_at == THEN

    def test_a_stop_that_was_kept_is_the_known_customers_too(self, world: World) -> None:
        world.opt_outs.keep(ACME, BY_USER_ID, opt_out())
        forgotten(world, Asked(USER_ID))
        world.record(written(20, ANOTHER))
        world.record(written(21, BESIDE))
        assert not may_send(Category.MARKETING, world.opt_outs.current(ACME, BESIDE))

    def test_unless_they_have_said_otherwise_since(self, world: World) -> None:
        world.opt_outs.keep(ACME, BY_USER_ID, opt_out())
        forgotten(world, Asked(USER_ID))
        world.record(written(20, ANOTHER))
        resumed = opt_out(False, since=after(minutes=22), cause="event-2")
        world.opt_outs.keep(ACME, ANOTHER, resumed)
        world.record(written(23, BESIDE))
        assert world.opt_outs.current(ACME, BESIDE) == resumed


class ErasedOptOutContract:
    """Of who has not come back there is no row to ask."""

    @pytest.mark.parametrize("identity", FORMS)
    def test_no_offer_goes_to_who_was_erased(self, world: World, identity: CustomerIdentity) -> None:
        world.record(written(0, BOTH))
        world.opt_outs.keep(ACME, BOTH, opt_out())
        forgotten(world)
        assert not may_send(Category.MARKETING, world.opt_outs.current(ACME, identity))

    def test_who_said_nothing_of_offers_is_as_any_stranger(self, world: World) -> None:
        world.record(written(0, BOTH))
        forgotten(world)
        assert world.opt_outs.current(ACME, BOTH) is None

    def test_a_newer_word_of_theirs_holds(self, world: World) -> None:
        world.record(written(0, BOTH))
        world.opt_outs.keep(ACME, BOTH, opt_out())
        forgotten(world)
        resumed = opt_out(False, since=after(minutes=20), cause="event-2")
        world.opt_outs.keep(ACME, BOTH, resumed)
        assert world.opt_outs.current(ACME, BOTH) == resumed

    @pytest.mark.parametrize("minutes", [5, 20])
    def test_a_word_under_two_names_is_of_one_person(self, world: World, minutes: int) -> None:
        forgotten(world, Asked(USER_ID))
        word = opt_out(since=after(minutes=minutes))
        before = world.look.everything()
        world.opt_outs.keep(ACME, BOTH, word)
        assert (world.look.everything() == before) is (minutes == 5)


class ErasedMergeContract:
    """Of customers who were merged, or split again."""

    def test_by_every_name_and_id_the_same_is_found(self, world: World) -> None:
        first, second = two_customers(world)
        tie(world)
        asked = (Asked(PHONE), Asked(USER_ID), Asked(customer_id=first), Asked(customer_id=second))
        subjects = [found(world, one) for one in asked]
        assert all(subject == subjects[0] for subject in subjects)
        assert set(subjects[0].customer_ids) == {first, second}
        assert set(subjects[0].identities) == {PHONE, USER_ID}

    @pytest.mark.parametrize("former", [True, False])
    def test_both_are_forgotten_whichever_was_asked_for(self, world: World, former: bool) -> None:
        first, second = two_customers(world)
        tie(world)
        forgotten(world, Asked(customer_id=second if former else first))
        assert world.conversations.thread(ACME, first) is None
        assert world.conversations.thread(ACME, second) is None
        assert all(world.look.customer(ACME, form) is None for form in FORMS)
        assert world.overdue() == []
        assert all(refused(world, 5, form) for form in FORMS)
        before = world.look.everything()
        world.ledger.note_person(ACME, second, echo())
        assert world.look.everything() == before

    def test_the_newest_erasure_is_kept_and_a_split_gives_each_their_own(self, world: World) -> None:
        forgotten(world, Asked(USER_ID))
        world.record(written(20, BY_PHONE))
        former = world.record(written(21, BY_USER_ID)).customer_id
        assert (customer(world, BY_PHONE).erased_at, customer(world, BY_USER_ID).erased_at) == (None, THEN)
        tie(world)
        assert customer(world, BY_PHONE).erased_at == THEN
        assert refused(world, 5, BY_PHONE)
        assert split(world, former)
        assert (customer(world, BY_PHONE).erased_at, customer(world, BY_USER_ID).erased_at) == (None, THEN)
        assert isinstance(world.conversations.record(ACME, written(5, BY_PHONE)), Recorded)
        assert refused(world, 6, BY_USER_ID)

    def test_whoever_was_split_off_is_forgotten_alone(self, world: World) -> None:
        first, second = two_customers(world)
        tie(world)
        world.record(written(3, BY_USER_ID))  # stays with the survivor
        assert split(world, second)
        subject = found(world, Asked(USER_ID))
        assert (subject.customer_ids, subject.identities, subject.apart_from) == ((second,), (USER_ID,), (first,))
        assert found(world, Asked(PHONE)).customer_ids == (first,)
        erasure = forgotten(world, Asked(USER_ID))
        assert world.erasures.unfinished(ACME, Asked(USER_ID)) == erasure
        assert world.look.customer(ACME, BY_PHONE) is not None
        assert refused(world, 5, BY_USER_ID)
