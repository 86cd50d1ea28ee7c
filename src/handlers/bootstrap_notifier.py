"""The composition root of what notifies tenants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from domain.notify_tenant import DeliverPorts
from handlers import settings
from handlers.settings import TenantNotifierSettings


@dataclass(frozen=True, slots=True)
class TenantNotifier:
    ports: DeliverPorts
    come_back: Callable[[str, int], None]
    """A record by its receipt handle, after so many seconds."""


@cache
def tenant_notifier() -> TenantNotifier:
    from adapters.dynamodb_tenant_webhooks import DynamoTenantWebhooks
    from adapters.local_web import webhook_sender
    from adapters.secrets_manager_tenants import SecretsManagerTenantSecrets, SecretsManagerWebhookSecrets
    from adapters.sqs_records import SqsRecords

    env = settings.read(TenantNotifierSettings)
    ports = DeliverPorts(
        webhooks=DynamoTenantWebhooks(env.tenants_table, ""),
        secrets=SecretsManagerWebhookSecrets(SecretsManagerTenantSecrets(env.tenant_secrets_prefix)),
        sender=webhook_sender(env.local_webhooks),
    )
    return TenantNotifier(ports, SqsRecords(env.tenant_events_queue_url).come_back)
