"""What customers send, one form per type of Meta's `messages[].type`.

Field names are Meta's. A type that nobody knows yet, or a known one in an unexpected shape, is `Unknown`: kept raw,
answered by nobody, in nobody's way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar, NewType

from domain.customers import CustomerIdentity

MessageId = NewType("MessageId", str)
"""WhatsApp message id (`wamid.…`)."""

Position = NewType("Position", str)
"""Where a message stands in its conversation; positions sort by time."""


@dataclass(frozen=True, slots=True)
class Text:
    body: str


@dataclass(frozen=True, slots=True)
class Image:
    id: str
    mime_type: str
    sha256: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Video:
    id: str
    mime_type: str
    sha256: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Audio:
    id: str
    mime_type: str
    sha256: str = ""
    voice: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    id: str
    mime_type: str
    sha256: str = ""
    caption: str = ""
    filename: str = ""


@dataclass(frozen=True, slots=True)
class Sticker:
    id: str
    mime_type: str
    sha256: str = ""
    animated: bool = False


@dataclass(frozen=True, slots=True)
class Location:
    latitude: float
    longitude: float
    name: str = ""
    address: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ContactPhone:
    phone: str = ""
    wa_id: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class ContactName:
    formatted_name: str = ""


@dataclass(frozen=True, slots=True)
class ContactCard:
    name: ContactName = ContactName()
    phones: tuple[ContactPhone, ...] = ()


@dataclass(frozen=True, slots=True)
class Contacts:
    cards: tuple[ContactCard, ...]


@dataclass(frozen=True, slots=True)
class ButtonReply:
    """A press on a reply button of an interactive message."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class ListReply:
    id: str
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class FlowReply:
    """`nfm_reply`: a completed flow. `response_json` is JSON in a string, and not always an object."""

    response_json: str
    name: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class CallPermissionReply:
    response: str = ""


@dataclass(frozen=True, slots=True)
class TemplateButton:
    """`button`: a press on a quick-reply button of a template."""

    text: str
    payload: str = ""


@dataclass(frozen=True, slots=True)
class OrderItem:
    product_retailer_id: str
    quantity: int
    item_price: Decimal | None = None
    """None, too, of a number that is no price in any currency: neither a page nor an event could show it."""
    currency: str | None = None

    def __post_init__(self) -> None:
        if self.item_price is not None and not _is_price(self.item_price):
            object.__setattr__(self, "item_price", None)


_DIGITS_BEFORE, _DIGITS_BEHIND = 14, 28
"""The point of a price. What a float adds behind it is no more than that, and arithmetic keeps 28 in all."""


def _is_price(number: Decimal) -> bool:
    _, digits, exponent = number.as_tuple()
    return isinstance(exponent, int) and exponent >= -_DIGITS_BEHIND and len(digits) + exponent <= _DIGITS_BEFORE


