"""The examination and its adapters, on one deployment."""

from __future__ import annotations

from pathlib import Path

from adapters.dynamodb_number_states import DynamoNumberStates
from adapters.dynamodb_tenant_list import tenant_ids
from adapters.platform_secret import platform_secrets
from adapters.secrets_manager import SecretsManagerAccessTokens, read_secret
from adapters.secrets_manager_versions import SecretsManagerTokenVersions
from adapters.whatsapp_account_numbers import WhatsAppAccountNumbers
from adapters.whatsapp_numbers import WhatsAppNumbers
from adapters.whatsapp_templates import WhatsAppTemplates
from domain.tenants import Tenant, TenantId
from ops import stack_file, target
from ops.doctor.examination import Patient
from ops.doctor.numbers import Instruments
from ops.errors import OpsError
from ops.migrate.wiring import outputs
from ops.target import Target
from ops.templates.wiring import graph_api
from ops.tenants.wiring import administer, numbers


def patient(home: Path, stack_name: str | None, tenant: str | None) -> Patient:
    found = target.find(home, stack_name)
    told = outputs(found)
    rows = numbers(found)
    base_url, version = graph_api(found)
    tokens = SecretsManagerAccessTokens()
    return Patient(
        stack=found.stack_name,
        webhook_url=stack_file.load(home.resolve()).webhook_url if found.local else told.webhook_url,
        platform_secrets=lambda: platform_secrets(read_secret(told.platform_secret), told.platform_secret),
        tenants=_tenants(found, tenant),
        numbers_of=lambda one: rows.of_tenant(one.tenant_id),
        number_rows=DynamoNumberStates(found.tables["tenants"], found.tables["conversations"]).every_number,
        ask=Instruments(
            holds=SecretsManagerTokenVersions(told.tenant_secrets_prefix).holds,
            token=tokens.token,
            numbers=WhatsAppNumbers(base_url, version, tokens),
            accounts=WhatsAppAccountNumbers(base_url, version),
            templates=WhatsAppTemplates(base_url, version, tokens),
        ),
    )


def _tenants(found: Target, tenant: str | None) -> list[Tenant]:
    profiles = administer(found).profiles
    wanted = tenant_ids(found.tables["tenants"]) if tenant is None else [TenantId(tenant)]
    there = [profile for one in wanted if (profile := profiles.find(one))]
    if tenant is not None and not there:
        raise OpsError(f"there is no seller {tenant}", "`ai-marketplace tenant list` shows those there are")
    return there
