"""Use case: somebody reads a conversation. What the API hands out and what the pages draw is this one view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from domain.conversations import Disposition, ThreadMessage
from domain.customers import CustomerId
from domain.deliveries import DeliveryStatus
from domain.escalations import Escalation, EscalationReason, Priority
from domain.inbox import InboxLine, Speaker
from domain.languages import fold
from domain.media import Media, MediaKind, MediaRefusal, MediaState
from domain.messages import MessageId, Order, received_at_of
from domain.notes import Note
from domain.orders import PricedOrder
from domain.ownership import OwnerChange
from domain.ports import MediaLinks
from domain.replies import Failure, Reply, ReplyId, ReplyPurpose, ReplyState
from domain.tenants import TenantId
from domain.threads import Entry, Inbound, Outbound, ThreadMark, ThreadPage, ThreadPages, Unchanged

MOST_ENTRIES = 100
NEWEST_ENTRIES = 50
_LOOKED_THROUGH = 400
"""Entries of one page that is searched: about as much as one query brings."""

NO_FORM: Mapping[str, Any] = {}
"""Where Meta's form is not at hand: a text has none beyond its words."""
_BY_PEOPLE = frozenset({ReplyPurpose.SEND, ReplyPurpose.PERSON})


@dataclass(frozen=True, slots=True)
class MediaView:
    kind: MediaKind
    state: MediaState
    mime_type: str
    filename: str
    voice: bool
    size: int | None
    """In bytes."""
    refusal: MediaRefusal | None
    link: str | None
    """Opens the file for some minutes; None until it is stored."""


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A location that the customer sent, in degrees."""

    latitude: float
    longitude: float
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class ContactView:
    name: str
    phones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MessageView:
    """What the customer wrote."""

    message_id: MessageId
    at: datetime
    type: str
    """Meta's name of the type."""
    words: str
    """As they are now; empty of what was revoked."""
    first_words: str | None
    """Before an edit."""
    edited_at: datetime | None
    revoked_at: datetime | None
    in_reply_to: str
    referred_product_id: str | None
    media: MediaView | None
    order: Order | None
    """The cart as the customer sent it; the note that answers it has the prices of then."""
    titles: Mapping[str, str]
    """By product id, as the catalogue had them when the cart came. None of a cart from before they were kept."""
    place: PlaceView | None
    contacts: tuple[ContactView, ...]
    reactions: tuple[str, ...]
    escalated: EscalationReason | None


@dataclass(frozen=True, slots=True)
class ReplyView:
    """What the seller's side wrote."""

    reply_id: ReplyId
    message_id: MessageId | None
    at: datetime
    by: Speaker
    person: str | None
    """Who, where a person wrote it through this product."""
    person_name: str | None
    purpose: ReplyPurpose
    type: str
    text: str
    template: str | None
    """Its name and language."""
    media_link: str | None
    filename: str
    """Of a document that was sent."""
    in_reply_to: str
    state: ReplyState
    delivery: str | None
    """Meta's newest word on it: sent, delivered, read, played or failed."""
    failure: Failure | None
    """In Meta's words."""
    order: PricedOrder | None
    product_ids: tuple[str, ...]
    reactions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoteView:
    at: datetime
    by: str
    by_name: str
    words: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """Who speaks has changed."""

    at: datetime
    change: str
    by: str
    by_name: str | None
    reason: str
    person: str | None


@dataclass(frozen=True, slots=True)
class EscalationView:
    """A person was called."""

    at: datetime
    reason: EscalationReason
    priority: Priority
    message_id: MessageId
    took_over: bool
    """Whether the conversation has waited for a person since."""


Item = MessageView | ReplyView | NoteView | ChangeView | EscalationView


@dataclass(frozen=True, slots=True)
class ThreadView:
    customer_id: CustomerId
    """Of a customer who was merged into another: the other's."""
    line: InboxLine | None
    """As the inbox shows the conversation; with the newest page alone."""
    items: tuple[Item, ...]
    """Oldest first."""
    older: ThreadMark | None
    stamp: str = ""
    """Of the newest page: another as soon as anything in it is."""


class ReadThreadPorts(Protocol):
    """Part of the ports of every use case that shows a conversation."""

    @property
    def threads(self) -> ThreadPages: ...
    @property
    def media_links(self) -> MediaLinks: ...


def read_thread(  # noqa: PLR0913 (whose, from where on, how much, and what is sought)
    tenant_id: TenantId,
    customer_id: CustomerId,
    *,
    ports: ReadThreadPorts,
    before: ThreadMark | None = None,
    limit: int = NEWEST_ENTRIES,
    words: str = "",
) -> ThreadView | None:
    """None where this tenant has no conversation with such a customer.

    With `words`: of the next 400 entries those that say them, accents and case aside; others may be further back.
    """
    sought = fold(words)
    most = _LOOKED_THROUGH if sought else max(1, min(limit, MOST_ENTRIES))
    page = ports.threads.page(tenant_id, customer_id, before, most)
    return _view(tenant_id, page, sought, ports) if page else None


def read_news(
    tenant_id: TenantId, customer_id: CustomerId, stamp: str, *, ports: ReadThreadPorts
) -> ThreadView | Unchanged | None:
    """The newest page, for who has seen it as it was at that stamp; None where there is no such conversation."""
    page = ports.threads.since(tenant_id, customer_id, stamp, NEWEST_ENTRIES)
    return _view(tenant_id, page, "", ports) if isinstance(page, ThreadPage) else page


