"""Use case: a person is called. Stored first, then published, so that a topic that is down loses nobody."""

from __future__ import annotations

from datetime import datetime

from domain.conversations import Conversation, Handover, ReplyJob
from domain.customers import CustomerId
from domain.escalations import Escalation, EscalationReason
from domain.messages import Position
from domain.ports import Conversations, Escalations
from domain.tenants import TenantId


def hand_over(  # noqa: PLR0913 (a use case receives each of its ports by name)
    conversation: Conversation,
    job: ReplyJob,
    reason: EscalationReason,
    *,
    now: datetime,
    tell: bool,
    conversations: Conversations,
    escalations: Escalations,
) -> bool:
    """The assistant gives the conversation up; False if it no longer owned it.

    `tell`: whether the customer is to be told, which needs a message that Meta would take.
    """
    escalation = Escalation(
        tenant_id=job.tenant_id,
        phone_number_id=job.phone_number_id,
        customer_id=job.customer_id,
        message_id=job.message_id,
        position=job.position,
        reason=reason,
        at=now,
    )
    handover = Handover(job.message_id, reason, now, told=not (tell and conversation.window_open(now)))
    handed_over = conversations.hand_over(job.tenant_id, handover, escalation)
    # Also where it was not: a worker that stored this very escalation may have died before it was published.
    publish(job.tenant_id, job.customer_id, job.position, conversations=conversations, escalations=escalations)
    return handed_over


def publish(
    tenant_id: TenantId,
    customer_id: CustomerId,
    position: Position,
    *,
    conversations: Conversations,
    escalations: Escalations,
) -> None:
    """Publishes the escalation of one message if that is still to be done."""
    escalation = conversations.pending_escalation(tenant_id, customer_id, position)
    if escalation is not None:
        escalations.publish(escalation)
        conversations.escalation_published(tenant_id, escalation)
