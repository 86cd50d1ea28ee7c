"""The one reader of the environment. Each function has its own settings, all of them required.

A default stands only where Lambda itself may leave a variable out.
"""

from __future__ import annotations

import os
from dataclasses import MISSING, dataclass, fields
from typing import TypeVar


@dataclass(frozen=True, slots=True)
class AwsSettings:
    """What Lambda tells every function of AWS; boto3 reads the same by itself."""

    aws_region: str
    aws_access_key_id: str
    aws_secret_access_key: str
    aws_session_token: str | None = None
    aws_endpoint_url: str | None = None


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    platform_secret_name: str
    inbox_queue_url: str
    statuses_queue_url: str


@dataclass(frozen=True, slots=True)
class MessageHandlerSettings:
    tenants_table: str
    customers_table: str
    conversations_table: str
    tenant_usage_table: str
    replies_queue_url: str
    escalations_topic_arn: str
    handoff_notifications_topic_arn: str
    media_queue_url: str
    products_table: str


@dataclass(frozen=True, slots=True)
class AssistantSettings:
    """Of whatever asks an assistant."""

    tenants_table: str
    conversations_table: str
    tenant_usage_table: str
    products_table: str
    product_index_bucket: str
    embedding_model_id: str
    s3_vectors_from_products: str
    vector_bucket: str
    assistant_model_id: str
    tenant_secrets_prefix: str


@dataclass(frozen=True, slots=True)
class ReplyHandlerSettings:
    tenants_table: str
    customers_table: str
    conversations_table: str
    tenant_usage_table: str
    replies_queue_url: str
    escalations_topic_arn: str
    handoff_notifications_topic_arn: str
    account_alerts_topic_arn: str
    graph_api_base_url: str
    graph_api_version: str


@dataclass(frozen=True, slots=True)
class StatusHandlerSettings:
    tenants_table: str
    customers_table: str
    conversations_table: str
    tenant_usage_table: str
    escalations_topic_arn: str
    handoff_notifications_topic_arn: str
    account_alerts_topic_arn: str


@dataclass(frozen=True, slots=True)
class SweeperSettings:
    tenants_table: str
    conversations_table: str
    tenant_usage_table: str
    replies_queue_url: str
    escalations_topic_arn: str
    handoff_notifications_topic_arn: str
    account_alerts_topic_arn: str
    media_queue_url: str


@dataclass(frozen=True, slots=True)
class MediaHandlerSettings:
    tenants_table: str
    conversations_table: str
    media_queue_url: str
    media_bucket: str
    media_hosts: str
    graph_api_base_url: str
    graph_api_version: str


@dataclass(frozen=True, slots=True)
class EmbedderSettings:
    tenants_table: str
    products_table: str
    embeddings_table: str
    embedding_model_id: str
    indexing_queue_url: str


@dataclass(frozen=True, slots=True)
class IndexerSettings:
    tenants_table: str
    products_table: str
    embeddings_table: str
    embedding_model_id: str
    product_index_bucket: str
    s3_vectors_from_products: str
    vector_bucket: str
    indexing_queue_url: str


@dataclass(frozen=True, slots=True)
class IdentitySettings:
    """Of whatever answers people and their programs."""

    tenants_table: str
    conversations_table: str
    user_pool_id: str
    user_pool_client_id: str
    token_issuer: str
    token_keys_url: str
    console_url: str


@dataclass(frozen=True, slots=True)
class TenantAdminApiSettings(IdentitySettings):
    products_table: str
    idempotency_table: str
    cursor_secret_name: str
    tenant_secrets_prefix: str
    imports_bucket: str
    imports_queue_url: str
    graph_api_base_url: str
    graph_api_version: str
    secrets_key: str
    """Under which sellers' secrets are made: the ARN of the account's own, or the name of Secrets Manager's."""
    local_webhooks: str
    """As `TenantNotifierSettings`."""


@dataclass(frozen=True, slots=True)
class CatalogueImporterSettings:
    tenants_table: str
    products_table: str
    imports_bucket: str
    imports_queue_url: str


@dataclass(frozen=True, slots=True)
class TenantNotifierSettings:
    tenants_table: str
    tenant_secrets_prefix: str
    tenant_events_queue_url: str
    local_webhooks: str
    """The local stack's receiver; `none` on AWS."""


@dataclass(frozen=True, slots=True)
class AdminDashboardSettings(IdentitySettings):
    tenant_usage_table: str
    cursor_secret_name: str
    queue_urls: str
    """JSON: by logical name, of the queues and their dead-letter queues."""
    function_names: str
    """JSON: logical name to deployed name, of the functions that take from them."""
    escalations_topic_arn: str
    handoff_notifications_topic_arn: str


@dataclass(frozen=True, slots=True)
class AdminGuiSettings(IdentitySettings):
    cursor_secret_name: str
    idempotency_table: str
    media_origin: str
    """From where browsers load customers' files."""


@dataclass(frozen=True, slots=True)
class UsageSettings:
    """Of whatever tells of usage, plans and prices: the API and the operator's pages."""

    tenants_table: str
    conversations_table: str
    tenant_usage_table: str


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """Of whatever people answer customers with: the API and the seller's pages."""

    tenants_table: str
    customers_table: str
    conversations_table: str
    tenant_usage_table: str
    media_bucket: str
    handoff_notifications_topic_arn: str
    account_alerts_topic_arn: str
    graph_api_base_url: str
    graph_api_version: str


Settings = TypeVar(
    "Settings",
    AwsSettings,
    WebhookSettings,
    MessageHandlerSettings,
    AssistantSettings,
    ReplyHandlerSettings,
    StatusHandlerSettings,
    SweeperSettings,
    EmbedderSettings,
    IndexerSettings,
    MediaHandlerSettings,
    TenantAdminApiSettings,
    CatalogueImporterSettings,
    TenantNotifierSettings,
    AdminDashboardSettings,
    AdminGuiSettings,
    DeskSettings,
    UsageSettings,
)


def read(settings: type[Settings]) -> Settings:
    """Raises `LookupError` with every variable that is missing: the template sets them all."""
    required = [field.name.upper() for field in fields(settings) if field.default is MISSING]
    missing = [name for name in required if not os.environ.get(name)]
    if missing:
        raise LookupError(f"environment variables not set: {', '.join(missing)} (template.yaml sets them)")
    return settings(
        **{
            field.name: os.environ[field.name.upper()]
            for field in fields(settings)
            if os.environ.get(field.name.upper())
        }
    )
