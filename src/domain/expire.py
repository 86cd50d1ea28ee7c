"""Use case: a reply job was held up, and may have become stale.

An answer that comes after Meta's 24-hour window is none: Meta refuses it, and a customer who has waited for a day wants
a person, not a machine that woke up.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from domain.conversations import Owner, ReplyJob, Thread
from domain.escalations import EscalationReason
from domain.hand_over import HandoverPorts, hand_over, publish
from domain.replies import ReplyPurpose, ReplyState


class Fate(StrEnum):
    """What is to become of a job that was held up."""

    RUN = "run"
    """The window is open, or the job would send nothing: `answer` sees to it."""
    HAND_OVER = "hand_over"
    SETTLED = "settled"
    """Answered meanwhile, with a person already, or due to a newer message's job."""


def fate_of(job: ReplyJob, thread: Thread | None, now: datetime) -> Fate:
    if thread is None or thread.conversation.window_open(now):
        return Fate.RUN
    conversation = thread.conversation
    left = thread.reply_to(job.message_id, ReplyPurpose.ANSWER)
    if left is not None and left.state in {ReplyState.SENDING, ReplyState.UNCERTAIN, ReplyState.FAILED}:
        return Fate.RUN  # to tell a person what became of it; it is not sent again
    if conversation.owner is not Owner.ASSISTANT:
        return Fate.SETTLED
    offered_in_vain = conversation.awaiting is None and left is not None and left.state is ReplyState.READY
    return Fate.HAND_OVER if conversation.awaiting == job.message_id or offered_in_vain else Fate.SETTLED


def expire(job: ReplyJob, *, now: datetime, ports: HandoverPorts) -> Fate:
    """Calls a person where the job is stale. After anything but RUN the job has no more to do; it may be run again."""
    thread = ports.conversations.thread(job.tenant_id, job.customer_id)
    fate = fate_of(job, thread, now)
    if thread is not None and fate is Fate.HAND_OVER:
        handed_over = hand_over(
            thread.conversation,
            job,
            EscalationReason.WINDOW_CLOSED,
            now=now,
            tell=False,
            ports=ports,
        )
        return Fate.HAND_OVER if handed_over else Fate.SETTLED
    if fate is Fate.SETTLED:  # a worker that handed it over may have died before anybody was told
        publish(job.tenant_id, job.customer_id, job.position, ports=ports)
    return fate
