"""Escalations on their SNS topic."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from adapters.aws_clients import client, translated
from adapters.dynamodb_values import time_text
from adapters.order_events import order_event
from adapters.sns_attributes import string_attributes
from domain.conversations import conversation_id
from domain.escalations import Escalation

VERSION = "1"


class SnsEscalations:
    """Tenant, reason, priority and `repeatedAs` are message attributes, so that subscribers can filter by them.

    `on_published`: hears of each escalation that the topic took, for the log.
    """

    def __init__(self, topic_arn: str, on_published: Callable[[Escalation], None] = lambda _: None) -> None:
        self._topic_arn = topic_arn
        self._on_published = on_published

    def publish(self, escalation: Escalation) -> None:
        """The body names ids, and of an order the products: what the customer wrote stays in the table."""
        body: dict[str, Any] = {
            "version": VERSION,
            "tenantId": escalation.tenant_id,
            "conversationId": conversation_id(escalation.tenant_id, escalation.customer_id),
            "messageId": escalation.message_id,
            "phoneNumberId": escalation.phone_number_id,
            "reason": escalation.reason,
            "priority": escalation.priority,
            "at": time_text(escalation.at),
        }
        attributes = string_attributes(
            version=VERSION, tenantId=escalation.tenant_id, reason=escalation.reason, priority=escalation.priority
        )
        if escalation.repeated_as is not None and escalation.waiting_since is not None:
            body |= {"repeatedAs": escalation.repeated_as, "waitingSince": time_text(escalation.waiting_since)}
            attributes |= string_attributes(repeatedAs=escalation.repeated_as)
        if escalation.order is not None:
            body["order"] = order_event(escalation.order)
        with translated("publish an escalation"):
            client("sns").publish(TopicArn=self._topic_arn, Message=json.dumps(body), MessageAttributes=attributes)
        self._on_published(escalation)
