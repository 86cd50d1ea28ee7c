"""Use case: what should have happened by now, and did not.

Every promise that is not kept yet is a row with a due time: a message that waits for its answer, a reply that is being
sent, an escalation or change of owner that is to be published, a customer who waits for a person, a file that is to be
fetched. Whatever fails in between (a worker, a queue, a defect), the sweeper finds the row, and silence ends with a
person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.change_owner import publish_change
from domain.conversations import Conversation, Owner, ReplyJob, Thread
from domain.due import PATIENCE, DueItem, DueKind
from domain.escalations import EscalationReason
from domain.hand_over import hand_over, publish
from domain.media import MediaJob, MediaRefusal, due_again, expired
from domain.messages import Position, message_id_of
from domain.pausing import tell_pending
from domain.ports import (
    AccountAlerts,
    Conversations,
    DueItems,
    Escalations,
    HandoffNotifications,
    MediaJobs,
    MediaRecords,
    NumberStates,
    ReplyJobs,
    SendLedger,
    Tenants,
    Waits,
)
from domain.remind import remind
from domain.replies import WORKER_STOPPED, Reply, ReplyPurpose, ReplyState, SendOutcome, reply_id


class Swept(StrEnum):
    """What an overdue item came to."""

    PUBLISHED = "published"
    CALLED_PERSON = "called_person"
    ASKED_AGAIN = "asked_again"
    REMINDED = "reminded"
    """Nobody had come: a step was taken."""
    SETTLED = "settled"
    """Nothing was left to do but to say so."""


@dataclass(frozen=True, slots=True)
class SweepPorts:
    due: DueItems
    conversations: Conversations
    ledger: SendLedger
    reply_jobs: ReplyJobs
    escalations: Escalations
    notifications: HandoffNotifications
    waits: Waits
    tenants: Tenants
    number_states: NumberStates
    account_alerts: AccountAlerts
    media: MediaRecords
    media_jobs: MediaJobs


def sweep(item: DueItem, *, now: datetime, ports: SweepPorts) -> Swept:  # noqa: PLR0911 (one for each kind of item)
    """Safe to run again, and beside the function that the item belongs to: every step is conditional."""
    match item.kind:
        case DueKind.ESCALATION:
            return _publish_escalation(item, ports)
        case DueKind.OWNER_CHANGE:
            return _publish_change(item, ports)
        case DueKind.REPLY:
            return _settle_reply(item, now, ports)
        case DueKind.ACCOUNT_ALERT:
            told = tell_pending(item.tenant_id, item.alert_id, ports)
            return Swept.PUBLISHED if told else _settled(item, ports)
        case DueKind.CONVERSATION:
            return _end_silence(item, now, ports)
        case DueKind.WAIT:
            return Swept.REMINDED if remind(item, now=now, ports=ports) else Swept.SETTLED
        case DueKind.MEDIA:
            return _ask_for_file(item, now, ports)


def _publish_escalation(item: DueItem, ports: SweepPorts) -> Swept:
    position = item.position or Position("")
    thread = ports.conversations.thread(item.tenant_id, item.customer_id)
    handover = thread.conversation.handover if thread else None
    if thread and handover and not handover.told and handover.message_id == message_id_of(position):
        ports.reply_jobs.put(_job(thread, position))  # first: once it is published, nobody comes back to it
    publish(
        item.tenant_id,
        item.customer_id,
        position,
        ports=ports,
    )
    return Swept.PUBLISHED


def _publish_change(item: DueItem, ports: SweepPorts) -> Swept:
    change = ports.due.owner_change(item.tenant_id, item)
    if change is None:
        return Swept.SETTLED
    publish_change(change, ports)
    return Swept.PUBLISHED


def _settle_reply(item: DueItem, now: datetime, ports: SweepPorts) -> Swept:
    thread, reply = _look(item, ports)
    if thread is None or item.position is None:
        return _settled(item, ports)
    conversation, job = thread.conversation, _job(thread, item.position)
    if reply is not None and reply.state is ReplyState.SENDING:
        ports.ledger.settle(item.tenant_id, job, reply, SendOutcome(ReplyState.UNCERTAIN, failure=WORKER_STOPPED))
        _, reply = _look(item, ports)  # the worker itself, or a status, may have been faster
    seen_to = conversation.settled_through is not None and item.due_at <= conversation.settled_through
    if reply is not None and reply.state is ReplyState.READY:
        # It is due when its pause ends: whether a person has seen to it, its message tells.
        seen_to = conversation.seen_to(item.position)
    # Of a conversation that has been merged into this one, a person may have seen nothing.
    seen_to = seen_to and item.customer_id == conversation.customer_id
    if reply is not None and reply.state is ReplyState.READY and not seen_to and _wanted(reply, conversation, now):
        ports.reply_jobs.put(job)
        return Swept.ASKED_AGAIN
    reason = _REASONS.get(reply.state if reply else ReplyState.UNCERTAIN)
    if reason is None or seen_to or item.purpose is not ReplyPurpose.ANSWER:
        return _settled(item, ports)
    called = _call_person(thread, job, reason, now, ports)
    ports.due.settled(item.tenant_id, item)
    return Swept.CALLED_PERSON if called else Swept.SETTLED


def _look(item: DueItem, ports: SweepPorts) -> tuple[Thread | None, Reply | None]:
    thread = ports.conversations.thread(item.tenant_id, item.customer_id)
    if thread is None or item.position is None or item.purpose is None:
        return thread, None
    if item.purpose is ReplyPurpose.SEND:
        sent = ports.ledger.sent_under(item.tenant_id, item.customer_id, message_id_of(item.position))
        return thread, sent.reply if sent else None
    return thread, thread.reply(reply_id(item.customer_id, item.position, item.purpose))


_REASONS = {
    ReplyState.READY: EscalationReason.SEND_FAILED,
    ReplyState.UNCERTAIN: EscalationReason.REPLY_UNCERTAIN,
    ReplyState.FAILED: EscalationReason.SEND_FAILED,
}
"""Why a person is called for an answer that is left so. One that lies too far back to be seen may have been sent."""


def _wanted(reply: Reply, conversation: Conversation, now: datetime) -> bool:
    """Whether a reply that was refused for now is still to be sent, and could be."""
    if not conversation.window_open(now):
        return False
    if reply.purpose in {ReplyPurpose.HANDOVER_NOTE, ReplyPurpose.WAITING_NOTE}:
        handover = conversation.handover
        mine = handover is not None and handover.message_id == reply.reply_to
        return mine and conversation.owner is Owner.WAITING
    return conversation.owner is Owner.ASSISTANT and conversation.awaiting is None


def _end_silence(item: DueItem, now: datetime, ports: SweepPorts) -> Swept:
    thread = ports.conversations.thread(item.tenant_id, item.customer_id)
    position = thread.conversation.awaiting_position if thread else None
    if thread is None or position is None or thread.conversation.owner is not Owner.ASSISTANT:
        return _settled(item, ports)
    job = _job(thread, position)
    if not _call_person(thread, job, EscalationReason.UNANSWERED, now, ports):
        return Swept.SETTLED  # a newer message has come: what is due now is that one
    ports.reply_jobs.put(job)  # the customer is told, once, by the function that sends
    return Swept.CALLED_PERSON


def _ask_for_file(item: DueItem, now: datetime, ports: SweepPorts) -> Swept:
    position = item.position or Position("")
    job = MediaJob(item.tenant_id, item.customer_id, position)
    if expired(position, now):
        ports.media.refused(item.tenant_id, job, MediaRefusal.EXPIRED)
        return Swept.SETTLED
    ports.media_jobs.put(job)  # first: put twice it does no harm, due later and never put it would
    ports.media.due_again(item.tenant_id, job, due_again(position, now, PATIENCE[DueKind.MEDIA]))
    return Swept.ASKED_AGAIN


def _settled(item: DueItem, ports: SweepPorts) -> Swept:
    ports.due.settled(item.tenant_id, item)
    return Swept.SETTLED


def _call_person(thread: Thread, job: ReplyJob, reason: EscalationReason, now: datetime, ports: SweepPorts) -> bool:
    return hand_over(
        thread.conversation,
        job,
        reason,
        now=now,
        tell=reason is EscalationReason.UNANSWERED,
        ports=ports,
    )


def _job(thread: Thread, position: Position) -> ReplyJob:
    conversation = thread.conversation
    return ReplyJob(
        tenant_id=conversation.tenant_id,
        phone_number_id=conversation.phone_number_id,
        customer_id=conversation.customer_id,
        message_id=message_id_of(position),
        position=position,
    )
