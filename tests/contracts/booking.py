"""`CustomerBook` and `CannedReplies`."""

from __future__ import annotations

from domain.canned_replies import CannedReply
from domain.customer_book import CustomerMark
from domain.customers import CustomerIdentity
from tests.builders import ACME, ALICE, BOB, GLOBEX, NAMELESS, after, message, opt_out, recording
from tests.contracts.world import World


def customers(world: World, count: int) -> None:
    for n in range(count):
        sender = CustomerIdentity(phone=f"120255501{n:02}", profile_name=f"Customer {n}")
        world.record(recording(message(message_id=f"wamid.{n}", at=after(minutes=n), sender=sender)))


class CustomerBookContract:
    def test_who_wrote_last_stands_first(self, world: World) -> None:
        customers(world, 3)
        world.record(recording(tenant_id=GLOBEX), GLOBEX)
        names = [one.customer.identity.profile_name for one in world.book.newest(ACME)]
        assert names == ["Customer 2", "Customer 1", "Customer 0"]

    def test_page_after_page_each_is_shown_once(self, world: World) -> None:
        customers(world, 5)
        mark: CustomerMark | None = None
        shown: list[str | None] = []
        for _ in range(3):
            page = world.book.page(ACME, mark, 2)
            shown += [one.customer.identity.profile_name for one in page.customers]
            mark = page.next
        assert shown == [f"Customer {n}" for n in (4, 3, 2, 1, 0)]
        assert mark is None

    def test_one_is_found_by_each_name(self, world: World) -> None:
        world.record(recording())
        for identity in (CustomerIdentity(phone=ALICE.phone), CustomerIdentity(user_id=ALICE.user_id), ALICE):
            found = world.book.of(ACME, identity)
            assert found is not None
            assert found.customer == world.look.customer(ACME, ALICE)

    def test_of_their_own_tenant_alone(self, world: World) -> None:
        world.record(recording())
        assert world.book.of(GLOBEX, ALICE) is None
        assert world.book.of(ACME, BOB) is None

    def test_what_holds_of_offers_is_told(self, world: World) -> None:
        world.record(recording())
        world.record(recording(message(message_id="wamid.2", sender=NAMELESS)))
        world.opt_outs.keep(ACME, ALICE, opt_out())
        found = {one.customer.key: one.opt_out for one in world.book.newest(ACME)}
        assert found == {ALICE.phone: opt_out(), NAMELESS.user_id: None}

    def test_of_who_never_wrote_a_word_on_offers_is_no_customer(self, world: World) -> None:
        world.opt_outs.keep(ACME, BOB, opt_out())
        assert world.book.of(ACME, BOB) is None
        assert world.book.newest(ACME) == []


HELLO = CannedReply("0" * 32, "hi", "Greeting", "Hello! How can I help?", "en")
BYE = CannedReply("1" * 32, "bye", "Good-bye", "¡Hasta luego! 👋", "")


class CannedRepliesContract:
    def test_what_is_kept_is_found(self, world: World) -> None:
        for reply in (HELLO, BYE):
            world.canned.put(ACME, reply)
        assert sorted(world.canned.all(ACME), key=lambda one: one.reply_id) == [HELLO, BYE]

    def test_by_its_own_tenant_alone(self, world: World) -> None:
        world.canned.put(ACME, HELLO)
        assert world.canned.all(GLOBEX) == []
        world.canned.delete(GLOBEX, HELLO.reply_id)
        assert world.canned.all(ACME) == [HELLO]

    def test_it_is_replaced_and_deleted(self, world: World) -> None:
        world.canned.put(ACME, HELLO)
        other = CannedReply(HELLO.reply_id, "hello", "Greeting", "Good day!", "")
        world.canned.put(ACME, other)
        assert world.canned.all(ACME) == [other]
        for _ in range(2):
            world.canned.delete(ACME, HELLO.reply_id)
            assert world.canned.all(ACME) == []
