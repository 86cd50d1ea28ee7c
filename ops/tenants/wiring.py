"""Everything that holds something of a tenant, on one deployment."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from secrets import token_hex

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from adapters import dynamodb_keys as keys
from adapters.cognito_directory import CognitoDirectory
from adapters.dead_letters.queues import dead_letter_queues
from adapters.dynamodb_audit_trail import DynamoAuditTrail
from adapters.dynamodb_number_states import DynamoNumberStates
from adapters.dynamodb_operator_log import DynamoOperatorLog
from adapters.dynamodb_tenant_number_rows import DynamoTenantNumberRows
from adapters.dynamodb_tenant_places import (
    DynamoTenantRemovals,
    NumberClaimsPlace,
    PartitionPlace,
    PrefixPlace,
    TenantQuarantinePlace,
)
from adapters.dynamodb_tenant_profiles import DynamoTenantProfiles
from adapters.dynamodb_tenants import DynamoTenants
from adapters.s3_tenant_objects import TenantObjectsPlace
from adapters.secrets_manager_tenant_place import TenantSecretsPlace
from adapters.secrets_manager_tenants import SecretsManagerTenantSecrets
from adapters.secrets_manager_versions import SecretsManagerTokenVersions
from adapters.sns_account_alerts import SnsAccountAlerts
from adapters.tenant_members_place import TenantMembersPlace
from adapters.whatsapp_account_numbers import WhatsAppAccountNumbers
from domain.access import Principal, Role
from domain.administer_tenants import AdministerPorts
from domain.connect_numbers import ConnectPorts
from domain.delete_tenant import COMMAND, DeleteTenantPorts, TenantPlace
from domain.operator_log import ActionState, OperatorAction
from domain.rotate_token import RotatePorts
from ops import operator
from ops.errors import OpsError
from ops.migrate.wiring import outputs
from ops.target import Target
from ops.tenants.dead_letters import TenantDeadLettersPlace, TenantLetters

_CACHE_SECONDS = 600


def who(found: Target) -> Principal:
    """The audit trail says under which identity of AWS it was done; of the local stack, the name alone."""
    identity = "" if found.local else operator.aws_identity()
    return Principal(identity or f"local:{operator.name()}", operator.name(), Role.OPERATOR)


def action(found: Target) -> OperatorAction:
    return OperatorAction(
        action_id=token_hex(4),
        at=datetime.now(UTC),
        operator=operator.name(),
        identity="" if found.local else operator.aws_identity(),
        command=COMMAND,
        subject="",
        state=ActionState.RUNNING,
    )


def administer(found: Target) -> AdministerPorts:
    return AdministerPorts(DynamoTenantProfiles(found.tables["tenants"], found.tables["conversations"]))


def numbers(found: Target) -> DynamoTenantNumberRows:
    return DynamoTenantNumberRows(found.tables["tenants"], found.tables["conversations"])


def rotation(found: Target) -> RotatePorts:
    """With the Graph API that the deployment itself calls."""
    variables = _variables(found, "reply-handler")
    return RotatePorts(
        numbers=numbers(found),
        accounts=WhatsAppAccountNumbers(variables["GRAPH_API_BASE_URL"], variables["GRAPH_API_VERSION"]),
        tokens=SecretsManagerTokenVersions(outputs(found).tenant_secrets_prefix, _secrets_key(found)),
        trail=DynamoAuditTrail(found.tables["conversations"]),
    )


def _secrets_key(found: Target) -> str:
    """Under which the deployment itself makes sellers' secrets."""
    return _variables(found, "tenant-admin-api")["SECRETS_KEY"]


def connection(found: Target) -> ConnectPorts:
    return ConnectPorts(
        profiles=administer(found).profiles,
        numbers=numbers(found),
        secrets=SecretsManagerTenantSecrets(outputs(found).tenant_secrets_prefix, _secrets_key(found)),
        accounts=rotation(found).accounts,
        number_states=DynamoNumberStates(found.tables["tenants"], found.tables["conversations"]),
        account_alerts=SnsAccountAlerts(found.topics["account-alerts"]),
    )


def deletion(found: Target, wait_seconds: float, sleep: Callable[[float], None] = time.sleep) -> DeleteTenantPorts:
    removals = DynamoTenantRemovals(found.tables["tenants"])
    return DeleteTenantPorts(
        removals=removals,
        places=_places(found, removals),
        log=DynamoOperatorLog(found.tables["conversations"]),
        wait=lambda: sleep(wait_seconds),
    )


def _places(found: Target, removals: DynamoTenantRemovals) -> Sequence[TenantPlace]:
    """Members before the rows by which they are found; products before what is made of them."""
    tables = found.tables
    queues = dead_letter_queues(found.queues, wait_seconds=0 if found.local else 1)
    letters = TenantLetters(queues, DynamoTenants(tables["tenants"], _CACHE_SECONDS), numbers=removals.numbers)
    pool = _variables(found, "tenant-admin-api")["USER_POOL_ID"]
    return (
        TenantMembersPlace(tables["tenants"], CognitoDirectory(pool)),
        NumberClaimsPlace(tables["tenants"]),
        PartitionPlace("tenants", tables["tenants"], ("tenantId", "sk"), but=(keys.PROFILE,), closes=True),
        TenantSecretsPlace(outputs(found).tenant_secrets_prefix),
        TenantDeadLettersPlace(letters),
        TenantQuarantinePlace(tables["conversations"], removals.numbers),
        PrefixPlace("conversations", tables["conversations"], ("conversationId", "sk")),
        PrefixPlace("customers", tables["customers"], ("phoneNumber",)),
        PartitionPlace("products", tables["products"], ("tenantId", "productId")),
        PartitionPlace("embeddings", tables["embeddings"], ("tenantId", "productId")),
        PartitionPlace("tenant-usage", tables["tenant-usage"], ("tenantId", "month")),
        *(TenantObjectsPlace(name, bucket) for name, bucket in sorted(found.buckets.items())),
    )


def _variables(found: Target, function: str) -> dict[str, str]:
    try:
        configuration = boto3.client("lambda").get_function_configuration(FunctionName=found.functions[function])
    except (BotoCoreError, ClientError) as error:
        raise OpsError(f"the settings of {function} cannot be read: {type(error).__name__}") from error
    return configuration["Environment"]["Variables"]