@dataclass(frozen=True, slots=True)
class Order:
    catalog_id: str
    product_items: tuple[OrderItem, ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Reaction:
    message_id: str
    emoji: str = ""
    """Empty: the reaction was removed."""


@dataclass(frozen=True, slots=True)
class System:
    """The customer's number or user id changed; `type` says which."""

    type: str
    body: str = ""
    wa_id: str = ""
    user_id: str = ""
    previous_user_id: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """The customer changed what they had written. WhatsApp allows it for a quarter of an hour."""

    original_message_id: str
    type: str
    """Meta's name of the type of `message`."""
    message: Content
    """What it says now."""


@dataclass(frozen=True, slots=True)
class Revoke:
    """The customer deleted a message for everyone."""

    original_message_id: str


@dataclass(frozen=True, slots=True)
class Unsupported:
    """WhatsApp itself could not hand this message over (error 131051)."""

    type: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A type, or a shape of a known type, that this version does not know."""

    type: str


Content = (
    Text
    | Image
    | Video
    | Audio
    | Document
    | Sticker
    | Location
    | Contacts
    | ButtonReply
    | ListReply
    | FlowReply
    | CallPermissionReply
    | TemplateButton
    | Order
    | Reaction
    | System
    | Edit
    | Revoke
    | Unsupported
    | Unknown
)


@dataclass(frozen=True, slots=True)
class ReferredProduct:
    """The customer asks about this very product, from the catalogue in the chat."""

    catalog_id: str
    product_retailer_id: str


@dataclass(frozen=True, slots=True)
class Context:
    """What a message refers to: an earlier message, a product, or its life as a forwarded one."""

    id: str = ""
    forwarded: bool = False
    frequently_forwarded: bool = False
    referred_product: ReferredProduct | None = None


@dataclass(frozen=True, slots=True)
class Referral:
    """The click-to-WhatsApp advertisement that brought the customer."""

    source_url: str = ""
    source_id: str = ""
    source_type: str = ""
    headline: str = ""
    body: str = ""
    ctwa_clid: str = ""


@dataclass(frozen=True, slots=True)
class InboundMessage:
    message_id: MessageId
    type: str
    """Meta's name of the type; one of `KNOWN_TYPES`, or whatever a later API sends."""
    content: Content
    sender: CustomerIdentity
    timestamp: datetime
    """Meta's own time of the message (UTC)."""
    received_at: datetime
    raw: Mapping[str, Any]
    """Meta's object as it came, so that nothing is lost that this version does not understand."""
    context: Context | None = None
    referral: Referral | None = None
    group_id: str | None = None

    KNOWN_TYPES: ClassVar[frozenset[str]] = frozenset(
        "text image video audio document sticker location contacts interactive button order reaction system edit "
        "revoke unsupported".split()
    )

    @property
    def counted_type(self) -> str:
        """The type under which usage counts it: a closed set, so that no sender can invent counters."""
        return known_type(self.type)


@dataclass(frozen=True, slots=True)
class Echo:
    """One item of `message_echoes[]`: what a person wrote to a customer from the seller's phone app."""

    message_id: MessageId
    recipient: CustomerIdentity
    at: datetime
    words: str

    @property
    def position(self) -> Position:
        return _position(self.at, self.at, self.message_id)


_SPOKEN_WITH = frozenset("text image video audio document location contacts interactive button order".split())


def words_of(content: Content) -> str:
    """The customer's own words in a message, of whatever type; empty where there are none."""
    match content:
        case Text(body=words) | Order(text=words) | TemplateButton(text=words):
            return words
        case Image(caption=words) | Video(caption=words) | Document(caption=words):
            return words
        case ButtonReply(title=words) | ListReply(title=words):
            return words
        case _:
            return ""


def known_type(message_type: str) -> str:
    return message_type if message_type in InboundMessage.KNOWN_TYPES else "unknown"


def as_it_says_now(content: Content) -> Content:
    """What the rules read: of an edit, the new content."""
    return content.message if isinstance(content, Edit) else content


def target_of(content: Content) -> MessageId | None:
    """The message that is edited, revoked or reacted to."""
    match content:
        case Edit(original_message_id=target) | Revoke(original_message_id=target) | Reaction(message_id=target):
            return MessageId(target)
        case _:
            return None


def with_words(content: Content, words: str) -> Content:
    """The same content, in other words; it is itself where it has none."""
    match content:
        case Text():
            return replace(content, body=words)
        case Image() | Video() | Document():
            return replace(content, caption=words)
        case _:
            return content


def expects_answer(message: InboundMessage) -> bool:
    """Whether somebody who sent this waits for an answer.

    Stickers, reactions, system notices, edits and types nobody understands do not; nor does a group, where the
    assistant is not spoken to. But a picture that WhatsApp could not hand over (error 131052) was sent to be seen.
    """
    if isinstance(message.content, Unknown):
        return message.group_id is None and message.type in _SPOKEN_WITH
    silent = Sticker | Reaction | System | Edit | Revoke | Unsupported | CallPermissionReply
    return message.group_id is None and not isinstance(message.content, silent)


def position_of(message: InboundMessage, at: datetime) -> Position:
    return _position(at, message.received_at, message.message_id)


def _position(at: datetime, received_at: datetime, message_id: MessageId) -> Position:
    """Meta's times have whole seconds: within one, the order of receipt decides, then the id."""
    return Position(f"{at:%Y-%m-%dT%H:%M:%SZ}#{int(received_at.timestamp() * 1000):013d}#{message_id}")


def position_of_send(at: datetime, key: str) -> Position:
    """Of what a person sends: it has no message id before Meta has it, so its key stands for one."""
    return _position(at, at, MessageId(key))


def message_id_of(position: Position) -> MessageId:
    return MessageId(position.split("#", 2)[2])


def month_of_position(position: Position) -> str:
    """In which what is said of that message counts (`usage.month_of`)."""
    return position[: len("YYYY-MM")]


def at_of(position: Position) -> datetime:
    """The message's own time, in whole seconds."""
    return datetime.strptime(position.split("#", 1)[0], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def received_at_of(position: Position) -> datetime:
    return datetime.fromtimestamp(int(position.split("#", 2)[1]) / 1000, UTC)
