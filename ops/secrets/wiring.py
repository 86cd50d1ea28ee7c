"""The secrets of one deployment, and who rotates them."""

from __future__ import annotations

import secrets
from datetime import datetime

from adapters.aws_clients import client, translated
from adapters.dynamodb_audit_trail import DynamoAuditTrail
from adapters.secrets_manager_platform import SecretsManagerPlatformSecret
from domain.access import Principal
from domain.audit_trail import done_by
from domain.rotate_platform_secret import PlatformSecretPorts
from ops.migrate.wiring import outputs
from ops.secrets.report import SecretName, SecretReport
from ops.target import Target

_CURSOR_KEY_BYTES = 48


def platform(found: Target) -> PlatformSecretPorts:
    return PlatformSecretPorts(
        versions=SecretsManagerPlatformSecret(outputs(found).platform_secret),
        trail=DynamoAuditTrail(found.tables["conversations"]),
    )


def cursor_key(found: Target) -> SecretReport:
    with translated("look at the cursor key"):
        told = client("secretsmanager").describe_secret(SecretId=_cursors(found))
    stages = {stage for stages in told["VersionIdsToStages"].values() for stage in stages}
    return SecretReport(
        secret=SecretName.CURSOR_KEY,
        empty="AWSCURRENT" not in stages,
        rotating="AWSPREVIOUS" in stages,
        since=told.get("LastChangedDate") or told["CreatedDate"],
        next=[],
    )


def rotate_cursor_key(who: Principal, found: Target, now: datetime) -> None:
    """Nobody need know it: it is made here, and told to no one."""
    with translated("rotate the cursor key"):
        client("secretsmanager").put_secret_value(
            SecretId=_cursors(found), SecretString=secrets.token_urlsafe(_CURSOR_KEY_BYTES)
        )
    DynamoAuditTrail(found.tables["conversations"]).write(done_by(who, "cursor_key.rotated", "cursor-key", now=now))


def _cursors(found: Target) -> str:
    """Beside the platform's secret: one naming rule."""
    return outputs(found).platform_secret.removesuffix("platform") + "cursors"
