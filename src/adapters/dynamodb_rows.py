"""The rows of the conversations table, to and from the things of the domain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.dynamodb_amended import amendments_of
from adapters.dynamodb_media_rows import media_of
from adapters.dynamodb_orders import order_of, priced_of
from adapters.dynamodb_values import storable, time_of, time_text
from adapters.model_use_rows import model_use_of
from domain.conversations import (
    Conversation,
    ConversationId,
    Decision,
    Disposition,
    Handover,
    Owner,
    RecordedBecause,
    ThreadMessage,
)
from domain.customers import CustomerId, CustomerIdentity
from domain.escalations import Escalation, EscalationReason
from domain.inbox import Folder
from domain.messages import MessageId, Position
from domain.ownership import Change, OwnerChange
from domain.replies import Failure, Reply, ReplyPurpose, ReplyState, reply_id
from domain.tenants import PhoneNumberId, TenantId
from domain.waiting import WaitingStep

Row = Mapping[str, Any]

_MOST_CHARACTERS_OF_META = 2000

NO_LONGER_AWAITING = ("awaiting", "awaitingPosition", "due", "dueAt")
"""Attributes of the state row while a message waits for its answer; `due` keeps it in the sparse index."""

HANDOVER = ("handoverMessageId", "handoverReason", "handoverAt", "handoverTold", "handoverStep", "handoverNoted")
"""Attributes of the state row since the escalation that made the conversation wait."""


def conversation_of(row: Row) -> Conversation:
    handover = None
    if "handoverReason" in row:
        handover = Handover(
            message_id=MessageId(row["handoverMessageId"]),
            reason=EscalationReason(row["handoverReason"]),
            at=time_of(row["handoverAt"]),
            told=row["handoverTold"],
            step=WaitingStep(row["handoverStep"]) if "handoverStep" in row else None,
            noted=row.get("handoverNoted", False),
        )
    return Conversation(
        conversation_id=ConversationId(row["conversationId"]),
        tenant_id=TenantId(row["tenantId"]),
        customer_id=CustomerId(row["customerId"]),
        phone_number_id=PhoneNumberId(row["phoneNumberId"]),
        recipient=CustomerIdentity(phone=row.get("phone"), user_id=row.get("userId")),
        owner=Owner(row["owner"]),
        awaiting=MessageId(row["awaiting"]) if "awaiting" in row else None,
        awaiting_position=Position(row["awaitingPosition"]) if "awaitingPosition" in row else None,
        last_inbound_at=time_of(row["lastInboundAt"]),
        language=row.get("language"),
        handover=handover,
        person=row.get("person"),
        person_name=row.get("personName"),
        resolved=row.get("resolved", False),
        version=int(row.get("version", 0)),
        settled_through=time_of(row["settledThrough"]) if "settledThrough" in row else None,
    )


def handover_attributes(tenant_id: TenantId, handover: Handover) -> dict[str, Any]:
    """Of a state row whose conversation begins to wait for a person."""
    return {
        "owner": Owner.WAITING,
        "inbox": keys.inbox(tenant_id, Folder.WAITING),
        "handoverMessageId": handover.message_id,
        "handoverReason": handover.reason,
        "handoverAt": time_text(handover.at),
        "handoverTold": handover.told,
    }


def entry_of(row: Row) -> ThreadMessage | Reply:
    return _message_of(row).amended(amendments_of(row)) if row["direction"] == "in" else reply_of(row)


def decision_of(row: Row) -> Decision:
    disposition, reason = Disposition(row["disposition"]), row.get("reason")
    if reason is None:
        return Decision(disposition)
    meaning = EscalationReason if disposition is Disposition.ESCALATE else RecordedBecause
    return Decision(disposition, meaning(reason))


def _message_of(row: Row) -> ThreadMessage:
    return ThreadMessage(
        message_id=MessageId(row["messageId"]),
        position=Position(row["position"]),
        type=row["type"],
        words=row.get("words", ""),
        at=time_of(row["at"]),
        decision=decision_of(row),
        referred_product_id=row.get("referredProductId"),
        media=media_of(row),
        order=order_of(row),
    )


def reply_of(row: Row) -> Reply:
    return Reply(
        reply_id=reply_id(CustomerId(row["customerId"]), Position(row["position"]), ReplyPurpose(row["purpose"])),
        purpose=ReplyPurpose(row["purpose"]),
        text=row["words"],
        state=ReplyState(row["state"]),
        reply_to=MessageId(row["replyTo"]),
        answers=tuple(map(MessageId, row["answers"])),
        created_at=time_of(row["at"]),
        product_ids=tuple(row["productIds"]),
        attempts=int(row["attempts"]),
        message_id=MessageId(row["messageId"]) if "messageId" in row else None,
        delivery=row.get("delivery"),
        failure=failure_of(row),
        by=row.get("by"),
        by_name=row.get("byName"),
        not_before=time_of(row["notBefore"]) if "notBefore" in row else None,
        reactions=amendments_of(row).reactions,
        order=priced_of(row),
        use=model_use_of(row),
    )


def failure_attributes(failure: Failure | None) -> dict[str, Any]:
    """Meta's code and words, on the row of the message that they are about."""
    if failure is None:
        return {}
    return {
        "failureCode": failure.code,
        "failureTitle": storable(failure.title, _MOST_CHARACTERS_OF_META),
        "failureDetails": storable(failure.details, _MOST_CHARACTERS_OF_META) or None,
    }


