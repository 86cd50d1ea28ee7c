"""What becomes of two customers who turn out to be one, and of one who turns out to be two after all.

The survivor is who was here first. Nothing moves: messages, replies and escalations stay where they were written, under
the ids that statuses and reply jobs name. What moves is what is decided on: counts, identities, who speaks for the
seller, and which message waits for an answer.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.conversations import Conversation, Owner, Thread
from domain.customers import Customer, CustomerId, CustomerIdentity
from domain.messages import MessageId, Position
from domain.opt_out import OptOut
from domain.ownership import CUSTOMER, Change, OwnerChange
from domain.tenants import TenantId
from domain.usage import OLDEST_CREDIBLE, month_of

_RANK = {Owner.ASSISTANT: 0, Owner.WAITING: 1, Owner.PERSON: 2}


@dataclass(frozen=True, slots=True)
class Party:
    """A customer with their conversation."""

    customer: Customer
    conversation: Conversation
    opt_out: OptOut | None = None
    seen: object = field(default=None, compare=False, repr=False)
    """The store's own notes of what it read: handed back with what is decided about it."""

    @property
    def keys(self) -> frozenset[str]:
        return self.customer.aliases | {self.customer.key}


@dataclass(frozen=True, slots=True)
class Merge:
    tenant_id: TenantId
    survivor: Party
    former: Party
    merged: Party
    """The survivor from now on."""
    cause: str
    """Id of the message that named the two as one."""
    at: datetime
    uncounted: tuple[str, ...]
    """Months in which the one customer has been counted twice, and that are still open."""
    change: OwnerChange | None
    """Where the survivor's conversation gets another owner by it."""


@dataclass(frozen=True, slots=True)
class PastMerge:
    """As history tells it."""

    former: CustomerId
    cause: str
    at: datetime
    undone_at: datetime | None = None
    undone_by: str | None = None


@dataclass(frozen=True, slots=True)
class Splittable:
    """A merge that has not been undone, and what has become of the survivor since."""

    survivor: Party
    before: Party
    former: Party
    """Both as they were before the merge."""
    merged: Party
    """The survivor, directly after it."""
    cause: str
    at: datetime
    uncounted: tuple[str, ...]
    seen: object = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Split:
    splittable: Splittable
    survivor: Party
    former: Party
    """Both from now on."""
    by: str
    at: datetime


def merge_of(one: Party, other: Party, cause: str, at: datetime) -> Merge:
    survivor, former = sorted((one, other), key=lambda it: (it.customer.first_interaction, it.customer.customer_id))
    customer = _customer(survivor.customer, former.customer)
    merged = Party(
        customer=customer,
        conversation=_conversation(survivor.conversation, former.conversation, customer),
        opt_out=_newer(survivor.opt_out, former.opt_out),
    )
    open_since = month_of(at - OLDEST_CREDIBLE)
    both = survivor.customer.active_months & former.customer.active_months
    return Merge(
        tenant_id=survivor.customer.tenant_id,
        survivor=survivor,
        former=former,
        merged=merged,
        cause=cause,
        at=at,
        uncounted=tuple(sorted(month for month in both if month >= open_since)),
        change=_change(survivor.conversation, merged.conversation, at),
    )


def _customer(survivor: Customer, former: Customer) -> Customer:
    # Who moved last knows best by which number they are reached; else, who wrote last.
    newer, older = sorted((survivor, former), key=lambda it: (it.moved_by, it.last_interaction), reverse=True)
    hidden = newer.moved_by and not newer.identity.phone  # the number that the older row holds is theirs no longer
    identity = CustomerIdentity(
        phone=newer.identity.phone or (None if hidden else older.identity.phone),
        user_id=newer.identity.user_id or older.identity.user_id,
        profile_name=newer.identity.profile_name or older.identity.profile_name,
        username=newer.identity.username or older.identity.username,
    )
    return replace(
        survivor,
        identity=identity,
        first_interaction=min(survivor.first_interaction, former.first_interaction),
        last_interaction=max(survivor.last_interaction, former.last_interaction),
        message_count=survivor.message_count + former.message_count,
        active_months=survivor.active_months | former.active_months,
        aliases=survivor.aliases | former.aliases | {former.key},
        moved_by=newer.moved_by,
        former_customer_ids=survivor.former_customer_ids | former.former_customer_ids | {former.customer_id},
        apart_from=survivor.apart_from | former.apart_from,
    )


def _conversation(survivor: Conversation, former: Conversation, customer: Customer) -> Conversation:
    """The stronger owner keeps it, with what they were called for; of two equals the survivor's."""
    stronger = former if _RANK[former.owner] > _RANK[survivor.owner] else survivor
    newer, older = sorted((survivor, former), key=lambda it: it.last_inbound_at, reverse=True)
    awaiting, position = _newest_awaited(survivor, former)
    return replace(
        survivor,
        phone_number_id=newer.phone_number_id,
        recipient=CustomerIdentity(customer.identity.phone, customer.identity.user_id),
        owner=stronger.owner,
        person=stronger.person,
        handover=stronger.handover,
        awaiting=awaiting,
        awaiting_position=position,
        last_inbound_at=newer.last_inbound_at,
        language=newer.language or older.language,
        resolved=survivor.resolved and former.resolved,
        version=max(survivor.version, former.version) + 1,
    )


def _newest_awaited(*conversations: Conversation) -> tuple[MessageId | None, Position | None]:
    """Its job answers all that is unanswered in both; the other's finds itself superseded."""
    awaited = [(it.awaiting_position, it.awaiting) for it in conversations if it.awaiting and it.awaiting_position]
    position, message_id = max(awaited, default=(None, None))
    return message_id, position


