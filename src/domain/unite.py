"""Use cases: two customers are one; or they are two after all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.change_owner import OwnerChangePorts, publish_change
from domain.conversations import Conversation, Owner, ReplyJob, TwoCustomers
from domain.customers import CustomerId
from domain.errors import ContentionError, NotAllowedError
from domain.merging import Split, Splittable, merge_of, split_of, still_awaited
from domain.ports import Conversations, Identities, ReplyJobs
from domain.tenants import TenantId

_TRIES = 3


class UnitePorts(OwnerChangePorts, Protocol):
    @property
    def identities(self) -> Identities: ...


@dataclass(frozen=True, slots=True)
class SplitPorts:
    identities: Identities
    conversations: Conversations
    reply_jobs: ReplyJobs


def unite(two: TwoCustomers, tenant_id: TenantId, *, cause: str, at: datetime, ports: UnitePorts) -> None:
    """One step towards one customer: whoever asked looks again, and finds one, or what has changed meanwhile."""
    one, other = (ports.identities.party(tenant_id, key) for key in two.keys)
    if one is None or other is None or one.customer.customer_id == other.customer.customer_id:
        return
    merge = merge_of(one, other, cause, at)
    if ports.identities.merge(tenant_id, merge) and merge.change is not None:
        publish_change(merge.change, ports)


def split_seen(tenant_id: TenantId, former: CustomerId, by: str, now: datetime, ports: SplitPorts) -> Split | None:
    """What a split would come to. None: this customer has not been merged into another, or no longer is."""
    merge = ports.identities.splittable(tenant_id, former)
    if merge is None:
        return None
    _check(merge)
    thread = ports.conversations.thread(tenant_id, merge.survivor.customer.customer_id)
    return split_of(merge, still_awaited(merge, thread) if thread else frozenset(), by, now)


def split(tenant_id: TenantId, former: CustomerId, *, by: str, now: datetime, ports: SplitPorts) -> Split | None:
    """Undoes a merge; None where there is none to undo. Whoever still waits for the assistant is answered.

    Raises `NotAllowedError` where another merge stands in the way.
    """
    for _ in range(_TRIES):
        split = split_seen(tenant_id, former, by, now, ports)
        if split is None:
            return None
        if ports.identities.split(tenant_id, split):
            for party in (split.survivor, split.former):
                _ask_for_reply(party.conversation, ports.reply_jobs)
            return split
    raise ContentionError("the customer kept changing while the merge was undone")


def _check(merge: Splittable) -> None:
    if merge.survivor.customer.customer_id != merge.before.customer.customer_id:
        raise NotAllowedError("the survivor has itself been merged since: undo that merge first")


def _ask_for_reply(conversation: Conversation, reply_jobs: ReplyJobs) -> None:
    """Whoever dies before has left the conversation due: then a person is called."""
    message_id, position = conversation.awaiting, conversation.awaiting_position
    if conversation.owner is not Owner.ASSISTANT or message_id is None or position is None:
        return
    number, customer_id = conversation.phone_number_id, conversation.customer_id
    reply_jobs.put(ReplyJob(conversation.tenant_id, number, customer_id, message_id, position))
