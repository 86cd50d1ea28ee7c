"""`ThreadPages` and `Notes`: a conversation as somebody reads it."""

from __future__ import annotations

from collections.abc import Callable

from domain.conversations import ThreadMessage
from domain.customers import CustomerId
from domain.deliveries import advance
from domain.escalations import EscalationReason
from domain.merging import merge_of
from domain.messages import position_of_send
from domain.notes import Note
from domain.ownership import Change
from domain.replies import Reply
from domain.threads import Entry, Inbound, Outbound, ThreadMark, ThreadPage, Unchanged
from tests.builders import (
    ACME,
    ALICE,
    BOB,
    GLOBEX,
    PERSON_REQUESTED,
    after,
    job,
    message,
    owner_change,
    recording,
    reply,
    status,
)
from tests.contracts.world import World

HIS = ALICE.first_customer_id(ACME)


def page(world: World, before: ThreadMark | None = None, limit: int = 50, of: CustomerId = HIS) -> ThreadPage:
    found = world.threads.page(ACME, of, before, limit)
    assert found is not None
    return found


def said(entry: Entry) -> str:
    match entry:
        case Inbound(message=message):
            return message.words
        case Outbound(reply=reply):
            return reply.text
        case Note():
            return entry.words


def words(of: ThreadPage) -> list[str]:
    return [said(entry) for entry in of.entries]


def written(world: World, count: int) -> None:
    for n in range(count):
        world.record(recording(message(f"line {n}", f"wamid.{n}", at=after(minutes=n))))


def note(words: str = "Wants it gift-wrapped", minutes: float = 5, key: str = "note-0001") -> Note:
    at = after(minutes=minutes)
    return Note(position_of_send(at, key), "ana", "Ana Reyes", words, at)


class ThreadPageContract:
    def test_of_nobody_there_is_none(self, world: World) -> None:
        world.record(recording())
        assert world.threads.page(ACME, BOB.first_customer_id(ACME), None, 50) is None
        assert world.threads.page(GLOBEX, HIS, None, 50) is None

    def test_it_begins_with_the_newest_entries_and_the_line(self, world: World) -> None:
        written(world, 3)
        found = page(world)
        assert words(found) == ["line 0", "line 1", "line 2"]
        assert found.line == world.inbox.lines(ACME, [HIS])[0]
        assert found.older is None

    def test_page_before_page_each_entry_is_shown_once(self, world: World) -> None:
        written(world, 7)
        newest = page(world, limit=3)
        middle = page(world, newest.older, limit=3)
        oldest = page(world, middle.older, limit=3)
        assert [words(one) for one in (newest, middle, oldest)] == [
            ["line 4", "line 5", "line 6"],
            ["line 1", "line 2", "line 3"],
            ["line 0"],
        ]
        assert (middle.line, oldest.older) == (None, None)

    def test_messages_and_replies_are_those_of_the_thread(self, world: World) -> None:
        world.record(recording())
        assert world.ledger.claim(ACME, job(), reply(job()), "en")
        shown = [entry.message if isinstance(entry, Inbound) else entry.reply for entry in of_thread(page(world))]
        assert shown == list(world.thread(HIS).entries)
        assert [type(one) for one in shown] == [ThreadMessage, Reply]

    def test_why_a_person_was_called_and_who_came_are_told(self, world: World) -> None:
        world.record(recording(decision=PERSON_REQUESTED))
        seen = world.conversation(HIS)
        made = owner_change(seen, by_name="Ana Reyes")
        assert world.conversations.change_owner(ACME, made, seen)
        found = page(world)
        assert [one.reason for one in found.escalations] == [EscalationReason.PERSON_REQUESTED]
        assert list(found.changes) == [made]
        world.conversations.owner_change_published(ACME, made)
        assert list(page(world).changes) == [made]

    def test_each_with_the_page_of_its_time(self, world: World) -> None:
        written(world, 2)
        for n, to in enumerate((Change.TAKEN_OVER, Change.HANDED_BACK)):
            seen = world.conversation(HIS)
            assert world.conversations.change_owner(ACME, owner_change(seen, to, at=after(minutes=2 + 5 * n)), seen)
            world.record(recording(message(f"then {n}", f"wamid.then.{n}", at=after(minutes=5 + 5 * n))))
        newest = page(world, limit=2)
        assert words(newest) == ["then 0", "then 1"]
        assert [one.change for one in newest.changes] == [Change.HANDED_BACK]
        assert [one.change for one in page(world, newest.older, limit=2).changes] == [Change.TAKEN_OVER]

    def test_of_merged_customers_all_is_one(self, world: World) -> None:
        world.record(recording(message("as Alice", "wamid.1", at=after(minutes=1))))
        world.record(recording(message("as Bob", "wamid.2", at=after(minutes=2), sender=BOB)))
        world.record(recording(message("as Alice again", "wamid.3", at=after(minutes=3))))
        his = BOB.first_customer_id(ACME)
        parties = [world.identities.party(ACME, who.key) for who in (ALICE, BOB)]
        one, other = (party for party in parties if party)
        assert world.identities.merge(ACME, merge_of(one, other, cause="wamid.4", at=after(minutes=4)))
        found = page(world, of=his)
        assert found.customer_id == HIS
        assert words(found) == ["as Alice", "as Bob", "as Alice again"]
        assert found.line is not None
        assert (found.line.unread, found.line.unanswered_since) == (3, after(minutes=1, seconds=1))
        assert found.line.last is not None
        assert found.line.last.words == "as Alice again"
        newest = page(world, limit=1)
        assert words(page(world, newest.older, limit=1)) == ["as Bob"]


