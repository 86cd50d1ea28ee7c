"""What Meta says became of a message that was sent from a tenant's number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.customers import CustomerIdentity
from domain.messages import MessageId
from domain.replies import Failure, ReplyId, parse_reply_id
from domain.usage import UsageDelta, billable, free, month_of


class DeliveryStatus(StrEnum):
    SENT = "sent"
    FAILED = "failed"
    DELIVERED = "delivered"
    READ = "read"
    PLAYED = "played"


# A status never goes backwards. What has been delivered did not fail: `failed` stands below it.
_RANK = {status: rank for rank, status in enumerate(DeliveryStatus)}
_ARRIVED = frozenset({DeliveryStatus.DELIVERED, DeliveryStatus.READ, DeliveryStatus.PLAYED})


@dataclass(frozen=True, slots=True)
class StatusUpdate:
    """One item of Meta's `statuses[]`."""

    message_id: MessageId
    status: str
    """A `DeliveryStatus`, or a word of Meta's that this version does not know."""
    at: datetime
    reply_id: ReplyId | None = None
    """`biz_opaque_callback_data`: names the reply that this is about, if one of ours."""
    billable_category: str | None = None
    """Pricing category, where Meta charges for the message."""
    free_category: str | None = None
    """Pricing category, where Meta says that it does not."""
    failure: Failure | None = None
    recipient: CustomerIdentity | None = None


@dataclass(frozen=True, slots=True)
class Free:
    """A message that was counted as one that Meta does not charge."""

    month: str
    """In which it was."""
    category: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """Everything known of one sent message, whoever sent it, and whether we know the message or not."""

    message_id: MessageId
    status: DeliveryStatus | None = None
    metered: bool = False
    """Whether it has been counted as billable: once, though two of its statuses carry the price."""
    reply_id: ReplyId | None = None
    failure: Failure | None = None
    free: Free | None = None
    """As what it has been counted, if Meta has said only that it is not charged."""


class Reach(StrEnum):
    """What one status changes, so that no more is written: of a message that we sent, three of these come."""

    MESSAGE = "message"
    """What is known of the message, and its price. Its reply, if it is one, shows nothing new."""
    REPLY = "reply"
    """What the reply shows, and nothing else."""
    BOTH = "both"
    """A reply is settled, fails, or did not fail after all; or has come further with a price that was not counted."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How one status changes a delivery."""

    delivery: Delivery
    moved: bool
    metered: tuple[UsageDelta, ...]
    at: datetime
    """Meta's time of the status."""
    reach: Reach = Reach.BOTH


def expected(update: StatusUpdate) -> Delivery | None:
    """What is nearly always known of a reply when this comes, so that nobody reads it: it was sent.

    None of other messages, of a failure, and of a price that an earlier status may have told.
    """
    if parse_reply_id(update.reply_id) is None:
        return None
    if update.status == DeliveryStatus.SENT:
        return Delivery(update.message_id, reply_id=update.reply_id)
    priced = update.billable_category is not None or update.free_category is not None
    if priced or update.status not in _ARRIVED:
        return None
    return Delivery(update.message_id, DeliveryStatus.SENT, reply_id=update.reply_id)


def earlier(status: DeliveryStatus) -> tuple[DeliveryStatus, ...]:
    """From which it goes forward to this."""
    return tuple(other for other in DeliveryStatus if _RANK[other] < _RANK[status])


def advance(known: Delivery, update: StatusUpdate) -> Progress:
    moved = update.status in _RANK and (
        known.status is None or _RANK[DeliveryStatus(update.status)] > _RANK[known.status]
    )
    delivery = replace(known, reply_id=known.reply_id or update.reply_id)
    if moved:
        status = DeliveryStatus(update.status)
        failure = update.failure if status is DeliveryStatus.FAILED else None
        delivery = replace(delivery, status=status, failure=failure)
    priced, metered = _priced(delivery, update)
    return Progress(priced, moved, metered, update.at, _reach(known, delivery, moved=moved, metered=bool(metered)))


def _reach(known: Delivery, delivery: Delivery, *, moved: bool, metered: bool) -> Reach:
    """The reply is known by its message's id once it is settled as sent: that needs not be told again."""
    if not moved or delivery.reply_id is None:
        return Reach.MESSAGE
    if known.reply_id is None or DeliveryStatus.FAILED in {known.status, delivery.status}:
        return Reach.BOTH
    if not metered:
        return Reach.REPLY
    return Reach.MESSAGE if delivery.status is DeliveryStatus.SENT else Reach.BOTH


def _priced(known: Delivery, update: StatusUpdate) -> tuple[Delivery, tuple[UsageDelta, ...]]:
    """Each message counts once, as charged or as free. Charged is the last word: what was counted as free is not."""
    month = month_of(update.at)
    if known.metered:
        return known, ()
    if update.billable_category is not None:
        taken_back = (UsageDelta(known.free.month, {free(known.free.category): -1}),) if known.free else ()
        counted = UsageDelta(month, {billable(update.billable_category): 1})
        return replace(known, metered=True, free=None), (counted, *taken_back)
    if update.free_category is not None and known.free is None:
        counted = UsageDelta(month, {free(update.free_category): 1})
        return replace(known, free=Free(month, update.free_category)), (counted,)
    return known, ()
