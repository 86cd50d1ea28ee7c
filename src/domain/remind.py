"""Use case: a conversation waits for a person, and nobody comes.

Each step is decided first, on the row of the wait and on the conversation's state in one transaction, and carried out
then; the row stays due until it is. So each is decided once, while somebody still waits, and a sweeper that dies is
followed by one that goes on. The note to the customer is sent by the function that sends: its job is asked for until
the ledger has the note.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from domain.conversations import Conversation, ReplyJob
from domain.due import DueItem
from domain.ports import Conversations, DueItems, Escalations, ReplyJobs, Tenants, Waits
from domain.tenants import Tenant
from domain.waiting import WaitingStep
from domain.waits import NotNoted, Wait

_ASK_AGAIN = timedelta(minutes=5)
"""For the note: a queue remembers a job for so long, and does not take it twice."""
_SUSPENDED = timedelta(hours=1)
"""After so long it is looked whether a suspended seller is active again."""


class RemindPorts(Protocol):
    @property
    def due(self) -> DueItems: ...
    @property
    def conversations(self) -> Conversations: ...
    @property
    def waits(self) -> Waits: ...
    @property
    def tenants(self) -> Tenants: ...
    @property
    def escalations(self) -> Escalations: ...
    @property
    def reply_jobs(self) -> ReplyJobs: ...


def remind(item: DueItem, *, now: datetime, ports: RemindPorts) -> WaitingStep | None:
    """The step that was carried out, or tried again; None where it was not yet time, or the wait is over."""
    wait = ports.waits.find(item.tenant_id, item)
    thread = ports.conversations.thread(item.tenant_id, item.customer_id)
    if wait is None or thread is None or not wait.goes_on(thread.conversation):
        ports.due.settled(item.tenant_id, item)
        return None
    number = ports.tenants.number(thread.conversation.phone_number_id)
    if number is None or not number.active or number.tenant.tenant_id != item.tenant_id:
        ports.waits.go_on(item.tenant_id, wait, now + _SUSPENDED)
        return None
    return _go_on(wait, thread.conversation, number.tenant, now, ports)


def _go_on(
    wait: Wait, conversation: Conversation, tenant: Tenant, now: datetime, ports: RemindPorts
) -> WaitingStep | None:
    following = tenant.waiting.following(wait.step, wait.since, tenant.opening_hours)
    overtaken = wait.step is WaitingStep.NOTE and following is not None and following[1] <= now
    if wait.carried_out or overtaken:
        if following is None or following[1] > now:
            ports.waits.go_on(tenant.tenant_id, wait, following[1] if following else None)
            return None
        given_up = not wait.carried_out and conversation.handover is not None and not conversation.handover.noted
        missed = NotNoted.TOO_LATE if given_up else wait.not_noted
        wait = replace(wait, step=following[0], step_at=now, carried_out=False, not_noted=missed)
        if not ports.waits.decide(tenant.tenant_id, wait):
            return None  # somebody came, or another sweeper has decided
        following = tenant.waiting.following(wait.step, wait.since, tenant.opening_hours)
    wait = _carry_out(wait, conversation, now, ports)
    moments = [following[1]] if following else []
    if not wait.carried_out:
        moments.append(now + _ASK_AGAIN)
    ports.waits.go_on(tenant.tenant_id, wait, min(moments, default=None))
    return wait.step


def _carry_out(wait: Wait, conversation: Conversation, now: datetime, ports: RemindPorts) -> Wait:
    if wait.step is not WaitingStep.NOTE:
        ports.escalations.publish(wait.repeated())
        return replace(wait, carried_out=True)
    if conversation.handover is not None and conversation.handover.noted:
        return replace(wait, carried_out=True)
    if not wait.tell:
        return replace(wait, carried_out=True, not_noted=NotNoted.NOT_TOLD)
    if not conversation.window_open(now):
        return replace(wait, carried_out=True, not_noted=NotNoted.WINDOW_CLOSED)
    called = wait.escalation
    ports.reply_jobs.put(
        ReplyJob(called.tenant_id, conversation.phone_number_id, called.customer_id, called.message_id, called.position)
    )
    return wait
