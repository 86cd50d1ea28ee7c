"""The send ledger: every automatic reply, and what people send, written down before it is sent.

    READY ──▶ SENDING ──▶ SENT ──▶ DELIVERED, READ (told by Meta's statuses)
      ▲          │ ├────▶ FAILED      Meta refused it for good
      └──────────┘ └────▶ UNCERTAIN   no answer, or a worker that died: never sent again
       refused for now

A reply's id follows from the message that it answers, so every worker that tries to answer that message arrives at
the same row; whoever finds it in SENDING does not send. What a person sends has a key of its own instead, and is never
READY: refused for now is FAILED to them, since they see it and decide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

from domain.amendments import Reacted
from domain.customers import CustomerId
from domain.messages import MessageId, Position
from domain.model_use import ModelUse
from domain.orders import PricedOrder
from domain.usage import ANSWERS, REPLIES, SENDS

if TYPE_CHECKING:  # who only records messages does not pay for the forms of what is sent
    from domain.outbound import Content

ReplyId = NewType("ReplyId", str)
"""Also the `biz_opaque_callback_data` that Meta echoes in each status of the reply."""


class ReplyState(StrEnum):
    READY = "ready"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class ReplyPurpose(StrEnum):
    ANSWER = "answer"
    HANDOVER_NOTE = "handover_note"
    """Tells the customer, once, that a person will take over."""
    WAITING_NOTE = "waiting_note"
    """Tells the customer, once for each hand-over, that nobody has come yet."""
    OPT_OUT_NOTE = "opt_out_note"
    """Confirms that the customer gets no more offers, or gets them again."""
    PERSON = "person"
    """Not the assistant's: a person wrote it, from the phone app."""
    SEND = "send"
    """Not the assistant's either: a person, or the seller's system, sent it through `send`."""

    @property
    def counters(self) -> Mapping[str, int]:
        """As what it counts once it is sent."""
        if self is ReplyPurpose.SEND:
            return {SENDS: 1}
        return {REPLIES: 1, ANSWERS: 1} if self is ReplyPurpose.ANSWER else {REPLIES: 1}


@dataclass(frozen=True, slots=True)
class Failure:
    """Meta's code and words."""

    code: int | None
    title: str
    details: str = ""


REFUSED_FORM = frozenset({100, 131008, 131009})
"""Meta's codes for a parameter that is wrong or missing: among others, a product that is not in its catalogue."""

WORKER_STOPPED = Failure(None, "The worker stopped while the reply was being sent")
"""Not Meta's words: of a reply that somebody finds in SENDING, and whose sender is gone."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One row of the ledger."""

    reply_id: ReplyId
    purpose: ReplyPurpose
    text: str
    state: ReplyState
    reply_to: MessageId
    """The message after which it stands in the conversation."""
    answers: tuple[MessageId, ...]
    """Every message of the burst that it answers."""
    created_at: datetime
    product_ids: tuple[str, ...] = ()
    attempts: int = 0
    message_id: MessageId | None = None
    """WhatsApp's id, once it is sent."""
    delivery: str | None = None
    """Meta's newest word on it: sent, delivered, read, played or failed."""
    failure: Failure | None = None
    by: str | None = None
    """Who sent it, where that is not the assistant."""
    by_name: str | None = None
    not_before: datetime | None = None
    """In READY: when Meta may be asked again."""
    reactions: tuple[Reacted, ...] = ()
    order: PricedOrder | None = None
    """What it confirms."""
    shown: Content | None = None
    """The form that it is sent in, where that is more than its text."""
    use: ModelUse | None = None
    """What a language model was asked for it, whether or not the words are the model's."""

    @property
    def taken(self) -> bool:
        """Whether the messages that it answers need no other answer: it was sent, or perhaps was."""
        return self.state in {ReplyState.SENDING, ReplyState.SENT, ReplyState.UNCERTAIN}


@dataclass(frozen=True, slots=True)
class SendOutcome:
    """How a claimed reply left SENDING."""

    state: ReplyState
    message_id: MessageId | None = None
    failure: Failure | None = None
    not_before: datetime | None = None
    """With READY: when it is to be offered again."""
    as_text: bool = False
    """With SENT: Meta refused its form, and took its text."""


def reply_id(customer_id: CustomerId, position: Position, purpose: ReplyPurpose) -> ReplyId:
    """Names customer, place and purpose: a status that carries it finds its row without a search."""
    return ReplyId(f"{customer_id}|{position}|{purpose}")


# As `reply_id` and `messages.position_of` put it together.
_REPLY_ID = re.compile(
    r"(?P<customer_id>[0-9a-f]{24})\|(?P<position>[-:0-9TZ]{20}#\d{13}#(?P<message_id>.+))\|"
    rf"(?P<purpose>{'|'.join(ReplyPurpose)})",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class ParsedReplyId:
    customer_id: CustomerId
    position: Position
    message_id: MessageId
    purpose: ReplyPurpose


def parse_reply_id(callback_data: str | None) -> ParsedReplyId | None:
    """None where the callback data is not ours: other software may send from the same number."""
    found = _REPLY_ID.fullmatch(callback_data or "")
    if found is None:
        return None
    return ParsedReplyId(
        customer_id=CustomerId(found["customer_id"]),
        position=Position(found["position"]),
        message_id=MessageId(found["message_id"]),
        purpose=ReplyPurpose(found["purpose"]),
    )
