"""One customer under several identities: linked, moved, merged, split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import permutations, product

import pytest

from domain import messages as m
from domain.conversations import (
    Conversation,
    Owner,
    Recorded,
    RecordedBecause,
    Recording,
    ReplyJob,
    ThreadMessage,
    TwoCustomers,
)
from domain.customers import Customer, CustomerId, CustomerIdentity
from domain.deliveries import advance
from domain.due import DueKind
from domain.escalations import EscalationReason
from domain.merging import merge_of, split_of, still_awaited
from domain.messages import MessageId
from domain.opt_out import OptOut
from domain.ownership import Change
from domain.replies import ReplyPurpose, ReplyState, SendOutcome
from domain.waiting import WaitingStep
from tests.builders import (
    ACME,
    BOB,
    GLOBEX,
    MONTH,
    NOON,
    PERSON_REQUESTED,
    after,
    echo,
    job,
    message,
    opt_out,
    owner_change,
    recording,
    reply,
    status,
)
from tests.contracts.recording import KEPT, at_once
from tests.contracts.world import World

PHONE, USER_ID = "12025550143", "US.13491208655302741918"
NEW_PHONE, NEW_USER_ID = "12025550188", "US.70000000000000000001"
BY_PHONE = CustomerIdentity(phone=PHONE)
BY_USER_ID = CustomerIdentity(user_id=USER_ID)
BOTH = CustomerIdentity(phone=PHONE, user_id=USER_ID)
FORMS = (BY_PHONE, BY_USER_ID, BOTH)
OWNERS = tuple(Owner)


def _named(forms: Sequence[CustomerIdentity]) -> str:
    return ", ".join({BY_PHONE: "phone", BY_USER_ID: "user id", BOTH: "both"}[form] for form in forms)


def written(n: int, sender: CustomerIdentity, *, tenant_id: str = ACME, words: str | None = None) -> Recording:
    """The n-th message of the day, a minute after the one before."""
    text = words or f"line {n}"
    return recording(message(text, f"wamid.{n}", at=after(minutes=n), sender=sender), tenant_id=type(ACME)(tenant_id))


def united(world: World, of: Recording, tenant_id: str = ACME) -> Recorded:
    """As `receive` does it."""
    for _ in range(8):
        result = world.conversations.record(type(ACME)(tenant_id), of)
        if isinstance(result, Recorded):
            return result
        assert isinstance(result, TwoCustomers)
        merged(world, result, of.message.message_id)
    raise AssertionError("never recorded")


def merged(world: World, two: TwoCustomers, cause: str = "wamid.tie", at: datetime = NOON) -> bool:
    one, other = (world.identities.party(ACME, key) for key in two.keys)
    if one is None or other is None or one.customer.customer_id == other.customer.customer_id:
        return False
    return world.identities.merge(ACME, merge_of(one, other, cause, at))


def customer(world: World, identity: CustomerIdentity = BOTH) -> Customer:
    found = world.look.customer(ACME, identity)
    assert found is not None
    return found


def words(world: World, customer_id: CustomerId) -> list[str]:
    entries = world.thread(customer_id).entries
    return [entry.words for entry in entries if isinstance(entry, ThreadMessage)]


def two_customers(world: World) -> tuple[CustomerId, CustomerId]:
    """Who was here first, and who turns out to be the same. Each has written one message."""
    first = world.record(written(1, BY_PHONE)).customer_id
    second = world.record(written(2, BY_USER_ID)).customer_id
    assert first != second
    return first, second


def tie(world: World) -> None:
    assert merged(world, TwoCustomers((PHONE, USER_ID)))


def split(world: World, former: CustomerId, at: datetime | None = None) -> bool:
    merge = world.identities.splittable(ACME, former)
    assert merge is not None
    unanswered = still_awaited(merge, world.thread(merge.survivor.customer.customer_id))
    return world.identities.split(ACME, split_of(merge, unanswered, "ana", at or after(hours=2)))


def moved(n: int, sender: CustomerIdentity, at: datetime, **system: str) -> Recording:
    notice = m.System(system.pop("type", "user_changed_number"), **system)
    return recording(message(notice, f"wamid.notice.{n}", at=at, sender=sender), KEPT)


class LinkContract:
    @pytest.mark.parametrize("order", list(permutations(FORMS)), ids=_named)
    def test_in_whatever_order_they_come_it_is_one_customer_with_one_conversation(
        self, world: World, order: Sequence[CustomerIdentity]
    ) -> None:
        for n, sender in enumerate(order):
            united(world, written(n, sender))
        assert world.look.customers(ACME) == 1
        found = {world.customers.find(ACME, form) for form in FORMS}
        assert len(found) == 1
        one = customer(world, BY_USER_ID)
        assert found == {one.customer_id}
        assert (one.identity.phone, one.identity.user_id, one.message_count) == (PHONE, USER_ID, 3)
        assert words(world, one.customer_id) == ["line 0", "line 1", "line 2"]
        assert [each.message_id for each in world.thread(one.customer_id).unanswered()] == [
            "wamid.0",
            "wamid.1",
            "wamid.2",
        ]
        assert world.conversation(one.customer_id).recipient == BOTH
        assert world.look.usage(ACME, MONTH) == {"messages": 3, "messages_text": 3, "customers": 1}

    @pytest.mark.parametrize("order", list(permutations(FORMS)), ids=_named)
    def test_messages_that_come_in_no_order_of_time_end_the_same(
        self, world: World, order: Sequence[CustomerIdentity]
    ) -> None:
        for n, sender in zip((2, 0, 1), order, strict=True):
            united(world, written(n, sender))
        assert world.look.customers(ACME) == 1
        one = customer(world)
        assert words(world, one.customer_id) == ["line 0", "line 1", "line 2"]
        assert (one.first_interaction, one.last_interaction) == (NOON, after(minutes=2))

    def test_who_is_known_by_both_keeps_the_first_identity_as_the_place(self, world: World) -> None:
        world.record(written(0, BY_USER_ID))
        world.record(written(1, BOTH))
        one = customer(world)
        assert (one.key, set(one.aliases)) == (USER_ID, {PHONE})
        assert one.customer_id == BY_USER_ID.first_customer_id(ACME)

    def test_the_same_message_again_changes_nothing(self, world: World) -> None:
        world.record(written(0, BY_USER_ID))
        world.record(written(1, BOTH))
        before = world.look.everything()
        assert not world.record(written(1, BOTH)).new
        assert not world.record(written(0, BY_USER_ID)).new
        assert world.look.everything() == before

    def test_an_older_message_does_not_take_an_identity_back(self, world: World) -> None:
        world.record(written(5, BOTH))
        world.record(written(1, CustomerIdentity(phone="12025550155", user_id=USER_ID)))
        assert customer(world).identity.phone == PHONE
        assert world.look.customers(ACME) == 1

    def test_from_many_threads_at_once_it_is_one_customer(self, world: World) -> None:
        several = [written(n, FORMS[n % 3]) for n in range(9)]
        at_once([partial(united, world, of) for of in several])
        assert world.look.customers(ACME) == 1
        one = customer(world)
        assert one.message_count == 9
        assert len(words(world, one.customer_id)) == 9
        assert world.look.usage(ACME, MONTH) == {"messages": 9, "messages_text": 9, "customers": 1}

    def test_two_tenants_with_the_same_ids_stay_apart(self, world: World) -> None:
        theirs = united(world, written(0, BY_USER_ID, tenant_id=GLOBEX), GLOBEX)
        ours = united(world, written(0, BOTH))
        assert theirs.customer_id != ours.customer_id
        assert world.customers.find(GLOBEX, BY_PHONE) is None
        assert world.customers.find(GLOBEX, BOTH) == theirs.customer_id
        assert (world.look.customers(ACME), world.look.customers(GLOBEX)) == (1, 1)

    def test_other_customers_are_left_alone(self, world: World) -> None:
        bob = world.record(written(0, BOB)).customer_id
        united(world, written(1, BY_PHONE))
        united(world, written(2, BOTH))
        assert world.customers.find(ACME, BOB) == bob
        assert world.look.customers(ACME) == 2

    def test_what_nobody_is_known_by_finds_nobody(self, world: World) -> None:
        world.record(written(0, BY_PHONE))
        assert world.customers.find(ACME, BY_USER_ID) is None
        assert world.customers.find(ACME, BOTH) == BY_PHONE.first_customer_id(ACME)
        assert world.identities.party(ACME, USER_ID) is None


class LinkedOptOutContract:
    @pytest.mark.parametrize("identity", FORMS, ids=["phone", "user id", "both"])
    def test_a_word_on_offers_of_any_identity_is_the_customers(self, world: World, identity: CustomerIdentity) -> None:
        one = united(world, written(0, BOTH)).customer_id
        world.opt_outs.keep(ACME, identity, opt_out())
        assert all(world.look.opt_out(ACME, form) == opt_out() for form in FORMS)
        assert all(world.opt_outs.current(ACME, form) == opt_out() for form in FORMS)
        assert world.look.opt_outs(ACME, one) == [opt_out()]

    @pytest.mark.parametrize("first", [BY_PHONE, BY_USER_ID], ids=["phone", "user id"])
    def test_what_was_kept_before_anybody_wrote_is_theirs_once_they_are_known(
        self, world: World, first: CustomerIdentity
    ) -> None:
        other = BY_USER_ID if first is BY_PHONE else BY_PHONE
        world.opt_outs.keep(ACME, other, opt_out())
        united(world, written(0, first))
        one = united(world, written(1, BOTH)).customer_id
        assert world.look.customers(ACME) == 1
        assert all(world.look.opt_out(ACME, form) == opt_out() for form in FORMS)
        assert world.look.opt_outs(ACME, one) == [opt_out()]

    def test_of_somebody_who_never_wrote_it_is_kept_under_each_name(self, world: World) -> None:
        world.opt_outs.keep(ACME, BOTH, opt_out())
        united(world, written(0, BY_USER_ID))
        assert world.look.opt_out(ACME, BY_USER_ID) == opt_out()
        united(world, written(1, BOTH))
        assert world.look.opt_out(ACME, BOTH) == opt_out()
        assert world.look.customers(ACME) == 1

    @pytest.mark.parametrize(("mine", "theirs"), [(0, 1), (1, 0)])
    def test_of_two_the_newer_word_holds(self, world: World, mine: int, theirs: int) -> None:
        world.record(written(0, BY_PHONE))
        told: list[OptOut] = [opt_out(), opt_out(False, since=after(hours=1), cause="event-2")]
        world.opt_outs.keep(ACME, BY_PHONE, told[mine])
        world.opt_outs.keep(ACME, BY_USER_ID, told[theirs])
        united(world, written(1, BOTH))
        assert world.look.opt_out(ACME, BOTH) == told[1]
        united(world, written(2, BOTH))
        assert world.look.opt_out(ACME, BY_USER_ID) == told[1]


class MoveContract:
    def test_a_new_number_is_the_one_to_write_to(self, world: World) -> None:
        one = united(world, written(0, BY_PHONE)).customer_id
        united(world, moved(1, BY_PHONE, after(minutes=1), wa_id=NEW_PHONE))
        assert customer(world, BY_PHONE).identity.phone == NEW_PHONE
        assert world.conversation(one).recipient.phone == NEW_PHONE
        assert world.customers.find(ACME, CustomerIdentity(phone=NEW_PHONE)) == one
        united(world, written(2, CustomerIdentity(phone=NEW_PHONE, user_id=NEW_USER_ID)))
        assert world.look.customers(ACME) == 1
        assert words(world, one) == ["line 0", "", "line 2"]

    def test_with_it_comes_a_new_user_id(self, world: World) -> None:
        one = united(world, written(0, BOTH)).customer_id
        ids = {"user_id": NEW_USER_ID, "previous_user_id": USER_ID}
        united(world, moved(1, BY_PHONE, after(minutes=1), wa_id=NEW_PHONE, **ids))
        assert world.conversation(one).recipient == CustomerIdentity(NEW_PHONE, NEW_USER_ID)
        for key in (PHONE, NEW_PHONE, USER_ID, NEW_USER_ID):
            party = world.identities.party(ACME, key)
            assert party is not None
            assert party.customer.customer_id == one

    def test_a_new_user_id_without_a_number_leaves_no_number_to_write_to(self, world: World) -> None:
        one = united(world, written(0, BOTH)).customer_id
        sender = CustomerIdentity(user_id=NEW_USER_ID)
        ids = {"user_id": NEW_USER_ID, "previous_user_id": USER_ID}
        united(world, moved(1, sender, after(minutes=1), type="user_changed_user_id", **ids))
        assert world.conversation(one).recipient == CustomerIdentity(user_id=NEW_USER_ID)
        assert customer(world, BY_PHONE).identity == CustomerIdentity(user_id=NEW_USER_ID)
        united(world, written(0, BY_PHONE, words="late"))
        assert world.conversation(one).recipient == CustomerIdentity(user_id=NEW_USER_ID)

    def test_the_notice_stands_in_the_conversation_and_awaits_nothing(self, world: World) -> None:
        one = united(world, moved(1, BY_PHONE, NOON, wa_id=NEW_PHONE)).customer_id
        entries = world.thread(one).entries
        assert [entry.type for entry in entries if isinstance(entry, ThreadMessage)] == ["system"]
        assert world.conversation(one).awaiting is None
        assert world.conversation(one).recipient.phone == NEW_PHONE

    def test_an_older_message_from_the_old_number_moves_nothing_back(self, world: World) -> None:
        one = united(world, written(0, BY_PHONE)).customer_id
        united(world, moved(1, BY_PHONE, after(minutes=9), wa_id=NEW_PHONE))
        united(world, written(5, BY_PHONE))
        united(world, written(9, BY_PHONE))
        assert world.conversation(one).recipient.phone == NEW_PHONE
        assert world.look.customers(ACME) == 1

    @pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
    def test_of_several_changes_the_newest_holds_in_whatever_order_they_come(
        self, world: World, order: Sequence[int]
    ) -> None:
        phones = [PHONE, "12025550181", "12025550182", "12025550183"]
        united(world, written(0, BY_PHONE))
        for n in (*order, *order):
            sender = CustomerIdentity(phone=phones[n])
            united(world, moved(n, sender, after(minutes=n + 1), wa_id=phones[n + 1]))
        one = customer(world, BY_PHONE)
        assert world.look.customers(ACME) == 1
        assert one.identity.phone == phones[3]
        assert world.conversation(one.customer_id).recipient.phone == phones[3]
        assert {world.customers.find(ACME, CustomerIdentity(phone=phone)) for phone in phones} == {one.customer_id}

    def test_who_moves_back_is_back(self, world: World) -> None:
        one = united(world, written(0, BY_PHONE)).customer_id
        united(world, moved(1, BY_PHONE, after(minutes=1), wa_id=NEW_PHONE))
        united(world, moved(2, CustomerIdentity(phone=NEW_PHONE), after(minutes=2), wa_id=PHONE))
        united(world, moved(3, BY_PHONE, after(seconds=30), wa_id=NEW_PHONE))
        assert world.conversation(one).recipient.phone == PHONE
        assert world.look.customers(ACME) == 1

    def test_a_number_that_is_a_customer_already_is_merged(self, world: World) -> None:
        first = united(world, written(0, BY_PHONE)).customer_id
        second = united(world, written(1, CustomerIdentity(phone=NEW_PHONE))).customer_id
        united(world, moved(2, BY_PHONE, after(minutes=2), wa_id=NEW_PHONE))
        assert world.look.customers(ACME) == 1
        assert world.thread(second) == world.thread(first)
        assert world.conversation(first).recipient.phone == NEW_PHONE

    def test_whoever_gets_the_old_number_later_is_somebody_else(self, world: World) -> None:
        one = united(world, written(0, BOTH)).customer_id
        ids = {"user_id": NEW_USER_ID, "previous_user_id": USER_ID}
        united(world, moved(1, BY_PHONE, after(minutes=1), wa_id=NEW_PHONE, **ids))
        stranger = CustomerIdentity(phone=PHONE, user_id="US.555")
        for n in (2, 3):
            other = united(world, written(n, stranger))
            assert other.customer_id != one
        assert world.look.customers(ACME) == 2
        assert world.conversation(other.customer_id).recipient == stranger
        assert world.conversation(one).recipient == CustomerIdentity(NEW_PHONE, NEW_USER_ID)
        assert words(world, one) == ["line 0", ""]

    def test_a_security_code_is_no_identity(self, world: World) -> None:
        united(world, written(0, BY_PHONE))
        united(world, moved(1, BY_PHONE, after(minutes=1), type="customer_identity_changed", wa_id=NEW_PHONE))
        assert customer(world, BY_PHONE).identity.phone == PHONE
        assert world.customers.find(ACME, CustomerIdentity(phone=NEW_PHONE)) is None


def give(world: World, customer_id: CustomerId, owner: Owner, name: str) -> None:
    """A person takes the conversation, or is called by a message."""
    of = world.conversation(customer_id)
    if owner is Owner.PERSON:
        change = owner_change(of, by=name, person=name)
        assert world.conversations.change_owner(ACME, change, of)
        world.conversations.owner_change_published(ACME, change)
    elif owner is Owner.WAITING:
        sender = BY_PHONE if customer_id == BY_PHONE.first_customer_id(ACME) else BY_USER_ID
        called = message(f"person for {name}", f"wamid.{name}", at=after(minutes=3), sender=sender)
        world.record(recording(called, PERSON_REQUESTED))


class MergeContract:
    def test_a_message_that_names_both_tells_that_they_are_one_and_writes_nothing(self, world: World) -> None:
        two_customers(world)
        before = world.look.everything()
        result = world.conversations.record(ACME, written(3, BOTH))
        assert isinstance(result, TwoCustomers)
        assert set(result.keys) == {PHONE, USER_ID}
        assert world.look.everything() == before

    def test_who_was_here_first_survives_with_the_sums(self, world: World) -> None:
        first, second = two_customers(world)
        tie(world)
        one = customer(world, BY_USER_ID)
        assert one == customer(world, BY_PHONE)
        assert (one.customer_id, one.message_count) == (first, 2)
        assert (one.first_interaction, one.last_interaction) == (after(minutes=1), after(minutes=2))
        assert one.former_customer_ids == {second}
        assert one.aliases == {USER_ID}
        assert world.look.customers(ACME) == 1

    def test_the_month_counts_one_customer(self, world: World) -> None:
        two_customers(world)
        assert world.look.usage(ACME, MONTH)["customers"] == 2
        tie(world)
        assert world.look.usage(ACME, MONTH) == {"messages": 2, "messages_text": 2, "customers": 1}

    def test_a_month_that_is_billed_stays_as_it_is(self, world: World) -> None:
        two_customers(world)
        assert merged(world, TwoCustomers((PHONE, USER_ID)), at=datetime(2026, 12, 20, tzinfo=NOON.tzinfo))
        assert world.look.usage(ACME, MONTH)["customers"] == 2

    def test_both_threads_are_one(self, world: World) -> None:
        first, second = two_customers(world)
        tie(world)
        assert words(world, first) == ["line 1", "line 2"]
        assert world.thread(second) == world.thread(first)
        assert world.conversation(second).customer_id == first

    def test_others_than_the_merged_find_nothing_of_it(self, world: World) -> None:
        first, second = two_customers(world)
        tie(world)
        assert world.conversations.thread(GLOBEX, first) is None
        assert world.conversations.thread(GLOBEX, second) is None

    @pytest.mark.parametrize(("mine", "theirs"), list(product(OWNERS, OWNERS)), ids=str)
    def test_the_stronger_owner_keeps_it(self, world: World, mine: Owner, theirs: Owner) -> None:
        first, second = two_customers(world)
        give(world, first, mine, "ana")
        give(world, second, theirs, "ben")
        before, other = world.conversation(first), world.conversation(second)
        tie(world)
        now = world.conversation(first)
        rank = list(OWNERS).index
        stronger = other if rank(theirs) > rank(mine) else before
        assert (now.owner, now.person, now.handover) == (stronger.owner, stronger.person, stronger.handover)
        assert world.look.inbox(ACME, first) is stronger.owner
        assert now.version > max(before.version, other.version)
        told = [item for item in world.overdue() if item.kind is DueKind.OWNER_CHANGE]
        if stronger is before:
            assert told == []
        else:
            [item] = told
            change = world.due.owner_change(ACME, item)
            assert change is not None
            assert (change.customer_id, change.owner, change.person) == (first, theirs, other.person)

    @pytest.mark.parametrize(("mine", "theirs"), list(product(OWNERS, OWNERS)), ids=str)
    def test_nothing_that_is_awaited_is_lost(self, world: World, mine: Owner, theirs: Owner) -> None:
        first, second = two_customers(world)
        give(world, first, mine, "ana")
        give(world, second, theirs, "ben")
        world.record(written(5, BY_PHONE))
        world.record(written(6, BY_USER_ID))
        tie(world)
        now = world.conversation(first)
        assert now.awaiting == "wamid.6"
        assert DueKind.CONVERSATION in {item.kind for item in world.overdue()}
        assert {item.customer_id for item in world.overdue() if item.kind is DueKind.CONVERSATION} == {first}
        unanswered = {each.message_id for each in world.thread(first).unanswered()}
        assert {"wamid.5", "wamid.6"} <= unanswered

    @pytest.mark.parametrize("side", [BY_PHONE, BY_USER_ID], ids=["survivor", "former"])
    def test_what_one_of_them_awaits_is_awaited_still(self, world: World, side: CustomerIdentity) -> None:
        for n, form in ((1, BY_PHONE), (2, BY_USER_ID)):
            world.record(replace(written(n, form), decision=KEPT))
        world.record(written(5, side))
        tie(world)
        first, second = BY_PHONE.first_customer_id(ACME), BY_USER_ID.first_customer_id(ACME)
        assert world.conversation(first).awaiting == "wamid.5"
        here = replace(job(written(5, side)), customer_id=first)
        assert not world.ledger.claim(ACME, replace(here, customer_id=second), reply(here), "en")
        assert world.ledger.claim(ACME, here, reply(here), "en")
        assert world.conversation(first).awaiting is None
        assert world.thread(first).unanswered() == ()

    def test_what_a_person_saw_of_one_they_have_not_seen_of_the_other(self, world: World) -> None:
        first, second = two_customers(world)
        for change, minutes in ((Change.TAKEN_OVER, 20), (Change.HANDED_BACK, 30)):
            of = world.conversation(first)
            assert world.conversations.change_owner(ACME, owner_change(of, change, at=after(minutes=minutes)), of)
        world.record(written(5, BY_USER_ID))
        tie(world)
        assert [each.message_id for each in world.thread(first).unanswered()] == ["wamid.2", "wamid.5"]
        for change, minutes in ((Change.TAKEN_OVER, 40), (Change.HANDED_BACK, 50)):
            of = world.conversation(first)
            assert world.conversations.change_owner(ACME, owner_change(of, change, at=after(minutes=minutes)), of)
        assert world.thread(first).unanswered() == ()
        assert world.thread(second) == world.thread(first)

    def test_whoever_saw_the_one_that_went_decides_nothing_about_it(self, world: World) -> None:
        _, second = two_customers(world)
        old = world.conversation(second)
        tie(world)
        before = world.look.everything()
        assert not world.conversations.change_owner(ACME, owner_change(old), old)
        assert not world.conversations.leave_unanswered(ACME, job(written(2, BY_USER_ID)), (), RecordedBecause.THANKS)
        assert world.look.everything() == before

    def test_a_reply_that_was_claimed_before_keeps_its_place(self, world: World) -> None:
        first, second = two_customers(world)
        of = job(written(2, BY_USER_ID))
        assert world.ledger.claim(ACME, of, reply(of), "en")
        world.ledger.settle(ACME, of, reply(of), SendOutcome(ReplyState.READY))
        tie(world)
        left = world.thread(first).reply_to(of.message_id, ReplyPurpose.ANSWER)
        assert left is not None
        assert left.reply_id == reply(of).reply_id
        tied = replace(of, customer_id=first)
        assert not world.ledger.claim(ACME, tied, left, "en")  # the survivor's own message still waits
        world.conversations.leave_unanswered(
            ACME, job(written(1, BY_PHONE)), world.thread(first).unanswered(), RecordedBecause.THANKS
        )
        assert world.ledger.claim(ACME, tied, left, "en")
        world.ledger.settle(ACME, tied, left, SendOutcome(ReplyState.SENT, MessageId("wamid.out.1")))
        sent = world.thread(second).reply_to(of.message_id, ReplyPurpose.ANSWER)
        assert sent is not None
        assert (sent.state, sent.attempts) == (ReplyState.SENT, 2)

    def test_statuses_of_the_one_that_went_still_find_their_reply(self, world: World) -> None:
        first, _ = two_customers(world)
        of = job(written(2, BY_USER_ID))
        assert world.ledger.claim(ACME, of, reply(of), "en")
        world.ledger.settle(ACME, of, reply(of), SendOutcome(ReplyState.SENT, MessageId("wamid.out.1")))
        tie(world)
        known = world.deliveries.known(ACME, MessageId("wamid.out.1"))
        assert world.deliveries.save(ACME, known, advance(known, status("read", reply_id=reply(of).reply_id)))
        told = world.thread(first).reply_to(of.message_id, ReplyPurpose.ANSWER)
        assert told is not None
        assert told.delivery == "read"

    def test_a_burst_of_both_is_closed_where_each_message_stands(self, world: World) -> None:
        first, second = two_customers(world)
        tie(world)
        burst = world.thread(first).unanswered()
        of: ReplyJob = replace(job(written(2, BY_USER_ID)), customer_id=first)
        assert world.conversations.leave_unanswered(ACME, of, burst, RecordedBecause.THANKS)
        assert world.thread(second).unanswered() == ()
        assert len(world.thread(first).entries) == 2
        assert all(
            entry.decision.reason is RecordedBecause.THANKS
            for entry in world.thread(first).entries
            if isinstance(entry, ThreadMessage)
        )

    def test_a_pending_escalation_stays_to_be_published(self, world: World) -> None:
        first = world.record(written(1, BY_PHONE)).customer_id
        called = recording(message("a person", "wamid.2", at=after(minutes=2), sender=BY_USER_ID), PERSON_REQUESTED)
        second = world.record(called).customer_id
        tie(world)
        pending = world.conversations.pending_escalation(ACME, second, called.position)
        assert pending is not None
        assert pending.reason is EscalationReason.PERSON_REQUESTED
        assert world.conversation(first).handover is not None

    @pytest.mark.parametrize("mine", [Owner.ASSISTANT, Owner.WAITING], ids=str)
    def test_a_wait_for_a_person_goes_on_where_the_hand_over_is(self, world: World, mine: Owner) -> None:
        first, second = two_customers(world)
        give(world, first, mine, "ana")
        give(world, second, Owner.WAITING, "ben")
        tie(world)
        [item] = world.waiting()
        assert item.customer_id == first
        wait = world.waits.find(ACME, item)
        assert wait is not None
        assert wait.goes_on(world.conversation(first))
        assert wait.escalation.customer_id == first
        assert world.waits.decide(ACME, replace(wait, step=WaitingStep.REMINDER, step_at=after(hours=1)))
        give(world, first, Owner.PERSON, "cem")
        assert world.waiting() == []
        assert split(world, second)
        assert world.waiting() == []

    def test_a_wait_that_was_merged_away_waits_again_once_it_is_split(self, world: World) -> None:
        first, second = two_customers(world)
        give(world, second, Owner.WAITING, "ben")
        tie(world)
        assert split(world, second)
        [item] = world.waiting()
        assert item.customer_id == second
        wait = world.waits.find(ACME, item)
        assert wait is not None
        assert wait.goes_on(world.conversation(second))
        assert not wait.goes_on(world.conversation(first))

    def test_who_is_reminded_meanwhile_is_not_merged(self, world: World) -> None:
        _, second = two_customers(world)
        give(world, second, Owner.WAITING, "ben")
        one, other = (world.identities.party(ACME, key) for key in (PHONE, USER_ID))
        assert one is not None
        assert other is not None
        [item] = world.waiting()
        wait = world.waits.find(ACME, item)
        assert wait is not None
        assert world.waits.decide(ACME, replace(wait, step=WaitingStep.REMINDER, step_at=after(hours=1)))
        assert not world.identities.merge(ACME, merge_of(one, other, "wamid.tie", NOON))

    def test_an_echo_to_either_is_heard_in_the_one(self, world: World) -> None:
        first, second = two_customers(world)
        tie(world)
        world.ledger.note_person(ACME, second, echo(message_id="wamid.echo.2"))
        texts = [entry.text for entry in world.thread(first).entries if not isinstance(entry, ThreadMessage)]
        assert texts == [echo().words]

    @pytest.mark.parametrize("stale", ["message", "owner", "opt-out"])
    def test_what_has_changed_since_it_was_seen_is_not_merged(self, world: World, stale: str) -> None:
        first, _ = two_customers(world)
        one, other = (world.identities.party(ACME, key) for key in (PHONE, USER_ID))
        assert one is not None
        assert other is not None
        match stale:
            case "message":
                world.record(written(3, BY_USER_ID))
            case "owner":
                give(world, first, Owner.PERSON, "ana")
            case _:
                world.opt_outs.keep(ACME, BY_PHONE, opt_out())
        before = world.look.everything()
        assert not world.identities.merge(ACME, merge_of(one, other, "wamid.tie", NOON))
        assert world.look.everything() == before

    def test_of_four_at_once_one_merges(self, world: World) -> None:
        first, _ = two_customers(world)
        one, other = (world.identities.party(ACME, key) for key in (PHONE, USER_ID))
        assert one is not None
        assert other is not None
        merge = merge_of(one, other, "wamid.tie", NOON)
        results = at_once([partial(world.identities.merge, ACME, merge)] * 4)
        assert sorted(map(bool, results)) == [False, False, False, True]
        assert customer(world).message_count == 2
        assert world.conversation(first).version == 1

    def test_the_newer_opt_out_holds(self, world: World) -> None:
        two_customers(world)
        stop, resume = opt_out(), opt_out(False, since=after(hours=1), cause="event-2")
        world.opt_outs.keep(ACME, BY_USER_ID, resume)
        world.opt_outs.keep(ACME, BY_PHONE, stop)
        tie(world)
        assert world.look.opt_out(ACME, BY_PHONE) == world.look.opt_out(ACME, BY_USER_ID) == resume

    def test_who_was_merged_once_is_merged_again_with_all_that_came_along(self, world: World) -> None:
        first, second = two_customers(world)
        tie(world)
        third = world.record(written(0, CustomerIdentity(phone=NEW_PHONE))).customer_id
        united(world, moved(1, BY_PHONE, after(minutes=3), wa_id=NEW_PHONE))
        assert world.look.customers(ACME) == 1
        one = customer(world, BY_USER_ID)
        assert (one.customer_id, set(one.former_customer_ids)) == (third, {first, second})
        assert words(world, second) == ["line 0", "line 1", "line 2", ""]
        assert world.thread(second) == world.thread(third)


class SplitContract:
    def test_both_are_as_they_were(self, world: World) -> None:
        first, second = two_customers(world)
        world.opt_outs.keep(ACME, BY_USER_ID, opt_out(False))
        before = [customer(world, form) for form in (BY_PHONE, BY_USER_ID)]
        threads = [world.thread(one) for one in (first, second)]
        tie(world)
        assert split(world, second)
        again = [customer(world, form) for form in (BY_PHONE, BY_USER_ID)]
        assert [replace(one, apart_from=frozenset()) for one in again] == before
        assert [one.apart_from for one in again] == [{second}, {first}]
        for customer_id, thread in zip((first, second), threads, strict=True):
            now = world.thread(customer_id)
            assert now.entries == thread.entries
            assert replace(now.conversation, version=0) == replace(thread.conversation, version=0)
        assert world.look.customers(ACME) == 2
        assert world.look.usage(ACME, MONTH) == {"messages": 2, "messages_text": 2, "customers": 2}
        assert world.look.opt_out(ACME, BY_USER_ID) == opt_out(False)

    @pytest.mark.parametrize(("mine", "theirs"), list(product(OWNERS, OWNERS)), ids=str)
    def test_each_is_owned_as_before(self, world: World, mine: Owner, theirs: Owner) -> None:
        first, second = two_customers(world)
        give(world, first, mine, "ana")
        give(world, second, theirs, "ben")
        before = [world.conversation(one) for one in (first, second)]
        tie(world)
        assert split(world, second)
        now = [world.conversation(one) for one in (first, second)]

        def owned(of: Conversation) -> tuple[object, ...]:
            return of.owner, of.person, of.handover, of.resolved, of.awaiting

        assert list(map(owned, now)) == list(map(owned, before))
        assert [world.look.inbox(ACME, one) for one in (first, second)] == [mine, theirs]

    def test_who_took_the_one_over_has_both(self, world: World) -> None:
        first, second = two_customers(world)
        tie(world)
        give(world, first, Owner.PERSON, "ana")
        assert split(world, second)
        for one in (first, second):
            assert (world.conversation(one).owner, world.conversation(one).person) == (Owner.PERSON, "ana")
            assert world.look.inbox(ACME, one) is Owner.PERSON

    def test_messages_that_came_since_stay_with_the_survivor(self, world: World) -> None:
        first, second = two_customers(world)
        united(world, written(3, BOTH))
        united(world, written(4, BY_USER_ID))
        assert split(world, second)
        assert words(world, first) == ["line 1", "line 3", "line 4"]
        assert words(world, second) == ["line 2"]
        counts = [customer(world, form).message_count for form in (BY_PHONE, BY_USER_ID)]
        assert counts == [3, 1]
        assert world.conversation(first).awaiting == "wamid.4"
        assert world.conversation(second).awaiting == "wamid.2"

    def test_what_has_been_answered_meanwhile_is_not_awaited_again(self, world: World) -> None:
        first, second = two_customers(world)
        tie(world)
        of = replace(job(written(2, BY_USER_ID)), customer_id=first)
        assert world.ledger.claim(ACME, of, reply(of, answers=("wamid.1", "wamid.2")), "en")
        assert split(world, second)
        assert world.conversation(first).awaiting is None
        assert world.conversation(second).awaiting is None

    def test_what_is_awaited_is_due_in_its_own_conversation(self, world: World) -> None:
        first, second = two_customers(world)
        tie(world)
        assert split(world, second)
        due = {item.customer_id for item in world.overdue() if item.kind is DueKind.CONVERSATION}
        assert due == {first, second}

    def test_undone_twice_is_undone_once(self, world: World) -> None:
        _, second = two_customers(world)
        tie(world)
        merge = world.identities.splittable(ACME, second)
        assert merge is not None
        undone = split_of(merge, frozenset(), "ana", after(hours=2))
        assert world.identities.split(ACME, undone)
        before = world.look.everything()
        assert not world.identities.split(ACME, undone)
        assert world.identities.splittable(ACME, second) is None
        assert world.look.everything() == before

    def test_what_has_changed_since_it_was_seen_is_not_split(self, world: World) -> None:
        _, second = two_customers(world)
        tie(world)
        merge = world.identities.splittable(ACME, second)
        assert merge is not None
        united(world, written(3, BOTH))
        before = world.look.everything()
        assert not world.identities.split(ACME, split_of(merge, frozenset(), "ana", after(hours=2)))
        assert world.look.everything() == before

    def test_who_was_never_merged_cannot_be_split(self, world: World) -> None:
        first, second = two_customers(world)
        tie(world)
        assert world.identities.splittable(ACME, first) is None
        assert world.identities.splittable(ACME, BOB.first_customer_id(ACME)) is None
        assert world.identities.splittable(GLOBEX, second) is None

    def test_two_whom_an_operator_told_apart_are_not_merged_again(self, world: World) -> None:
        first, second = two_customers(world)
        tie(world)
        assert split(world, second)
        for n in (5, 6):
            recorded = world.record(written(n, BOTH))
            assert recorded.customer_id == second  # the user id is theirs alone
        assert world.look.customers(ACME) == 2
        assert world.record(written(7, BY_PHONE)).customer_id == first

    def test_identities_that_were_linked_go_along(self, world: World) -> None:
        world.record(written(0, BY_PHONE))
        other = CustomerIdentity(phone=NEW_PHONE, user_id=NEW_USER_ID)
        second = united(world, written(1, other)).customer_id
        united(world, moved(2, BY_PHONE, after(minutes=2), wa_id=NEW_PHONE))
        assert world.customers.find(ACME, CustomerIdentity(user_id=NEW_USER_ID)) == BY_PHONE.first_customer_id(ACME)
        assert split(world, second)
        assert world.customers.find(ACME, CustomerIdentity(user_id=NEW_USER_ID)) == second
        assert world.customers.find(ACME, CustomerIdentity(phone=NEW_PHONE)) == second
        assert world.customers.find(ACME, BY_PHONE) == BY_PHONE.first_customer_id(ACME)
