"""`Inbox`: the list of a tenant's conversations, and what its lines say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain import messages as m
from domain.conversations import Decision, Disposition, Owner, RecordedBecause
from domain.customers import CustomerIdentity
from domain.inbox import EVERY_LINE, Folder, InboxFilter, InboxLine, LastSaid, Speaker
from domain.ownership import Change
from domain.replies import ReplyPurpose
from tests.builders import (
    ACME,
    ALICE,
    BOB,
    GLOBEX,
    NAMELESS,
    PERSON_REQUESTED,
    after,
    echo,
    job,
    message,
    owner_change,
    reaction,
    recording,
    reply,
    revoke,
)
from tests.contracts.recording import KEPT
from tests.contracts.world import World

HIS = ALICE.first_customer_id(ACME)


def customer(n: int) -> CustomerIdentity:
    return CustomerIdentity(phone=f"120255501{n:02}", profile_name=f"Customer {n}")


def written(world: World, n: int, minutes: float | None = None) -> None:
    """The n-th customer writes, n minutes after noon."""
    at = after(minutes=n if minutes is None else minutes)
    world.record(recording(message(f"line {n}", f"wamid.{n}.{minutes}", at=at, sender=customer(n))))


def change(world: World, to: Change, **changes: object) -> None:
    seen = world.conversation(HIS)
    assert world.conversations.change_owner(ACME, owner_change(seen, to, **changes), seen)


def names(world: World, folder: Folder = Folder.ASSISTANT, only: InboxFilter = EVERY_LINE) -> list[str]:
    return [line.name for line in world.inbox.page(ACME, folder, only, None, 50).lines]


def line(world: World) -> InboxLine:
    [found] = world.inbox.lines(ACME, [HIS])
    return found


class InboxPageContract:
    def test_who_wrote_last_stands_first(self, world: World) -> None:
        for n in (1, 3, 2):
            written(world, n)
        assert names(world) == ["Customer 3", "Customer 2", "Customer 1"]

    def test_page_after_page_each_is_shown_once(self, world: World) -> None:
        for n in range(1, 6):
            written(world, n)
        mark, shown, pages = None, [], 0
        while pages == 0 or mark is not None:
            page = world.inbox.page(ACME, Folder.ASSISTANT, EVERY_LINE, mark, 2)
            shown += [one.name for one in page.lines]
            assert len(page.lines) <= 2
            mark, pages = page.next, pages + 1
        assert shown == [f"Customer {n}" for n in (5, 4, 3, 2, 1)]

    def test_what_moves_to_the_front_meanwhile_hides_nothing(self, world: World) -> None:
        for n in range(1, 5):
            written(world, n)
        first = world.inbox.page(ACME, Folder.ASSISTANT, EVERY_LINE, None, 2)
        written(world, 3, minutes=9)
        rest = world.inbox.page(ACME, Folder.ASSISTANT, EVERY_LINE, first.next, 2)
        assert [one.name for one in rest.lines] == ["Customer 2", "Customer 1"]

    def test_another_tenants_are_not_listed(self, world: World) -> None:
        world.record(recording(tenant_id=GLOBEX), GLOBEX)
        assert names(world) == []
        assert world.inbox.lines(ACME, [ALICE.first_customer_id(GLOBEX)]) == []

    def test_each_stands_where_its_owner_is(self, world: World) -> None:
        world.record(recording(decision=PERSON_REQUESTED))
        assert names(world, Folder.WAITING) == ["Alice"]
        change(world, Change.TAKEN_OVER)
        assert names(world, Folder.PERSON) == ["Alice"]
        change(world, Change.HANDED_BACK, at=after(minutes=6))
        assert names(world, Folder.ASSISTANT) == ["Alice"]

    def test_what_is_resolved_stands_apart_until_it_is_opened_again(self, world: World) -> None:
        world.record(recording())
        change(world, Change.RESOLVED)
        assert (names(world), names(world, Folder.RESOLVED)) == ([], ["Alice"])
        assert line(world).folder is Folder.RESOLVED
        world.record(recording(message(message_id="wamid.2", at=after(minutes=10)), reopens=True))
        assert (names(world), names(world, Folder.RESOLVED)) == (["Alice"], [])

    def test_the_owner_is_called_by_name(self, world: World) -> None:
        world.record(recording())
        change(world, Change.TAKEN_OVER, by_name="Ana Reyes")
        conversation = line(world).conversation
        assert (conversation.owner, conversation.person, conversation.person_name) == (
            Owner.PERSON,
            "ana",
            "Ana Reyes",
        )
        change(world, Change.TAKEN_OVER, by="phone_app", person="phone_app", at=after(minutes=6))
        assert line(world).conversation.person_name is None

    def test_mine_are_those_that_i_have(self, world: World) -> None:
        for n in (1, 2, 3):
            written(world, n)
            seen = world.conversation(customer(n).first_customer_id(ACME))
            person = "ben" if n == 2 else "ana"
            assert world.conversations.change_owner(ACME, owner_change(seen, by=person, person=person), seen)
        assert names(world, Folder.PERSON, InboxFilter(person="ana")) == ["Customer 3", "Customer 1"]
        first = world.inbox.page(ACME, Folder.PERSON, InboxFilter(person="ana"), None, 1)
        rest = world.inbox.page(ACME, Folder.PERSON, InboxFilter(person="ana"), first.next, 1)
        assert [one.name for one in (*first.lines, *rest.lines)] == ["Customer 3", "Customer 1"]

    @pytest.mark.parametrize("words", ["cústomer 2", "LINE 2", "12025550102"])
    def test_words_are_looked_for_in_name_number_and_last_words(self, world: World, words: str) -> None:
        for n in (1, 2):
            written(world, n)
        assert names(world, only=InboxFilter(words=words)) == ["Customer 2"]

    def test_how_many_there_are_is_counted_up_to_a_limit(self, world: World) -> None:
        for n in range(1, 5):
            written(world, n)
        assert world.inbox.count(ACME, Folder.ASSISTANT, 100) == 4
        assert world.inbox.count(ACME, Folder.ASSISTANT, 3) == 3
        assert world.inbox.count(ACME, Folder.WAITING, 100) == 0


class InboxLineContract:
    def test_of_a_new_message(self, world: World) -> None:
        world.record(recording(message("Do  you have\nthe blue mug?")))
        found = line(world)
        assert found.name == "Alice"
        assert found.last == LastSaid(Speaker.CUSTOMER, "text", "Do you have the blue mug?", after())
        assert (found.unread, found.unanswered_since) == (1, after(seconds=1))
        assert found.window_closes_at == after(hours=24)

    def test_who_tells_no_name_is_called_by_username_or_number(self, world: World) -> None:
        world.record(recording(message(sender=NAMELESS)))
        world.record(recording(message(message_id="wamid.2", sender=replace(BOB, profile_name=None))))
        assert sorted(names(world)) == ["12025550144", "quiet.one"]

    def test_only_the_beginning_is_shown(self, world: World) -> None:
        world.record(recording(message("mug " * 500)))
        found = line(world)
        assert found.last is not None
        assert len(found.last.words) == 80
        assert found.last.words.endswith("…")

    def test_a_message_that_comes_late_changes_only_the_count(self, world: World) -> None:
        world.record(recording(message("second", "wamid.2", at=after(minutes=2))))
        world.record(recording(message("first", "wamid.1", at=after(minutes=1), received_at=after(minutes=3))))
        found = line(world)
        assert found.last is not None
        assert (found.last.words, found.unread) == ("second", 2)

    def test_the_same_message_again_is_no_other(self, world: World) -> None:
        for _ in range(2):
            assert world.conversations.record(ACME, recording())
        assert line(world).unread == 1

    def test_what_is_answered_is_waited_for_no_longer(self, world: World) -> None:
        world.record(recording())
        assert world.ledger.claim(ACME, job(), reply(job()), "en")
        found = line(world)
        assert found.last == LastSaid(Speaker.ASSISTANT, "text", reply(job()).text, reply(job()).created_at)
        assert (found.unread, found.unanswered_since) == (1, None)

    def test_a_note_that_a_person_will_come_is_no_answer(self, world: World) -> None:
        of = recording(decision=PERSON_REQUESTED)
        world.record(of)
        assert world.ledger.claim(ACME, job(of), reply(job(of), ReplyPurpose.HANDOVER_NOTE), "en")
        assert line(world).unanswered_since == of.message.received_at

    def test_nor_is_it_that_somebody_takes_it_over(self, world: World) -> None:
        world.record(recording())
        change(world, Change.TAKEN_OVER)
        assert line(world).unanswered_since == after(seconds=1)

    def test_but_what_they_write_is(self, world: World) -> None:
        world.record(recording())
        change(world, Change.TAKEN_OVER)
        world.ledger.note_person(ACME, HIS, echo())
        found = line(world)
        assert found.last == LastSaid(Speaker.PERSON, "text", echo().words, echo().at)
        assert found.unanswered_since is None

    @pytest.mark.parametrize("to", [Change.HANDED_BACK, Change.RESOLVED])
    def test_who_gives_it_back_has_seen_to_it(self, world: World, to: Change) -> None:
        world.record(recording(decision=PERSON_REQUESTED))
        change(world, to)
        assert line(world).unanswered_since is None

    def test_the_oldest_of_several_counts(self, world: World) -> None:
        for n in range(1, 4):
            world.record(recording(message(message_id=f"wamid.{n}", at=after(minutes=n))))
        assert line(world).unanswered_since == after(minutes=1, seconds=1)

    def test_what_expects_no_answer_is_not_waited_upon(self, world: World) -> None:
        thanks = Decision(Disposition.RECORD, RecordedBecause.THANKS)
        world.record(recording(message("thanks"), thanks))
        assert (line(world).unread, line(world).unanswered_since) == (1, None)

    def test_a_reaction_is_not_said(self, world: World) -> None:
        world.record(recording(message("hello")))
        world.record(recording(reaction(), KEPT))
        found = line(world)
        assert found.last is not None
        assert (found.last.words, found.unread) == ("hello", 1)

    def test_what_was_deleted_is_shown_no_longer(self, world: World) -> None:
        world.record(recording(message("my card is 4111")))
        world.record(recording(revoke(), KEPT))
        found = line(world)
        assert found.last is not None
        assert (found.last.type, found.last.words) == ("revoke", "")

    def test_a_picture_without_words_shows_its_type(self, world: World) -> None:
        world.record(recording(message("hello")))
        world.record(recording(message(m.Image("media-1", "image/jpeg"), "wamid.2", at=after(minutes=1))))
        found = line(world)
        assert found.last is not None
        assert (found.last.type, found.last.words) == ("image", "")


class SeenContract:
    def test_what_was_shown_is_read(self, world: World) -> None:
        written_to(world, 3)
        world.inbox.mark_seen(ACME, HIS, line(world).inbound)
        assert line(world).unread == 0

    def test_what_came_since_is_not(self, world: World) -> None:
        written_to(world, 2)
        shown = line(world)
        written_to(world, 5, since=2)
        world.inbox.mark_seen(ACME, HIS, shown.inbound)
        assert line(world).unread == 3

    def test_nothing_becomes_unread_again(self, world: World) -> None:
        written_to(world, 3)
        for inbound in (3, 1):
            world.inbox.mark_seen(ACME, HIS, inbound)
        assert line(world).unread == 0

    def test_nor_is_more_seen_than_there_is(self, world: World) -> None:
        written_to(world, 1)
        world.inbox.mark_seen(ACME, HIS, 1000)
        written_to(world, 2, since=1)
        assert line(world).unread == 2

    def test_of_nobody_nothing_is_written(self, world: World) -> None:
        written_to(world, 1)
        before = world.look.everything()
        world.inbox.mark_seen(ACME, BOB.first_customer_id(ACME), 1)
        world.inbox.mark_seen(GLOBEX, HIS, 1)
        assert world.look.everything() == before

    def test_the_unread_can_be_listed_alone(self, world: World) -> None:
        written(world, 1)
        written_to(world, 1)
        world.inbox.mark_seen(ACME, HIS, 1)
        assert names(world, only=InboxFilter(unread=True)) == ["Customer 1"]


def written_to(world: World, count: int, since: int = 0) -> None:
    for n in range(since, count):
        at = after() + timedelta(minutes=n)
        world.record(recording(message(f"line {n}", f"wamid.a.{n}", at=at)))
