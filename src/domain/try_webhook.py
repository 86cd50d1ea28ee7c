"""Use case: a seller sends a test event to their own webhook, and sees at once what became of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from domain.access import Principal, Role
from domain.administer_tenants import demand_hand_in, entry_of
from domain.audit_trail import AuditTrail
from domain.errors import NotDeliveredError, NotFoundError
from domain.tenant_webhooks import (
    TEST,
    TenantEvent,
    TenantWebhooks,
    WebhookDelivery,
    WebhookSecrets,
    WebhookSender,
    signed,
)
from domain.tenants import TenantId


@dataclass(frozen=True, slots=True)
class TryWebhookPorts:
    webhooks: TenantWebhooks
    secrets: WebhookSecrets
    sender: WebhookSender
    trail: AuditTrail


def try_webhook(who: Principal, tenant_id: TenantId, *, now: datetime, ports: TryWebhookPorts) -> WebhookDelivery:
    """Sent once, also where the webhook is switched off, and signed as every event is. It is never sent again.

    Raises `NotFoundError` where there is no webhook, `ServiceUnavailableError`.
    """
    demand_hand_in(who, tenant_id, Role.TENANT_ADMIN)
    webhook = ports.webhooks.find(tenant_id)
    if webhook is None:
        raise NotFoundError("there is no webhook")
    event_id = f"evt_{uuid.uuid4().hex}"
    event = TenantEvent(event_id, TEST, tenant_id, {"version": "1", "tenantId": tenant_id, "at": now.isoformat()})
    headers, body = signed(event, ports.secrets.read(tenant_id), now)
    ports.trail.write(entry_of(who, tenant_id, "webhook.tested", "webhook", now))
    try:
        ports.sender.post(webhook.url, headers, body)
        failure = ""
    except NotDeliveredError as error:
        failure = error.reason
    delivery = WebhookDelivery(now, event_id, TEST, failure)
    if failure:
        ports.webhooks.note_failure(tenant_id, None, delivery, None)
    else:
        ports.webhooks.note_taken(tenant_id, None, delivery)
    return delivery
