"""Tenants' secrets, as those write them who never read them. Where they stand: `<prefix>/tenants/<tenant>/…`."""

from __future__ import annotations

from botocore.exceptions import ClientError

from adapters.aws_clients import client, translated
from domain.errors import ForbiddenError
from domain.tenants import PhoneNumberId, TenantId


class SecretsManagerTenantSecrets:
    def __init__(self, prefix: str) -> None:
        """`prefix` ends with a slash; the tenant's id follows."""
        self._prefix = prefix

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
                client("secretsmanager").create_secret(Name=name, SecretString=secret)

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


class TenantSecretsPlace:
    """Every secret under a tenant's name."""

    name = "secrets"
    closes = True

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._secrets = SecretsManagerTenantSecrets(prefix)

    def count(self, tenant_id: TenantId) -> int:
        return len(self._names(tenant_id))

    def erase(self, tenant_id: TenantId) -> int:
        names = self._names(tenant_id)
        for name in names:
            self._secrets.forget(tenant_id, name)
        return len(names)

    def _names(self, tenant_id: TenantId) -> list[str]:
        """The filter takes whole words beside beginnings, so that each name is looked at again."""
        own = f"{self._prefix}{tenant_id}/"
        with translated("list secrets"):
            pages = (
                client("secretsmanager")
                .get_paginator("list_secrets")
                .paginate(Filters=[{"Key": "name", "Values": [own]}])
            )
            return [one["Name"] for page in pages for one in page["SecretList"] if one["Name"].startswith(own)]
