"""Conversations as the API tells them: the line of a list, and the thread behind it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import Field, StringConstraints

from domain.escalations import EscalationReason
from domain.inbox import Folder, InboxLine, Speaker
from domain.media import MediaKind, MediaRefusal, MediaState
from domain.orders import Difference
from domain.replies import ReplyPurpose, ReplyState
from domain.waiting import WaitingStep
from handlers.api.models import FromPath, Listed, Sent, Told
from handlers.api.product_models import ToldMoney

CustomerIdInPath = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-f]{24}$"),
    FromPath,
    Path(description="Ours: the `customerId` of a list."),
]


class ToldLast(Told):
    by: Speaker
    type: str
    words: str
    """Its beginning; empty where it has none."""
    at: datetime


class ToldHandover(Told):
    reason: EscalationReason
    at: datetime
    step: WaitingStep | None
    """What was last done about it that nobody has come."""


class ToldConversation(Told):
    customer_id: str
    name: str
    phone: str | None
    user_id: str | None
    state: Folder
    person: str | None
    """Id of the person who has it."""
    person_name: str | None
    handover: ToldHandover | None
    """Why it waits, or waited, for a person."""
    last: ToldLast | None
    """What was last written down of it."""
    inbound: int
    """The customer's messages, as far as they were counted."""
    unread: int
    unanswered_since: datetime | None
    last_inbound_at: datetime
    window_closes_at: datetime
    """From then on only templates can be sent."""
    language: str | None
    version: int
    """Grows with each change of who has it."""


class ConversationList(Listed):
    items: list[ToldConversation]
    """A page may be short, or empty, while others follow it."""


class ConversationCounts(Told):
    """Counted up to 100."""

    waiting_for_person: int
    person: int


class ToldMedia(Told):
    kind: MediaKind
    state: MediaState
    mime_type: str
    filename: str
    voice: bool
    size: int | None
    refusal: MediaRefusal | None
    link: str | None
    """Opens the file for some minutes."""


class ToldPlace(Told):
    latitude: float
    longitude: float
    name: str
    address: str


class ToldContact(Told):
    name: str
    phones: list[str]


class ToldCartItem(Told):
    product_id: str
    title: str
    """As the catalogue had it when the cart came; else the product's id."""
    quantity: int
    price: str | None
    """Of one piece, as the customer saw it."""
    currency: str | None


class ToldOrderLine(Told):
    product_id: str
    title: str
    quantity: int
    to_be_had: int
    price: ToldMoney | None
    seen_price: str | None
    seen_currency: str | None
    differences: list[Difference]


class ToldOrder(Told):
    lines: list[ToldOrderLine]
    total: ToldMoney | None


class ToldFailure(Told):
    """In Meta's words."""

    code: int | None
    title: str
    details: str


class ToldMessage(Told):
    kind: Literal["message"] = "message"
    message_id: str
    at: datetime
    type: str
    words: str
    first_words: str | None
    edited_at: datetime | None
    revoked_at: datetime | None
    in_reply_to: str
    referred_product_id: str | None
    media: ToldMedia | None
    cart: list[ToldCartItem] | None
    place: ToldPlace | None
    contacts: list[ToldContact]
    reactions: list[str]
    escalated: EscalationReason | None


class ToldReply(Told):
    kind: Literal["reply"] = "reply"
    reply_id: str
    message_id: str | None
    at: datetime
    by: Speaker
    person: str | None
    person_name: str | None
    purpose: ReplyPurpose
    type: str
    text: str
    template: str | None
    media_link: str | None
    in_reply_to: str
    state: ReplyState
    delivery: str | None
    """Meta's newest word on it: sent, delivered, read, played or failed."""
    failure: ToldFailure | None
    order: ToldOrder | None
    product_ids: list[str]
    reactions: list[str]


class ToldNote(Told):
    kind: Literal["note"] = "note"
    at: datetime
    by: str
    by_name: str
    words: str


class ToldChange(Told):
    kind: Literal["change"] = "change"
    at: datetime
    change: str
    by: str
    by_name: str | None
    reason: str
    person: str | None


class ToldEscalation(Told):
    kind: Literal["escalation"] = "escalation"
    at: datetime
    reason: EscalationReason
    priority: str
    message_id: str
    took_over: bool


ToldItem = Annotated[ToldMessage | ToldReply | ToldNote | ToldChange | ToldEscalation, Field(discriminator="kind")]


class ToldThread(Listed):
    """`nextCursor` leads to what is older."""

    customer_id: str
    """Of a customer who was merged into another: the other's."""
    conversation: ToldConversation | None
    """With the newest page alone."""
    items: list[ToldItem]
    """Oldest first."""


class SentDecision(Sent):
    """What was seen of the conversation: where it is another by now, nothing is done (409)."""

    version: Annotated[int, Field(ge=0)] | None = None
    inbound: Annotated[int, Field(ge=0)] | None = None
    reason: Annotated[str, Field(max_length=200)] = ""


class SentRead(Sent):
    inbound: Annotated[int, Field(ge=0)]
    """As the conversation was told: what came since stays unread."""


class SentNote(Sent):
    words: Annotated[str, Field(min_length=1, max_length=2000)]


def told_conversation(line: InboxLine) -> ToldConversation:
    conversation = line.conversation
    handover = conversation.handover
    return ToldConversation(
        customer_id=line.customer_id,
        name=line.name,
        phone=conversation.recipient.phone,
        user_id=conversation.recipient.user_id,
        state=line.folder,
        person=conversation.person,
        person_name=conversation.person_name,
        handover=ToldHandover.model_validate(handover) if handover else None,
        last=ToldLast.model_validate(line.last) if line.last else None,
        inbound=line.inbound,
        unread=line.unread,
        unanswered_since=line.unanswered_since,
        last_inbound_at=conversation.last_inbound_at,
        window_closes_at=line.window_closes_at,
        language=conversation.language,
        version=conversation.version,
    )
