"""What Meta says became of a message that was sent from a tenant's number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.customers import CustomerIdentity
from domain.messages import MessageId
from domain.replies import Failure, ReplyId
from domain.usage import UsageDelta, billable, free, month_of


class DeliveryStatus(StrEnum):
    SENT = "sent"
    FAILED = "failed"
    DELIVERED = "delivered"
    READ = "read"
    PLAYED = "played"


# A status never goes backwards. What has been delivered did not fail: `failed` stands below it.
_RANK = {status: rank for rank, status in enumerate(DeliveryStatus)}


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


@dataclass(frozen=True, slots=True)
class Progress:
    """How one status changes a delivery."""

    delivery: Delivery
    moved: bool
    metered: tuple[UsageDelta, ...]
    at: datetime
    """Meta's time of the status."""


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
    return Progress(priced, moved, metered, update.at)


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
