"""A tenant's secret and the version before it, by Secrets Manager's own stages: AWSCURRENT and AWSPREVIOUS."""

from __future__ import annotations

from botocore.exceptions import ClientError

from adapters.aws_clients import client, translated
from adapters.secrets_manager_tenants import AWS_KEY, SecretsManagerTenantSecrets
from domain.errors import ForbiddenError
from domain.tenants import TenantId

_CURRENT, _PREVIOUS = "AWSCURRENT", "AWSPREVIOUS"


class SecretsManagerTokenVersions:
    def __init__(self, prefix: str, key: str = AWS_KEY) -> None:
        """As of `SecretsManagerTenantSecrets`: a token that is gone is made anew under that key."""
        self._prefix = prefix
        self._secrets = SecretsManagerTenantSecrets(prefix, key)

    def rotate(self, tenant_id: TenantId, name: str, secret: str) -> None:
        """A new value is AWSCURRENT at once; Secrets Manager moves AWSPREVIOUS to the one that was."""
        self._secrets.keep(tenant_id, name, secret)

    def holds(self, name: str) -> bool:
        """Whether there is a secret of this name with a value in it. The value is not read."""
        return _CURRENT in self._versions(name)

    def put_back(self, tenant_id: TenantId, name: str) -> bool:
        if not name.startswith(f"{self._prefix}{tenant_id}/"):
            raise ForbiddenError("not a secret of this tenant")
        stages = self._versions(name)
        if _PREVIOUS not in stages or _CURRENT not in stages:
            return False
        with translated("put a secret back"):
            client("secretsmanager").update_secret_version_stage(
                SecretId=name,
                VersionStage=_CURRENT,
                MoveToVersionId=stages[_PREVIOUS],
                RemoveFromVersionId=stages[_CURRENT],
            )
        return True

    def _versions(self, name: str) -> dict[str, str]:
        """Stage to version id."""
        with translated("look at a secret's versions"):
            try:
                told = client("secretsmanager").describe_secret(SecretId=name)["VersionIdsToStages"]
            except ClientError as error:
                if error.response["Error"]["Code"] == "ResourceNotFoundException":
                    return {}
                raise
        return {stage: version for version, stages in told.items() for stage in stages}
