"""A conversation that nobody has: what a seller asks their own assistant, and what a customer would get to read.

Apart from the use case, which brings the guard: its patterns are for whoever rehearses, not for every page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from domain.catalogue import Product
from domain.conversations import Decision, Disposition, RecordedBecause, ThreadMessage
from domain.customers import CustomerId, CustomerIdentity
from domain.escalations import EscalationReason
from domain.findings import Finding
from domain.messages import InboundMessage, MessageId, Text, position_of
from domain.model_use import ModelUse
from domain.outbound import Content
from domain.replies import Reply, ReplyPurpose, ReplyState, reply_id

if TYPE_CHECKING:
    from domain.ports import Assistant, GroundingLog, TurnCatalogue
    from domain.ports_administration import TenantNumbers, TenantProfiles
    from domain.ports_usage import UsageWatch
    from domain.request_limits import RequestCounts

MOST_REMEMBERED = 6
"""Exchanges that the assistant is told of."""

_NOBODY = CustomerIdentity(phone="10000000000")
_NOBODYS = CustomerId("0" * 24)
_BETWEEN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class RehearsalPorts:
    profiles: TenantProfiles
    numbers: TenantNumbers
    assistant: Assistant
    catalogue: TurnCatalogue
    grounding: GroundingLog
    usage: UsageWatch
    counts: RequestCounts


class Said(StrEnum):
    """What a question came to."""

    ANSWER = "answer"
    PERSON = "person"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Exchange:
    asked: str
    said: Said
    text: str
    """What the customer would read: the answer, or what tells them of it; empty: nothing is sent."""
    language: str
    reason: EscalationReason | RecordedBecause | None = None
    """Why a person is called, or nothing answered."""
    product_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """The newest exchange, with all that is known of it."""

    exchange: Exchange
    cited: tuple[Product, ...] = ()
    shown: Content | None = None
    """The form of the message, where that is more than its text."""
    findings: tuple[Finding, ...] = ()
    """What the catalogue did not prove, of drafts that nobody would have got."""
    use: ModelUse | None = None
    """None: no model was asked."""


def message_of(asked: str, number: int, now: datetime) -> InboundMessage:
    """As WhatsApp would deliver it."""
    return InboundMessage(
        message_id=MessageId(f"rehearsal.{number}"),
        type="text",
        content=Text(asked),
        sender=_NOBODY,
        timestamp=now,
        received_at=now,
        raw={},
    )


def kept(message: InboundMessage, words: str, decision: Decision) -> ThreadMessage:
    """As the conversation would keep it."""
    position = position_of(message, message.timestamp)
    return ThreadMessage(message.message_id, position, message.type, words, message.timestamp, decision)


def history_of(talk: Sequence[Exchange], now: datetime) -> Iterator[ThreadMessage | Reply]:
    """What was said before, as the conversation's rows would tell it: the last of it a minute ago."""
    for number, exchange in enumerate(talk):
        message = message_of(exchange.asked, number, now - _BETWEEN * (len(talk) - number))
        asked = kept(message, exchange.asked, Decision(Disposition.ANSWER))
        yield asked
        if exchange.text:
            yield _sent(exchange, asked)


def _sent(exchange: Exchange, asked: ThreadMessage) -> Reply:
    purpose = ReplyPurpose.ANSWER if exchange.said is Said.ANSWER else ReplyPurpose.HANDOVER_NOTE
    return Reply(
        reply_id=reply_id(_NOBODYS, asked.position, purpose),
        purpose=purpose,
        text=exchange.text,
        state=ReplyState.SENT,
        reply_to=asked.message_id,
        answers=(asked.message_id,),
        created_at=asked.at,
        product_ids=exchange.product_ids,
    )