def stale_failure(failure: Failure | None) -> tuple[str, ...]:
    """What an earlier failure may have left on the row and `failure` does not replace."""
    current = failure_attributes(failure)
    return tuple(name for name in ("failureCode", "failureTitle", "failureDetails") if current.get(name) is None)


def failure_of(row: Row) -> Failure | None:
    if "failureTitle" not in row:
        return None
    code = row.get("failureCode")
    return Failure(None if code is None else int(code), row["failureTitle"], row.get("failureDetails", ""))


def escalation_item(escalation: Escalation) -> dict[str, Any]:
    """Due until it is published."""
    return {
        **keys.escalation(escalation.tenant_id, escalation.customer_id, escalation.position),
        "tenantId": escalation.tenant_id,
        "customerId": escalation.customer_id,
        "phoneNumberId": escalation.phone_number_id,
        "messageId": escalation.message_id,
        "position": escalation.position,
        "reason": escalation.reason,
        "priority": escalation.priority,
        "at": time_text(escalation.at),
        "takesOver": escalation.takes_over,
        "published": False,
        "due": keys.due(escalation.customer_id),
        "dueAt": time_text(escalation.at),
    }


def escalation_of(row: Row) -> Escalation:
    return Escalation(
        tenant_id=TenantId(row["tenantId"]),
        phone_number_id=PhoneNumberId(row["phoneNumberId"]),
        customer_id=CustomerId(row["customerId"]),
        message_id=MessageId(row["messageId"]),
        position=Position(row["position"]),
        reason=EscalationReason(row["reason"]),
        at=time_of(row["at"]),
        takes_over=row.get("takesOver", True),
    )


def owner_change_key(change: OwnerChange) -> dict[str, str]:
    return keys.owner_change(change.tenant_id, change.customer_id, time_text(change.at), change.change, change.cause)


def owner_change_item(change: OwnerChange) -> dict[str, Any]:
    """Due until it is published."""
    return {
        **owner_change_key(change),
        "tenantId": change.tenant_id,
        "customerId": change.customer_id,
        "phoneNumberId": change.phone_number_id,
        "change": change.change,
        "by": change.by,
        "byName": change.by_name,
        "reason": change.reason,
        "person": change.person,
        "at": time_text(change.at),
        "cause": change.cause,
        "published": False,
        "due": keys.due(change.customer_id),
        "dueAt": time_text(change.at),
    }


def owner_change_of(row: Row) -> OwnerChange:
    return OwnerChange(
        tenant_id=TenantId(row["tenantId"]),
        customer_id=CustomerId(row["customerId"]),
        phone_number_id=PhoneNumberId(row["phoneNumberId"]),
        change=Change(row["change"]),
        by=row["by"],
        reason=row["reason"],
        at=time_of(row["at"]),
        cause=row["cause"],
        person=row.get("person"),
        by_name=row.get("byName"),
    )
