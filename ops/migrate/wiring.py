"""A migration into one deployment, and what of the deployment the operator must know for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from ops.errors import OpsError
from ops.migrate.copying import Told
from ops.migrate.desk import Migration, Settings
from ops.migrate.rows import KEYS
from ops.target import Target


@dataclass(frozen=True, slots=True)
class Outputs:
    webhook_url: str
    platform_secret: str
    tenant_secrets_prefix: str


def outputs(found: Target) -> Outputs:
    try:
        [stack] = boto3.client("cloudformation").describe_stacks(StackName=found.stack_name)["Stacks"]
    except (BotoCoreError, ClientError) as error:
        raise OpsError(f"the outputs of {found.stack_name} cannot be read: {type(error).__name__}") from error
    told = {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
    return Outputs(told["WebhookUrl"], told["PlatformSecretName"], told["TenantSecretsPrefix"])


def migration(found: Target, settings: Settings, stopped: Callable[[], bool], told: Told) -> Migration:
    tables = {name: found.tables[name] for name in KEYS}
    return Migration(tables, outputs(found).tenant_secrets_prefix, settings, stopped, told)
