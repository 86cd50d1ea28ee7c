"""Changes of owner on their SNS topic. The schema stands in docs/events.md."""

from __future__ import annotations

import json

from adapters.aws_clients import client, translated
from adapters.dynamodb_values import time_text
from adapters.sns_attributes import string_attributes
from domain.conversations import conversation_id
from domain.ownership import OwnerChange

VERSION = "1"


class SnsHandoffNotifications:
    """Tenant, change and owner are message attributes, so that subscribers can filter by them."""

    def __init__(self, topic_arn: str) -> None:
        self._topic_arn = topic_arn

    def publish(self, change: OwnerChange) -> None:
        body = {
            "version": VERSION,
            "tenantId": change.tenant_id,
            "conversationId": conversation_id(change.tenant_id, change.customer_id),
            "phoneNumberId": change.phone_number_id,
            "change": change.change,
            "owner": change.owner,
            "person": change.person,
            "by": change.by,
            "reason": change.reason,
            "at": time_text(change.at),
        }
        attributes = string_attributes(
            version=VERSION, tenantId=change.tenant_id, change=change.change, owner=change.owner
        )
        with translated("publish a change of owner"):
            client("sns").publish(TopicArn=self._topic_arn, Message=json.dumps(body), MessageAttributes=attributes)
