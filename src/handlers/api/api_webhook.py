"""A seller's own webhook."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body
from pydantic import Field

from domain.notify_tenant import WebhookPorts, find_webhook, list_deliveries, remove_webhook, set_webhook
from domain.tenant_webhooks import EventKind, TenantWebhook
from domain.try_webhook import TryWebhookPorts, try_webhook
from handlers.api.asking import now, ports, principal, routes, tenant
from handlers.api.models import Sent, Told, empty

router = routes()

_TAGS = ["Webhook"]


class SentWebhook(Sent):
    url: Annotated[str, Field(min_length=1, max_length=500, examples=["https://shop.example/events"])]
    """https, the public name of a host, port 443."""
    secret: Annotated[str | None, Field(max_length=100, json_schema_extra={"writeOnly": True})] = None
    """`whsec_` and 24 to 64 random bytes in base64. Left out: as before. Never told again."""
    events: Annotated[list[Annotated[EventKind, Field(strict=False)]], Field(min_length=1, max_length=10)] = Field(
        default_factory=lambda: list(EventKind)
    )
    enabled: bool = True


class ToldWebhook(Told):
    url: str
    events: list[EventKind]
    enabled: bool
    delivered_at: datetime | None
    failed_at: datetime | None
    failure: str
    """Why it did not take an event, the last time: `timeout`, `no_connection`, `not_public`, `http_500` …"""
    paused_until: datetime | None
    """It is not asked before, since it failed; null while it takes what it is sent."""


class ToldDelivery(Told):
    at: datetime
    event_id: str
    """The `webhook-id` that it was sent with."""
    kind: str
    """`escalation`, `handoff`, `account_alert`, or `test`."""
    failure: str
    """Empty: it was taken. Else why not, as in `Webhook`."""


class DeliveryList(Told):
    items: list[ToldDelivery]


@router.get("/webhook", summary="Your own webhook", tags=_TAGS, operation_id="getWebhook")
def get_webhook() -> ToldWebhook:
    return _told(find_webhook(principal(router), tenant(router), ports=ports(router, WebhookPorts)))


@router.put("/webhook", summary="Set your own webhook", tags=_TAGS, operation_id="putWebhook")
def put_webhook(webhook: Annotated[SentWebhook, Body()]) -> ToldWebhook:
    """What it is sent, and how that is signed: docs/events.md."""
    wanted = TenantWebhook(webhook.url, frozenset(webhook.events), webhook.enabled)
    asked_by, bundle = principal(router), ports(router, WebhookPorts)
    return _told(set_webhook(asked_by, tenant(router), wanted, webhook.secret, now=now(router), ports=bundle))


@router.delete(
    "/webhook",
    summary="Remove your own webhook",
    tags=_TAGS,
    operation_id="deleteWebhook",
    status_code=HTTPStatus.NO_CONTENT,
)
def delete_webhook() -> Response[None]:
    remove_webhook(principal(router), tenant(router), now=now(router), ports=ports(router, WebhookPorts))
    return empty()


@router.get(
    "/webhook/deliveries", summary="The newest attempts to send to it", tags=_TAGS, operation_id="listWebhookDeliveries"
)
def get_deliveries() -> DeliveryList:
    """Newest first, twenty at most, of the last week."""
    found = list_deliveries(principal(router), tenant(router), ports=ports(router, WebhookPorts))
    return DeliveryList(items=[ToldDelivery.model_validate(one) for one in found])


@router.post("/webhook/test", summary="Send a test event to it", tags=_TAGS, operation_id="testWebhook")
def post_test() -> ToldDelivery:
    """Once, signed as every event is, and answered when it was taken or was not."""
    bundle = ports(router, TryWebhookPorts)
    return ToldDelivery.model_validate(try_webhook(principal(router), tenant(router), now=now(router), ports=bundle))


def _told(webhook: TenantWebhook) -> ToldWebhook:
    return ToldWebhook(
        url=webhook.url,
        events=sorted(webhook.kinds),
        enabled=webhook.enabled,
        delivered_at=webhook.delivered_at,
        failed_at=webhook.failed_at,
        failure=webhook.failure,
        paused_until=webhook.paused_until,
    )
