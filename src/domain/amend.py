"""Use case: a message changes another one: an edit, a revocation, a reaction.

It is a message of its own, stored and counted as every other. What it says is then shown on the message that it points
to; where that has not come yet, it waits, and is part of what is recorded when that comes.

What is unanswered is answered as it now is. An edit, or a revocation that leaves others unanswered, becomes the message
that the conversation awaits, and its own job answers the burst: an answer that is under way to what was said before
finds itself superseded, one that is being sent stands. What was answered is not answered again; but an edit that asks
for a person calls one, and one that says "stop" ends offers, by the rules of every message (`receive.decide`).
"""

from __future__ import annotations

from typing import Protocol

from domain.amendments import Amendments, Waiting, amendments_of
from domain.conversations import (
    Amended,
    BurstChange,
    Decision,
    Disposition,
    Recorded,
    RecordedBecause,
    Thread,
)
from domain.errors import ContentionError
from domain.messages import InboundMessage, at_of, target_of
from domain.ports import Conversations, MessageAmendments
from domain.tenants import TenantId

_TRIES = 5


class AmendPorts(Protocol):
    @property
    def conversations(self) -> Conversations: ...
    @property
    def amendments(self) -> MessageAmendments: ...


def amend(message: InboundMessage, recorded: Recorded, tenant_id: TenantId, *, ports: AmendPorts) -> bool:
    """Whether the job of this very message is now to answer a burst. Safe to run again."""
    target = target_of(message.content)
    if target is None:
        return False
    said = amendments_of(message, recorded.customer_id, at_of(recorded.position))
    for _ in range(_TRIES):
        found = ports.amendments.find(tenant_id, target)
        if found is None:
            return False
        if isinstance(found, Waiting):
            waiting = found.joined(recorded.customer_id, said)
            if waiting == found or ports.amendments.wait(tenant_id, target, found, waiting):
                return False
            continue
        counts = _what_counts(said, found, recorded, tenant_id, ports.conversations)
        only_reacts = counts == counts.reactions_alone()
        thread = None if only_reacts else ports.conversations.thread(tenant_id, found.place.customer_id)
        amendments = found.amendments.joined(counts)
        if amendments == found.amendments:  # told before, by a worker that may have died since
            return thread is not None and thread.conversation.awaiting == message.message_id
        burst = None if thread is None else _burst(thread, found, amendments, recorded)
        if ports.amendments.save(tenant_id, found, amendments, burst):
            return burst is not None and burst.position == recorded.position
    raise ContentionError("a message kept changing while it was edited, revoked or reacted to")


def _what_counts(
    said: Amendments, found: Amended, recorded: Recorded, tenant_id: TenantId, conversations: Conversations
) -> Amendments:
    """Whoever reads a message may react to it; to edit or revoke it is for its own author."""
    if found.place.purpose is not None:
        return said.reactions_alone()
    own = found.place.customer_id == recorded.customer_id
    return said if own or _merged(found, recorded, tenant_id, conversations) else said.reactions_alone()


def _merged(found: Amended, recorded: Recorded, tenant_id: TenantId, conversations: Conversations) -> bool:
    """Whether the two customers have turned out to be one."""
    threads = [conversations.thread(tenant_id, one) for one in (found.place.customer_id, recorded.customer_id)]
    return len({thread.conversation.customer_id if thread else None for thread in threads}) == 1


def _burst(thread: Thread, found: Amended, amendments: Amendments, recorded: Recorded) -> BurstChange | None:
    """None where the message does not wait for an answer, or where what it says has not changed."""
    awaiting, unanswered = thread.conversation.awaiting, thread.unanswered()
    waits = any(message.message_id == found.message_id for message in unanswered)
    says_the_same = amendments.says == found.amendments.says
    if awaiting is None or not waits or says_the_same:
        return None
    decision, owner = _no_longer_to_be_answered(amendments, recorded), thread.conversation.customer_id
    if decision is not None and len(unanswered) == 1:
        return BurstChange(awaiting, None, decision, owner)
    if recorded.decision.to_be_confirmed:  # its own job is the confirmation: another's goes on answering
        return BurstChange(awaiting, thread.conversation.awaiting_position, decision, owner)
    return BurstChange(awaiting, recorded.position, decision, owner)


def _no_longer_to_be_answered(amendments: Amendments, recorded: Recorded) -> Decision | None:
    if amendments.revoked_at:
        return Decision(Disposition.RECORD, RecordedBecause.REVOKED)
    if recorded.decision.to_be_confirmed:
        return Decision(Disposition.RECORD, RecordedBecause.NO_ANSWER_EXPECTED)
    return None