def _newer(one: OptOut | None, other: OptOut | None) -> OptOut | None:
    return other if other is not None and other.supersedes(one) else one


def _change(before: Conversation, after: Conversation, at: datetime) -> OwnerChange | None:
    """Who follows the survivor's conversation learns what the other one brings."""
    changes = {Owner.PERSON: Change.TAKEN_OVER, Owner.WAITING: Change.HANDED_OVER, Owner.ASSISTANT: Change.REOPENED}
    if after.owner is before.owner and after.resolved == before.resolved:
        return None
    return OwnerChange(
        tenant_id=after.tenant_id,
        customer_id=after.customer_id,
        phone_number_id=after.phone_number_id,
        change=changes[after.owner],
        by=CUSTOMER,
        reason="merged with another conversation of the same customer",
        at=at,
        cause=f"v{before.version}",
        person=after.person,
    )


def still_awaited(merge: Splittable, thread: Thread) -> frozenset[MessageId]:
    """Of what the two awaited before they were merged, that which nobody has answered since.

    By what is unanswered of each: what is awaited may be an edit, which is itself no question.
    """
    unanswered: defaultdict[CustomerId, list[Position]] = defaultdict(list)
    for message in thread.unanswered():
        whose = message.merged_from.customer_id if message.merged_from else thread.conversation.customer_id
        unanswered[whose].append(message.position)
    return frozenset(
        conversation.awaiting
        for conversation in (merge.before.conversation, merge.former.conversation)
        if conversation.awaiting is not None and conversation.awaiting_position is not None
        if any(position <= conversation.awaiting_position for position in unanswered[conversation.customer_id])
    )


def split_of(merge: Splittable, unanswered: frozenset[MessageId], by: str, at: datetime) -> Split:
    """`unanswered`: as `still_awaited` tells.

    Messages that came after the merge stay with the survivor. Whoever has taken the one conversation, or given it
    back, since then, has done so with both.
    """
    survivor = Party(
        customer=_survivor_alone(merge),
        conversation=_conversation_alone(merge, unanswered),
        opt_out=merge.survivor.opt_out,
    )
    recipient = CustomerIdentity(survivor.customer.identity.phone, survivor.customer.identity.user_id)
    survivor = replace(survivor, conversation=replace(survivor.conversation, recipient=recipient))
    stopped = merge.survivor.opt_out if merge.survivor.opt_out and merge.survivor.opt_out.opted_out else None
    former = Party(
        customer=replace(
            merge.former.customer,
            apart_from=merge.former.customer.apart_from | {merge.survivor.customer.customer_id},
        ),
        conversation=_former_again(merge, unanswered),
        opt_out=_newer(merge.former.opt_out, stopped),  # who wanted no offers while the two were one, gets none
    )
    return Split(merge, survivor, former, by, at)


def _survivor_alone(merge: Splittable) -> Customer:
    now, before, merged = merge.survivor.customer, merge.before.customer, merge.merged.customer
    theirs = merge.former.customer
    quiet = now.message_count == merged.message_count
    months = before.active_months | (now.active_months - theirs.active_months)
    identity = now.identity
    if now.identity.phone in merge.former.keys:
        identity = replace(identity, phone=before.identity.phone)
    if now.identity.user_id in merge.former.keys:
        identity = replace(identity, user_id=before.identity.user_id)
    return replace(
        now,
        identity=before.identity if quiet else identity,
        first_interaction=before.first_interaction,
        last_interaction=before.last_interaction if quiet else now.last_interaction,
        message_count=now.message_count - theirs.message_count,
        active_months=months if quiet else months | {month_of(now.last_interaction)},
        aliases=now.aliases - merge.former.keys,
        moved_by=before.moved_by if now.moved_by == merged.moved_by else now.moved_by,
        former_customer_ids=now.former_customer_ids - theirs.former_customer_ids - {theirs.customer_id},
        apart_from=now.apart_from | {theirs.customer_id},
    )


def _owner_unchanged(merge: Splittable) -> bool:
    return merge.survivor.conversation.version == merge.merged.conversation.version


def _conversation_alone(merge: Splittable, unanswered: frozenset[MessageId]) -> Conversation:
    now, before = merge.survivor.conversation, merge.before.conversation
    awaiting, position = now.awaiting, now.awaiting_position
    if awaiting is not None and awaiting == merge.former.conversation.awaiting:
        awaiting, position = _still(before, unanswered)
    quiet = merge.survivor.customer.message_count == merge.merged.customer.message_count
    owned = _owned_as(before, now) if _owner_unchanged(merge) else now
    return replace(
        owned,
        awaiting=awaiting,
        awaiting_position=position,
        last_inbound_at=before.last_inbound_at if quiet else now.last_inbound_at,
        version=now.version + 1,
    )


def _former_again(merge: Splittable, unanswered: frozenset[MessageId]) -> Conversation:
    now, before = merge.survivor.conversation, merge.former.conversation
    awaiting, position = _still(before, unanswered)
    owned = before if _owner_unchanged(merge) else _owned_as(now, before)
    if owned is not before and now.settled_through != merge.merged.conversation.settled_through:
        owned = replace(owned, settled_through=now.settled_through)
    return replace(owned, awaiting=awaiting, awaiting_position=position, version=now.version + 1)


def _still(before: Conversation, unanswered: frozenset[MessageId]) -> tuple[MessageId | None, Position | None]:
    return (before.awaiting, before.awaiting_position) if before.awaiting in unanswered else (None, None)


def _owned_as(owned: Conversation, of: Conversation) -> Conversation:
    return replace(of, owner=owned.owner, person=owned.person, handover=owned.handover, resolved=owned.resolved)