class ThreadNewsContract:
    def test_nothing_is_new_until_something_is(self, world: World) -> None:
        written(world, 3)
        stamp = page(world).stamp
        assert world.threads.since(ACME, HIS, stamp, 50) == Unchanged()
        world.inbox.mark_seen(ACME, HIS, 2)
        assert world.threads.since(ACME, HIS, stamp, 50) == Unchanged()
        assert world.threads.since(ACME, HIS, "", 50) == page(world)

    def test_whatever_a_page_shows_is_new_once(self, world: World) -> None:
        def answered() -> None:
            assert world.ledger.claim(ACME, job(), reply(job()), "en")

        def ticked() -> None:
            told = status("delivered", reply_id=reply(job()).reply_id)
            known = world.deliveries.known(ACME, told.message_id)
            assert world.deliveries.save(ACME, known, advance(known, told))

        def taken_over() -> None:
            seen = world.conversation(HIS)
            assert world.conversations.change_owner(ACME, owner_change(seen, at=after(minutes=9)), seen)

        happenings: list[Callable[[], object]] = [
            lambda: world.record(recording(message("hello"))),
            answered,
            ticked,
            lambda: world.notes.write(ACME, HIS, "note-0001", note()),
            lambda: world.record(recording(message("a person, please", "wamid.2"), PERSON_REQUESTED)),
            taken_over,
        ]
        stamps = [""]
        for happen in happenings:
            happen()
            found = world.threads.since(ACME, HIS, stamps[-1], 50)
            assert found == page(world)
            stamps.append(page(world).stamp)
            assert world.threads.since(ACME, HIS, stamps[-1], 50) == Unchanged()
        assert len(set(stamps)) == len(stamps)

    def test_of_nobody_there_is_none(self, world: World) -> None:
        world.record(recording())
        assert world.threads.since(ACME, BOB.first_customer_id(ACME), "", 50) is None
        assert world.threads.since(GLOBEX, HIS, page(world).stamp, 50) is None


class NotesContract:
    def test_it_stands_among_the_messages(self, world: World) -> None:
        written(world, 2)
        assert world.notes.write(ACME, HIS, "note-0001", note(minutes=0.5)) == note(minutes=0.5)
        assert words(page(world)) == ["line 0", "Wants it gift-wrapped", "line 1"]
        assert note(minutes=0.5) in page(world).entries

    def test_the_assistant_reads_none(self, world: World) -> None:
        written(world, 1)
        before = world.thread(HIS)
        assert world.notes.write(ACME, HIS, "note-0001", note())
        assert world.thread(HIS) == before

    def test_however_many_there_are(self, world: World) -> None:
        world.record(recording())
        assert world.ledger.claim(ACME, job(), reply(job()), "en")
        for n in range(60):
            assert world.notes.write(ACME, HIS, f"note-{n:04}", note(minutes=n, key=f"note-{n:04}"))
        assert len(world.thread(HIS).entries) == 2

    def test_under_a_key_there_is_one(self, world: World) -> None:
        written(world, 1)
        first = note()
        assert world.notes.write(ACME, HIS, "note-0001", first)
        before = world.look.everything()
        assert world.notes.write(ACME, HIS, "note-0001", note("again", minutes=9)) == first
        assert world.look.everything() == before

    def test_of_nobody_there_is_none(self, world: World) -> None:
        written(world, 1)
        before = world.look.everything()
        assert world.notes.write(ACME, BOB.first_customer_id(ACME), "note-0001", note()) is None
        assert world.notes.write(GLOBEX, HIS, "note-0001", note()) is None
        assert world.look.everything() == before

    def test_the_list_says_nothing_of_it(self, world: World) -> None:
        written(world, 1)
        before = world.inbox.lines(ACME, [HIS])
        assert world.notes.write(ACME, HIS, "note-0001", note())
        assert world.inbox.lines(ACME, [HIS]) == before


def of_thread(found: ThreadPage) -> list[Inbound | Outbound]:
    return [entry for entry in found.entries if not isinstance(entry, Note)]
