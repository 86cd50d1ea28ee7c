"""The commands and their adapters, on one deployment."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from adapters.dynamodb_templates import DynamoTemplateCatalogue
from adapters.dynamodb_tenant_numbers import phone_number_ids
from adapters.dynamodb_tenants import DynamoTenants
from adapters.secrets_manager import SecretsManagerAccessTokens
from adapters.whatsapp_templates import WhatsAppTemplates
from domain.learn_templates import SyncPorts
from domain.tenants import TenantId, WhatsAppNumber
from ops import target
from ops.errors import OpsError
from ops.target import Target
from ops.templates.report import ListReport, listed
from ops.templates.synchronising import Synchroniser

_TENANT_CACHE_SECONDS = 600


def synchroniser(home: Path, stack_name: str | None) -> Synchroniser:
    found = target.find(home, stack_name)
    table = found.tables["tenants"]
    base_url, version = graph_api(found)
    account = WhatsAppTemplates(base_url, version, SecretsManagerAccessTokens())
    return Synchroniser(partial(accounts, table), SyncPorts(account, DynamoTemplateCatalogue(table)))


def catalogue(home: Path, stack_name: str | None, tenant: str | None) -> ListReport:
    table = target.find(home, stack_name).tables["tenants"]
    templates = DynamoTemplateCatalogue(table)
    found = [(one.tenant.tenant_id, one.waba_id) for one in accounts(table, tenant)]
    return ListReport([row for owner, waba_id in found for row in listed(owner, templates.of_account(owner, waba_id))])


def accounts(table: str, tenant: str | None) -> Sequence[WhatsAppNumber]:
    """One number of each account of active sellers. A number that two sellers claim is nobody's."""
    tenants = DynamoTenants(table, _TENANT_CACHE_SECONDS)
    found: dict[tuple[str, str], WhatsAppNumber] = {}
    for phone_number_id in phone_number_ids(table, TenantId(tenant) if tenant else None):
        number = tenants.number(phone_number_id)
        if number is not None and number.active and tenant in {None, number.tenant.tenant_id}:
            found.setdefault((number.tenant.tenant_id, number.waba_id), number)
    return [found[key] for key in sorted(found)]


def graph_api(found: Target) -> tuple[str, str]:
    """Address and version of Meta's API, as the deployment's own functions use them."""
    try:
        function = boto3.client("lambda").get_function_configuration(FunctionName=found.functions["reply-handler"])
        variables = function["Environment"]["Variables"]
        return variables["GRAPH_API_BASE_URL"], variables["GRAPH_API_VERSION"]
    except (ClientError, BotoCoreError, KeyError) as error:
        raise OpsError(
            f"the deployment {found.stack_name} does not say where Meta's API is: {error}",
            "its reply-handler must be deployed, and these credentials may read its configuration",
        ) from error
