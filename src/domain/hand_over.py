"""Use case: a person is called. Stored first, then published, so that a topic that is down loses nobody."""

from __future__ import annotations

from datetime import datetime

from domain.conversations import Conversation, Handover, ReplyJob
from domain.customers import CustomerId
from domain.escalations import DECIDED_BY_ASSISTANT, Escalation, EscalationReason
from domain.messages import Position
from domain.ownership import ASSISTANT, CUSTOMER, Change, OwnerChange
from domain.ports import Conversations, Escalations, HandoffNotifications
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
    notifications: HandoffNotifications,
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
    publish(
        job.tenant_id,
        job.customer_id,
        job.position,
        conversations=conversations,
        escalations=escalations,
        notifications=notifications,
    )
    return handed_over


def publish(  # noqa: PLR0913 (as above)
    tenant_id: TenantId,
    customer_id: CustomerId,
    position: Position,
    *,
    conversations: Conversations,
    escalations: Escalations,
    notifications: HandoffNotifications,
) -> None:
    """Publishes the escalation of one message if that is still to be done."""
    escalation = conversations.pending_escalation(tenant_id, customer_id, position)
    if escalation is not None:
        escalations.publish(escalation)
        if escalation.takes_over:
            notifications.publish(handed_over(escalation))
        conversations.escalation_published(tenant_id, escalation)


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
