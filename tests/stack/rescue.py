"""A message that was stored and then lost by every queue, and the sweeper's run that finds it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from adapters.dynamodb_conversations import DynamoConversations
from domain.conversations import Decision, Disposition, Recording, ReplyJob
from domain.customers import CustomerIdentity
from domain.messages import InboundMessage, MessageId, Text
from domain.tenants import PhoneNumberId, TenantId
from tests.stack.deployed import Deployed
from tests.stack.phone import Chat, chat_with
from tests.stack.subscribers import Hears, subscribed

SELLER = TenantId("maple-home")


@dataclass(frozen=True)
class Rescued:
    chat: Chat
    job: ReplyJob
    outcomes: dict[str, Any]
    """Of the sweeper's run; its own schedule may have been faster."""
    desk: Hears
    """Hears of changes of owner."""
    urgent: Hears
    """Hears of urgent escalations."""


def conversations(stack: Deployed) -> DynamoConversations:
    tables = stack.file.tables
    return DynamoConversations(tables["conversations"], tables["customers"], tables["tenant-usage"])


def rescue(stack: Deployed) -> Rescued:
    desk = subscribed(stack, "handoff-notifications", "rescue-desk", {"tenantId": [SELLER]})
    urgent = subscribed(stack, "escalations", "urgent-rescue-desk", {"tenantId": [SELLER], "priority": ["high"]})
    chat = chat_with(stack)
    chat.say(
        "How much is the Bamboo Cutting Board Large?"
    )  # so that Meta's window is open, as it is for whoever writes
    chat.next_answer()
    job = _stored_and_lost(chat, datetime.now(UTC) - timedelta(hours=1))
    invoked = stack.aws.functions().invoke(FunctionName=stack.file.functions["sweeper"])
    told = invoked["Payload"].read()
    assert "FunctionError" not in invoked, told
    return Rescued(chat, job, json.loads(told), desk, urgent)


def _stored_and_lost(chat: Chat, at: datetime) -> ReplyJob:
    """Its worker died right after it was stored, and its record never came back."""
    sender, message_id = CustomerIdentity(phone=chat.customer.wa_id), MessageId(f"wamid.lost.{uuid4().hex}")
    at = at.replace(microsecond=0)
    message = InboundMessage(message_id, "text", Text("Anybody there?"), sender, at, at, {"id": message_id})
    recording = Recording(
        message=message,
        at=at,
        customer_id=sender.first_customer_id(SELLER),
        decision=Decision(Disposition.ANSWER),
        phone_number_id=PhoneNumberId(chat.tenant.phone_number_id),
    )
    conversations(chat.stack).record(SELLER, recording)
    return ReplyJob(SELLER, recording.phone_number_id, recording.customer_id, message_id, recording.position)
