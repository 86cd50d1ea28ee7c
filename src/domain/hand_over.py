"""Use case: a person is called. Stored first, then published, so that a topic that is down loses nobody."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from domain.conversations import Conversation, Handover, ReplyJob
from domain.customers import CustomerId
from domain.escalations import DECIDED_BY_ASSISTANT, Escalation, EscalationReason
from domain.messages import Position
from domain.ownership import ASSISTANT, CUSTOMER, Change, OwnerChange
from domain.ports import Conversations, Escalations, HandoffNotifications
from domain.tenants import TenantId


class HandoverPorts(Protocol):
    """What it takes to call a person: part of the ports of every use case that may have to."""

    @property
    def conversations(self) -> Conversations: ...
    @property
    def escalations(self) -> Escalations: ...
    @property
    def notifications(self) -> HandoffNotifications: ...


def hand_over(  # noqa: PLR0913 (what is handed over, why, when, and whether it is told)
    conversation: Conversation,
    job: ReplyJob,
    reason: EscalationReason,
    *,
    now: datetime,
    tell: bool,
    ports: HandoverPorts,
) -> bool:
    """The assistant gives the conversation up; False if it no longer owned it.

    `tell`: whether the customer is to be told, which needs a message that Meta would take.
    """
    escalation = Escalation(
        tenant_id=job.tenant_id,
        phone_number_id=job.phone_number_id,
        customer_id=conversation.customer_id,
        message_id=job.message_id,
        position=job.position,
        reason=reason,
        at=now,
    )
    handover = Handover(job.message_id, reason, now, told=not (tell and conversation.window_open(now)))
    handed_over = ports.conversations.hand_over(job.tenant_id, handover, escalation)
    # Also where it was not: a worker that stored this very escalation may have died before it was published.
    publish(job.tenant_id, conversation.customer_id, job.position, ports=ports)
    return handed_over


def publish(tenant_id: TenantId, customer_id: CustomerId, position: Position, *, ports: HandoverPorts) -> None:
    """Publishes the escalation of one message if that is still to be done."""
    escalation = ports.conversations.pending_escalation(tenant_id, customer_id, position)
    if escalation is not None:
        ports.escalations.publish(escalation)
        if escalation.takes_over:
            ports.notifications.publish(handed_over(escalation))
        ports.conversations.escalation_published(tenant_id, escalation)


def handed_over(escalation: Escalation) -> OwnerChange:
    """The change of owner that an escalation is. It has no row of its own: the escalation's explains it."""
    by = ASSISTANT if escalation.reason in DECIDED_BY_ASSISTANT else CUSTOMER
    return OwnerChange(
        tenant_id=escalation.tenant_id,
        customer_id=escalation.customer_id,
        phone_number_id=escalation.phone_number_id,
        change=Change.HANDED_OVER,
        by=by,
        reason=escalation.reason,
        at=escalation.at,
        cause=escalation.position,
    )