def _view(tenant_id: TenantId, page: ThreadPage, sought: str, ports: ReadThreadPorts) -> ThreadView:
    """`sought`: folded."""
    items = [*_shown(tenant_id, page.entries, ports.media_links)]
    items += [(change.at, _change(change)) for change in page.changes]
    items += [(received_at_of(one.position), _escalation(one)) for one in page.escalations]
    items.sort(key=lambda item: item[0])  # stable: what stands in the thread keeps its order, and comes first
    shown = tuple(item for _, item in items if not sought or sought in fold(_words_of(item)))
    return ThreadView(page.customer_id, page.line, shown, page.older, page.stamp)


def _words_of(item: Item) -> str:
    match item:
        case MessageView(words=words) | NoteView(words=words) | ReplyView(text=words):
            return words
        case _:
            return ""


def _shown(tenant_id: TenantId, entries: Iterable[Entry], links: MediaLinks) -> Iterable[tuple[datetime, Item]]:
    """Each with when it was written down, so that no entry is put before one that stands before it."""
    newest: datetime | None = None
    shown: Item
    for entry in entries:
        match entry:
            case Inbound(message=message):
                at, shown = received_at_of(message.position), _message(tenant_id, entry, links)
            case Outbound(reply=reply):
                at, shown = reply.created_at, reply_view(reply, entry.raw)
            case Note():
                at, shown = entry.at, NoteView(entry.at, entry.by, entry.by_name, entry.words)
        newest = max(at, newest or at)
        yield newest, shown


def _message(tenant_id: TenantId, entry: Inbound, links: MediaLinks) -> MessageView:
    message, decision = entry.message, entry.message.decision
    escalated = decision.reason if decision.disposition is Disposition.ESCALATE else None
    raw: Mapping[str, Any] = {} if message.revoked_at else entry.raw
    return MessageView(
        message_id=message.message_id,
        at=message.at,
        type=message.type,
        words=message.words,
        first_words=None if message.revoked_at else message.first_words,
        edited_at=message.edited_at,
        revoked_at=message.revoked_at,
        in_reply_to=entry.context_id,
        referred_product_id=message.referred_product_id,
        media=_media(tenant_id, message.media, links) if message.media else None,
        order=None if message.revoked_at else message.order,
        titles=_titles(message),
        place=_place(raw.get("location")),
        contacts=tuple(_contacts(raw.get("contacts"))),
        reactions=_reactions(message),
        escalated=EscalationReason(escalated) if escalated else None,
    )


def _titles(message: ThreadMessage) -> Mapping[str, str]:
    shown = message.priced if message.revoked_at is None else None
    return {line.product_id: line.title for line in shown.lines} if shown else {}


def _media(tenant_id: TenantId, media: Media, links: MediaLinks) -> MediaView:
    return MediaView(
        kind=media.kind,
        state=media.state,
        mime_type=media.mime_type,
        filename=media.filename,
        voice=media.voice,
        size=media.size,
        refusal=media.refusal,
        link=links.link(tenant_id, media) if media.state is MediaState.STORED else None,
    )


def _place(location: Any) -> PlaceView | None:
    """Meta's `location`, as far as it has the form that Meta documents."""
    if not isinstance(location, Mapping):
        return None
    latitude, longitude = location.get("latitude"), location.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return None
    return PlaceView(
        float(latitude), float(longitude), str(location.get("name") or ""), str(location.get("address") or "")
    )


def _contacts(cards: Any) -> Iterable[ContactView]:
    """Meta's `contacts`, as far as they have the form that Meta documents."""
    for card in cards if isinstance(cards, list) else ():
        if isinstance(card, Mapping):
            name, phones = card.get("name"), card.get("phones")
            yield ContactView(
                name=str(name.get("formatted_name") or "") if isinstance(name, Mapping) else "",
                phones=tuple(
                    str(phone.get("phone") or phone.get("wa_id") or "")
                    for phone in (phones if isinstance(phones, list) else ())
                    if isinstance(phone, Mapping)
                ),
            )


def _reactions(said: ThreadMessage | Reply) -> tuple[str, ...]:
    reacted = said.reactions if isinstance(said, Reply) else said.amendments.reactions
    return tuple(one.emoji for one in reacted)


def reply_view(reply: Reply, raw: Mapping[str, Any] = NO_FORM) -> ReplyView:
    form = str(raw.get("type", "text"))
    inside = raw.get(form)
    link, filename = (inside.get("link"), inside.get("filename")) if isinstance(inside, Mapping) else (None, None)
    return ReplyView(
        reply_id=reply.reply_id,
        message_id=reply.message_id,
        at=reply.created_at,
        by=Speaker.PERSON if reply.purpose in _BY_PEOPLE else Speaker.ASSISTANT,
        person=reply.by,
        person_name=reply.by_name,
        purpose=reply.purpose,
        type=form,
        text=reply.text,
        template=_template(raw.get("template")),
        media_link=link if isinstance(link, str) else None,
        filename=filename if isinstance(filename, str) else "",
        in_reply_to=reply.reply_to if reply.purpose is ReplyPurpose.SEND else "",
        state=reply.state,
        delivery=reply.delivery or (DeliveryStatus.SENT if reply.state is ReplyState.SENT else None),
        failure=reply.failure,
        order=reply.order,
        product_ids=reply.product_ids,
        reactions=_reactions(reply),
    )


def _template(template: Any) -> str | None:
    if not isinstance(template, Mapping):
        return None
    language = template.get("language")
    code = language.get("code") if isinstance(language, Mapping) else language
    return f"{template.get('name')} ({code})"


def _change(change: OwnerChange) -> ChangeView:
    return ChangeView(change.at, change.change, change.by, change.by_name, change.reason, change.person)


def _escalation(escalation: Escalation) -> EscalationView:
    return EscalationView(
        escalation.at, escalation.reason, escalation.priority, escalation.message_id, escalation.takes_over
    )
