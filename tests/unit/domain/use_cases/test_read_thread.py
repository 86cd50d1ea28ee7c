"""What somebody sees of a conversation: in its order, with links, and nothing of what was taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from domain import messages as m
from domain.amendments import Amendments, Edited
from domain.conversations import ThreadMessage
from domain.escalations import EscalationReason
from domain.media import Media, MediaKey, MediaKind, MediaRefusal, MediaState
from domain.messages import MessageId, position_of_send
from domain.notes import Note
from domain.orders import priced_at
from domain.ownership import Change
from domain.replies import Failure, Reply, ReplyPurpose, ReplyState
from domain.thread_views import ChangeView, EscalationView, Item, MessageView, NoteView, ReplyView, read_thread
from domain.threads import Entry, Inbound, Outbound, ThreadMark, ThreadPage, Unchanged
from tests.builders import (
    ACME,
    ALICE,
    NOON,
    PERSON_REQUESTED,
    after,
    escalation,
    job,
    message,
    owner_change,
    product,
    recording,
)
from tests.builders import reply as a_reply
from tests.fakes.desk import FakeMediaLinks
from tests.fakes.world import fake_world

HERS = ALICE.first_customer_id(ACME)
STORED = Media(MediaKind.IMAGE, MediaState.STORED, "image/jpeg", key=MediaKey("acme/c/1"), size=9)


@dataclass
class Pages:
    found: ThreadPage | None
    asked: list[int] = field(default_factory=list)

    def page(self, *asked: Any) -> ThreadPage | None:
        self.asked.append(asked[-1])
        return self.found

    def since(self, *asked: Any) -> ThreadPage | Unchanged | None:
        return self.page(*asked)


@dataclass
class Ports:
    threads: Pages
    media_links: FakeMediaLinks = field(default_factory=FakeMediaLinks)


def said(words: str = "hello", **changes: Any) -> ThreadMessage:
    of = recording(message(words))
    plain = ThreadMessage(MessageId("wamid.in.1"), of.position, "text", words, of.at, of.decision)
    return replace(plain, **changes)


def shown(*entries: Entry, **more: Any) -> list[Item]:
    page = ThreadPage(HERS, None, entries, more.get("changes", ()), more.get("escalations", ()), None)
    view = read_thread(ACME, HERS, ports=Ports(Pages(page)))
    assert view is not None
    return list(view.items)


def message_shown(of: ThreadMessage, raw: Mapping[str, Any] | None = None) -> MessageView:
    [item] = shown(Inbound(of, raw=raw or {}))
    assert isinstance(item, MessageView)
    return item


def test_what_happened_stands_where_it_happened() -> None:
    world = fake_world()
    world.record(recording(decision=PERSON_REQUESTED))
    change = owner_change(world.conversation(HERS), Change.TAKEN_OVER, at=after(minutes=2))
    early, late = (
        Note(position_of_send(at, "n"), "ana", "Ana", "x", at) for at in (after(minutes=1), after(minutes=3))
    )
    items = shown(
        Inbound(said()), early, late, changes=(change,), escalations=(escalation(job(), at=after(minutes=9)),)
    )
    assert [type(item) for item in items] == [MessageView, EscalationView, NoteView, ChangeView, NoteView]


def test_a_file_opens_by_its_link_once_it_is_stored() -> None:
    stored = message_shown(said(media=STORED)).media
    assert stored is not None
    assert stored.link == "https://files.example/acme/c/1"
    refused = replace(STORED, state=MediaState.REFUSED, key=None, refusal=MediaRefusal.TOO_LARGE)
    told = message_shown(said(media=refused)).media
    assert told is not None
    assert (told.link, told.refusal) == (None, MediaRefusal.TOO_LARGE)


def test_of_what_was_revoked_nothing_is_shown_but_that() -> None:
    cart = m.Order("c", (m.OrderItem("MUG-1", 1),))
    of = said("my card is 4111", media=STORED, order=cart, priced=priced_at(cart, [product()], NOON))
    assert message_shown(of).titles == {"MUG-1": "Blue mug"}
    edit = Edited(MessageId("wamid.e"), after(seconds=5), "text", "my card")
    gone = of.amended(Amendments(edit=edit, revoked_at=after(seconds=9)))
    item = message_shown(gone, {"location": {"latitude": 1.0, "longitude": 2.0}})
    assert item.revoked_at == after(seconds=9)
    assert (item.words, item.first_words, item.media, item.order, item.place) == ("", None, None, None, None)
    assert item.titles == {}


def test_an_edit_shows_both() -> None:
    edited = said("the red one").amended(
        Amendments(edit=Edited(MessageId("wamid.e"), after(seconds=5), "text", "the blue one"))
    )
    item = message_shown(edited)
    assert (item.words, item.first_words, item.edited_at) == ("the blue one", "the red one", after(seconds=5))


def test_places_and_contacts_are_read_as_far_as_they_are_in_metas_form() -> None:
    place = message_shown(said(""), {"location": {"latitude": 38.7, "longitude": -9, "name": "Shop"}}).place
    assert place is not None
    assert (place.latitude, place.longitude, place.name, place.address) == (38.7, -9.0, "Shop", "")
    cards = [{"name": {"formatted_name": "Bob"}, "phones": [{"phone": "+1 202"}, {"wa_id": "1203"}, 7]}, "odd", {}]
    contacts = message_shown(said(""), {"contacts": cards}).contacts
    assert [(one.name, one.phones) for one in contacts] == [("Bob", ("+1 202", "1203")), ("", ())]


@pytest.mark.parametrize("raw", [{"location": "here"}, {"location": {"latitude": "x"}}, {"contacts": 7}, {}])
def test_and_of_other_forms_nothing(raw: Mapping[str, Any]) -> None:
    item = message_shown(said(""), raw)
    assert (item.place, item.contacts) == (None, ())


def test_why_a_message_called_a_person_is_told() -> None:
    assert message_shown(said(decision=PERSON_REQUESTED)).escalated is EscalationReason.PERSON_REQUESTED
    assert message_shown(said()).escalated is None


def reply_shown(of: Reply, raw: Mapping[str, Any] | None = None) -> ReplyView:
    [item] = shown(Outbound(of, raw or {}))
    assert isinstance(item, ReplyView)
    return item


def test_a_failure_is_told_in_metas_words() -> None:
    failure = Failure(131026, "Message undeliverable", "no WhatsApp")
    item = reply_shown(a_reply(job(), state=ReplyState.FAILED, delivery="failed", failure=failure))
    assert (item.by, item.state, item.delivery, item.failure) == ("assistant", ReplyState.FAILED, "failed", failure)


@pytest.mark.parametrize(
    ("state", "delivery", "told"),
    [
        (ReplyState.SENDING, None, None),
        (ReplyState.UNCERTAIN, None, None),
        (ReplyState.SENT, None, "sent"),
        (ReplyState.SENT, "read", "read"),
    ],
)
def test_what_the_ledger_calls_sent_was_sent(state: ReplyState, delivery: str | None, told: str | None) -> None:
    assert reply_shown(a_reply(job(), state=state, delivery=delivery)).delivery == told


def test_who_wrote_and_in_what_form_is_told() -> None:
    sent = a_reply(job(), ReplyPurpose.SEND, by="sub-ana", by_name="Ana", created_at=NOON)
    template = {"type": "template", "template": {"name": "order_ready", "language": {"code": "en_US"}}}
    item = reply_shown(sent, template)
    assert (item.by, item.person, item.person_name) == ("person", "sub-ana", "Ana")
    assert (item.type, item.template, item.media_link) == ("template", "order_ready (en_US)", None)
    picture = reply_shown(sent, {"type": "image", "image": {"link": "https://example.com/mug.jpg"}})
    assert (picture.type, picture.media_link) == ("image", "https://example.com/mug.jpg")


@pytest.mark.parametrize(("limit", "asked"), [(0, 1), (50, 50), (1000, 100)])
def test_a_page_is_bounded(limit: int, asked: int) -> None:
    pages = Pages(None)
    assert read_thread(ACME, HERS, ports=Ports(pages), limit=limit, before=ThreadMark("m#x")) is None
    assert pages.asked == [asked]
