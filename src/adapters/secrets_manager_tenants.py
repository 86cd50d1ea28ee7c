"""Tenants' secrets, as those write them who never read them. Where they stand: `<prefix>/tenants/<tenant>/…`."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from adapters.aws_clients import client, translated
from adapters.secrets_manager import read_secret
from domain.errors import ForbiddenError
from domain.tenants import PhoneNumberId, TenantId

AWS_KEY = "aws/secretsmanager"
"""Of Secrets Manager's own: it makes the key where an account has none yet, so it is not named to it."""


class SecretsManagerTenantSecrets:
    def __init__(self, prefix: str, key: str = AWS_KEY) -> None:
        """`prefix` ends with a slash; the tenant's id follows. `key`: a secret is made under it, and keeps it."""
        self._prefix = prefix
        self._under: Any = {} if key == AWS_KEY else {"KmsKeyId": key}

    def access_token_name(self, tenant_id: TenantId, phone_number_id: PhoneNumberId) -> str:
        return f"{self._prefix}{tenant_id}/{phone_number_id}"

    def webhook_secret_name(self, tenant_id: TenantId) -> str:
        return f"{self._prefix}{tenant_id}/webhook"

    def keep(self, tenant_id: TenantId, name: str, secret: str) -> None:
        self._demand_own(tenant_id, name)
        with translated("store a secret"):
            try:
                client("secretsmanager").put_secret_value(SecretId=name, SecretString=secret)
            except ClientError as error:
                if error.response["Error"]["Code"] != "ResourceNotFoundException":
                    raise
                client("secretsmanager").create_secret(Name=name, SecretString=secret, **self._under)

    def forget(self, tenant_id: TenantId, name: str) -> None:
        """At once: a number that is connected again needs its name."""
        self._demand_own(tenant_id, name)
        with translated("delete a secret"):
            try:
                client("secretsmanager").delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
            except ClientError as error:
                if error.response["Error"]["Code"] != "ResourceNotFoundException":
                    raise

    def _demand_own(self, tenant_id: TenantId, name: str) -> None:
        if not name.startswith(f"{self._prefix}{tenant_id}/"):
            raise ForbiddenError("not a secret of this tenant")


class SecretsManagerWebhookSecrets:
    """For who signs: remembered for some minutes, unless it is to be `fresh`."""

    def __init__(self, names: SecretsManagerTenantSecrets, *, fresh: bool = False) -> None:
        self._names = names
        self._fresh = fresh

    def read(self, tenant_id: TenantId) -> str:
        return read_secret(self._names.webhook_secret_name(tenant_id), fresh=self._fresh)
