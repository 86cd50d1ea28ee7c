"""One message of the earlier system, and the rows that it becomes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.dynamodb_values import storable, time_text
from domain.conversations import Disposition, RecordedBecause
from domain.customers import CustomerId, first_customer_id
from domain.deliveries import DeliveryStatus
from domain.messages import MessageId, Position, position_of_send
from domain.replies import ReplyPurpose, ReplyState, reply_id
from domain.tenants import PhoneNumberId, TenantId
from ops.migrate.legacy import LegacyRow, UnfitRowError
from ops.migrate.rows import ASIDE, TargetRow

_IDS = ("messageId", "whatsappMessageId", "waMessageId", "wamid", "message_id", "id")
_TIMES = ("timestamp", "sentAt", "receivedAt", "createdAt", "time", "at")
_WORDS = ("text", "content", "body", "message")
_SIDES = ("direction", "role", "sender", "senderType", "type")
_IN = frozenset("in inbound incoming received customer user".split())
_OUT = frozenset("out outbound outgoing sent assistant bot ai agent human business system".split())
_MOST_WORDS = 4096
_MOST_ID = 512
_BY = "earlier-system"


@dataclass(frozen=True, slots=True)
class Chat:
    tenant_id: TenantId
    phone: str
    phone_number_id: PhoneNumberId

    @property
    def customer_id(self) -> CustomerId:
        return first_customer_id(self.tenant_id, self.phone)


@dataclass(frozen=True, slots=True)
class LegacyMessage:
    message_id: MessageId
    inbound: bool
    type: str
    words: str
    at: datetime
    status: str
    aside: dict[str, Any] | None

    @property
    def position(self) -> Position:
        """Its receipt is not known: within a second, the id decides."""
        return position_of_send(self.at, self.message_id)


def looks_like_a_message(row: LegacyRow) -> bool:
    return any(name in row.values for name in ("messageId", "whatsappMessageId", "wamid", "direction"))


def message_of(row: LegacyRow, chat: Chat) -> LegacyMessage:
    """Raises `UnfitRowError`."""
    at = row.time(*_TIMES)
    if at is None:
        raise UnfitRowError("a message has no time")
    inbound = _inbound(row)
    words = row.text(*_WORDS) or ""
    given = row.text(*_IDS)
    if given and len(given) > _MOST_ID:
        raise UnfitRowError("a message's id is too long to be one")
    status = (row.text("status", "deliveryStatus") or "").lower()
    kind = row.text("messageType", "type") or "text"
    return LegacyMessage(
        message_id=MessageId(given or _made_up(chat, at, words)),
        inbound=inbound,
        type="text" if kind.lower() in _IN | _OUT else kind.lower(),
        words=storable(words, _MOST_WORDS),
        at=at,
        status=status,
        aside=row.rest(),
    )


def _inbound(row: LegacyRow) -> bool:
    for name in _SIDES:
        side = (row.text(name) or "").lower()
        if side in _IN | _OUT:
            return side in _IN
    raise UnfitRowError("a message does not tell who wrote it")


def _made_up(chat: Chat, at: datetime, words: str) -> str:
    """The same for the same message, however often it is read."""
    told = "\0".join((chat.tenant_id, chat.phone, time_text(at), words))
    return f"earlier-{hashlib.sha256(told.encode()).hexdigest()[:32]}"


def message_rows(chat: Chat, message: LegacyMessage) -> Iterator[TargetRow]:
    """The pointer decides: a message that the new system has recorded itself stands elsewhere in the thread."""
    rows = _came_in(chat, message) if message.inbound else _went_out(chat, message)
    for content in rows:
        yield TargetRow("conversations", content, time_text(message.at))


def _came_in(chat: Chat, message: LegacyMessage) -> Iterator[dict[str, Any]]:
    decision = {"disposition": Disposition.RECORD, "reason": RecordedBecause.EARLIER_SYSTEM}
    who = {"tenantId": chat.tenant_id, "customerId": chat.customer_id}
    yield {**keys.pointer(chat.tenant_id, message.message_id), **who, "position": message.position, **decision}
    yield {
        **keys.message(chat.tenant_id, chat.customer_id, message.position),
        "tenantId": chat.tenant_id,
        "direction": "in",
        "messageId": message.message_id,
        "position": message.position,
        "type": message.type,
        "words": message.words or None,
        "at": time_text(message.at),
        "timestamp": time_text(message.at),
        **decision,
        ASIDE: message.aside,
    }


def _went_out(chat: Chat, message: LegacyMessage) -> Iterator[dict[str, Any]]:
    purpose = ReplyPurpose.SEND
    delivery = message.status if message.status in set(DeliveryStatus) else None
    failed = delivery == DeliveryStatus.FAILED
    yield {
        **keys.pointer(chat.tenant_id, message.message_id),
        "tenantId": chat.tenant_id,
        "customerId": chat.customer_id,
        "replyId": reply_id(chat.customer_id, message.position, purpose),
        "delivery": delivery,
        "metered": True,  # by the earlier system: a status that Meta repeats is not charged again
    }
    yield {
        **keys.reply(chat.tenant_id, chat.customer_id, message.position, purpose),
        "tenantId": chat.tenant_id,
        "customerId": chat.customer_id,
        "direction": "out",
        "position": message.position,
        "purpose": purpose,
        "words": message.words,
        "at": time_text(message.at),
        "state": ReplyState.FAILED if failed else ReplyState.SENT,
        "replyTo": message.message_id,
        "answers": [],
        "productIds": [],
        "attempts": 1,
        "by": _BY,
        "messageId": message.message_id,
        "delivery": delivery,
        ASIDE: message.aside,
    }
