"""All secrets of one tenant, to be counted and deleted."""

from __future__ import annotations

from adapters.aws_clients import client, translated
from adapters.secrets_manager_tenants import SecretsManagerTenantSecrets
from domain.tenants import TenantId


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
