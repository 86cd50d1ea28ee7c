"""Use cases: a seller sets their own webhook, and events go to it, at least once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.access import Principal, Role
from domain.administer_tenants import demand_hand_in, entry_of
from domain.errors import HeldBackError, InvalidInputError, NotDeliveredError, NotFoundError
from domain.ports_administration import TenantSecrets
from domain.tenant_webhooks import (
    TenantEvent,
    TenantWebhook,
    TenantWebhooks,
    WebhookDelivery,
    WebhookSecrets,
    WebhookSender,
    check_secret,
    check_url,
    signed,
)
from domain.tenants import TenantId

MOST_DELIVERIES = 20


@dataclass(frozen=True, slots=True)
class WebhookPorts:
    """Of who sets it."""

    webhooks: TenantWebhooks
    secrets: TenantSecrets


@dataclass(frozen=True, slots=True)
class DeliverPorts:
    webhooks: TenantWebhooks
    secrets: WebhookSecrets
    sender: WebhookSender


class Delivered(StrEnum):
    DELIVERED = "delivered"
    NOT_WANTED = "not_wanted"
    """There is no webhook, or not for this kind of event, or it is switched off."""


def find_webhook(who: Principal, tenant_id: TenantId, *, ports: WebhookPorts) -> TenantWebhook:
    """Raises `NotFoundError`."""
    demand_hand_in(who, tenant_id, Role.TENANT_ADMIN)
    found = ports.webhooks.find(tenant_id)
    if found is None:
        raise NotFoundError("there is no webhook")
    return found


def set_webhook(  # noqa: PLR0913 (who sets what for whom)
    who: Principal,
    tenant_id: TenantId,
    webhook: TenantWebhook,
    secret: str | None,
    *,
    now: datetime,
    ports: WebhookPorts,
) -> TenantWebhook:
    """`secret`: None keeps the one there is. It is stored before the address that needs it.

    Raises `InvalidInputError`.
    """
    demand_hand_in(who, tenant_id, Role.TENANT_ADMIN)
    check_url(webhook.url)
    if secret is not None:
        check_secret(secret)
        ports.secrets.keep(tenant_id, ports.secrets.webhook_secret_name(tenant_id), secret)
    elif ports.webhooks.find(tenant_id) is None:
        raise InvalidInputError("/secret", "a new webhook needs one")
    ports.webhooks.put(tenant_id, webhook, entry_of(who, tenant_id, "webhook.set", "webhook", now))
    return webhook


def remove_webhook(who: Principal, tenant_id: TenantId, *, now: datetime, ports: WebhookPorts) -> None:
    """What is gone can go again: its secret goes last."""
    demand_hand_in(who, tenant_id, Role.TENANT_ADMIN)
    ports.webhooks.remove(tenant_id, entry_of(who, tenant_id, "webhook.removed", "webhook", now))
    ports.secrets.forget(tenant_id, ports.secrets.webhook_secret_name(tenant_id))


def list_deliveries(who: Principal, tenant_id: TenantId, *, ports: WebhookPorts) -> Sequence[WebhookDelivery]:
    """The newest, newest first."""
    demand_hand_in(who, tenant_id, Role.TENANT_ADMIN)
    return ports.webhooks.deliveries(tenant_id, MOST_DELIVERIES)


def deliver(event: TenantEvent, *, clock: Callable[[], datetime], ports: DeliverPorts) -> Delivered:
    """However slow the webhook is, it takes few of the workers, and one that fails is left in peace for a while.

    Raises `NotDeliveredError` and `HeldBackError` where it is to be tried again, and `ServiceUnavailableError`.
    """
    webhook = ports.webhooks.find(event.tenant_id)
    if webhook is None or not webhook.enabled or event.kind not in webhook.kinds:
        return Delivered.NOT_WANTED
    now = clock()
    if webhook.paused_until is not None and now < webhook.paused_until:
        raise HeldBackError(webhook.paused_until)
    headers, body = signed(event, ports.secrets.read(event.tenant_id), now)
    place = ports.webhooks.take_place(event.tenant_id, now, webhook.at_once)
    if place is None:
        raise HeldBackError(now)
    try:
        ports.sender.post(webhook.url, headers, body)
    except NotDeliveredError as error:
        failed = WebhookDelivery(clock(), event.event_id, event.kind, error.reason)
        ports.webhooks.note_failure(event.tenant_id, place, failed, failed.at + webhook.pause)
        raise
    ports.webhooks.note_taken(event.tenant_id, place, WebhookDelivery(clock(), event.event_id, event.kind))
    return Delivered.DELIVERED
