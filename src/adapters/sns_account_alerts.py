"""Alerts of accounts and numbers on their SNS topic. The schema stands in docs/events.md."""

from __future__ import annotations

import json

from adapters.aws_clients import client, translated
from adapters.dynamodb_values import time_text
from adapters.sns_attributes import string_attributes
from domain.account_alerts import AccountAlert

VERSION = "1"


class SnsAccountAlerts:
    """Tenant, kind and severity are message attributes, so that subscribers can filter by them."""

    def __init__(self, topic_arn: str) -> None:
        self._topic_arn = topic_arn

    def publish(self, alert: AccountAlert) -> None:
        """Ids, codes and words of a closed form alone: Meta's free text stays in the table."""
        body = {
            "version": VERSION,
            "alertId": alert.alert_id,
            "tenantId": alert.tenant_id,
            "kind": alert.kind,
            "severity": alert.severity,
            "wabaId": alert.waba_id,
            "phoneNumberId": alert.phone_number_id,
            "event": alert.event,
            "code": alert.code,
            "at": time_text(alert.at),
        }
        attributes = string_attributes(
            version=VERSION, tenantId=alert.tenant_id, kind=alert.kind, severity=alert.severity
        )
        with translated("publish an alert"):
            client("sns").publish(TopicArn=self._topic_arn, Message=json.dumps(body), MessageAttributes=attributes)
