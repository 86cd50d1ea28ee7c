"""The composition root of the tenant-admin-api. Each bundle of ports is built when a route asks for it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from handlers import bootstrap_console, bootstrap_desk, bootstrap_usage, settings
from handlers.settings import TenantAdminApiSettings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer

    from domain.access import Principal
    from domain.administer_tenants import AdministerPorts
    from domain.connect_numbers import ConnectPorts
    from domain.keep_products import KeepProductsPorts
    from domain.notify_tenant import WebhookPorts
    from domain.run_imports import ImportPorts
    from domain.try_webhook import TryWebhookPorts
    from handlers.api.asking import Services
    from handlers.api.front import Front


@cache
def front() -> Front:
    from adapters.dynamodb_request_counts import DynamoRequestCounts
    from adapters.secrets_manager_keys import SealingKeys
    from handlers.api.cursors import Cursors
    from handlers.api.front import Front
    from handlers.api.once import Once
    from handlers.api.resolver import resolver
    from handlers.authentication import bearer_principal
    from handlers.rest_api import web_request_of

    env = _env()
    keys = SealingKeys(env.cursor_secret_name)
    identity = bootstrap_console.tenant_admin_api().identity

    def authenticate(event: Mapping[str, Any]) -> Principal:
        return bearer_principal(web_request_of(event, identity.console_url), identity)

    return Front(
        resolver=resolver(),
        authenticate=authenticate,
        services=services(),
        cursors=Cursors(keys.current, keys.others),
        counts=DynamoRequestCounts(env.idempotency_table),
        once=Once(_answers),
    )


@cache
def services() -> Services:
    from domain.administer_tenants import AdministerPorts
    from domain.audit_trail import AuditTrail
    from domain.canned_replies import CannedReplyPorts
    from domain.connect_numbers import ConnectPorts
    from domain.customer_book import CustomerBookPorts
    from domain.desk import DeskPorts
    from domain.desk_rights import RightsPorts
    from domain.desk_sends import DeskSendPorts
    from domain.keep_products import KeepProductsPorts
    from domain.notify_tenant import WebhookPorts
    from domain.report_usage import UsagePorts
    from domain.run_imports import ImportPorts
    from domain.sell_plans import SellPlansPorts
    from domain.tenants_overview import OverviewPorts
    from domain.try_webhook import TryWebhookPorts

    return {
        AdministerPorts: administer,
        SellPlansPorts: bootstrap_usage.sell_plans,
        UsagePorts: bootstrap_usage.report_usage,
        OverviewPorts: bootstrap_usage.overview,
        ConnectPorts: connect,
        ImportPorts: imports,
        KeepProductsPorts: keep_products,
        WebhookPorts: webhook,
        TryWebhookPorts: try_webhook,
        DeskPorts: bootstrap_desk.desk,
        DeskSendPorts: bootstrap_desk.desk_sends,
        RightsPorts: bootstrap_desk.customer_rights,
        CannedReplyPorts: bootstrap_desk.canned_replies,
        CustomerBookPorts: bootstrap_desk.customer_book,
        bootstrap_console.KeepMembers: lambda: bootstrap_console.tenant_admin_api().members,
        AuditTrail: lambda: bootstrap_console.tenant_admin_api().identity.audit_trail,
    }


@cache
def _env() -> TenantAdminApiSettings:
    return settings.read(TenantAdminApiSettings)


@cache
def _answers() -> DynamoDBPersistenceLayer:
    from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer

    from adapters.aws_clients import client

    return DynamoDBPersistenceLayer(_env().idempotency_table, boto3_client=client("dynamodb"))


@cache
def keep_products() -> KeepProductsPorts:
    from adapters.dynamodb_product_rows import DynamoProductRows
    from domain.keep_products import KeepProductsPorts

    return KeepProductsPorts(DynamoProductRows(_env().products_table))


@cache
def administer() -> AdministerPorts:
    from adapters.dynamodb_tenant_profiles import DynamoTenantProfiles
    from domain.administer_tenants import AdministerPorts

    return AdministerPorts(DynamoTenantProfiles(_env().tenants_table, _env().conversations_table))


@cache
def connect() -> ConnectPorts:
    from adapters.dynamodb_tenant_number_rows import DynamoTenantNumberRows
    from adapters.secrets_manager_tenants import SecretsManagerTenantSecrets
    from adapters.whatsapp_account_numbers import WhatsAppAccountNumbers
    from domain.connect_numbers import ConnectPorts

    env = _env()
    return ConnectPorts(
        profiles=administer().profiles,
        numbers=DynamoTenantNumberRows(env.tenants_table, env.conversations_table),
        secrets=SecretsManagerTenantSecrets(env.tenant_secrets_prefix, env.secrets_key),
        accounts=WhatsAppAccountNumbers(env.graph_api_base_url, env.graph_api_version),
        number_states=bootstrap_desk.number_states(),
        account_alerts=bootstrap_desk.account_alerts(),
    )


@cache
def imports() -> ImportPorts:
    from adapters.dynamodb_import_jobs import DynamoImportJobs
    from adapters.s3_import_files import S3ImportFiles
    from adapters.sqs_imports import SqsImports
    from domain.run_imports import ImportPorts

    env = _env()
    return ImportPorts(
        jobs=DynamoImportJobs(env.tenants_table),
        files=S3ImportFiles(env.imports_bucket),
        queue=SqsImports(env.imports_queue_url),
    )


@cache
def webhook() -> WebhookPorts:
    from adapters.dynamodb_tenant_webhooks import DynamoTenantWebhooks
    from domain.notify_tenant import WebhookPorts

    return WebhookPorts(
        webhooks=DynamoTenantWebhooks(_env().tenants_table, _env().conversations_table), secrets=connect().secrets
    )


@cache
def try_webhook() -> TryWebhookPorts:
    from adapters.local_web import webhook_sender
    from adapters.secrets_manager_tenants import SecretsManagerTenantSecrets, SecretsManagerWebhookSecrets
    from domain.try_webhook import TryWebhookPorts

    env = _env()
    return TryWebhookPorts(
        webhooks=webhook().webhooks,
        secrets=SecretsManagerWebhookSecrets(SecretsManagerTenantSecrets(env.tenant_secrets_prefix), fresh=True),
        sender=webhook_sender(env.local_webhooks),
        trail=bootstrap_console.tenant_admin_api().identity.audit_trail,
    )
