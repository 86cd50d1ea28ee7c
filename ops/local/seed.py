"""The demo's sellers into the stack: secrets first, then the rows that point at them."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from domain.tenants import TenantId
from ops.local import demo_data, people

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ops.local.aws import LocalAws
    from ops.local.demo_data import DemoTenant
    from ops.local.deploy import Deployment
    from ops.local.home import Credentials

# Kept in the emulator, and not in S3, which it writes at once: what kill -9 takes of the rows, it takes of the mark.
_MARK = "ai-marketplace-local/seeded"


def seed(aws: LocalAws, deployment: Deployment, credentials: Credentials) -> bool:
    """False if the emulator holds it all already."""
    wanted = _fingerprint(deployment, credentials)
    if _mark(aws) == wanted:
        return False
    tenants = demo_data.tenants()
    _put_platform_secret(aws, deployment.outputs["PlatformSecretName"], credentials)
    for tenant in tenants:
        number = tenant.whatsapp_number(deployment.outputs["TenantSecretsPrefix"])
        _put_secret(aws, number.access_token_secret, tenant.access_token)
    _put_rows(aws, deployment, tenants)
    people.put(aws, deployment, people.people(tenants))
    _put_secret(aws, _MARK, wanted)
    return True


def _put_rows(aws: LocalAws, deployment: Deployment, tenants: Sequence[DemoTenant]) -> None:
    from adapters.dynamodb_catalogue import put_products
    from adapters.dynamodb_tenants import DynamoTenants

    aws.be_the_environments()
    stored = DynamoTenants(deployment.outputs["TenantsTableName"], cache_seconds=0)
    for tenant in tenants:
        stored.put(tenant.whatsapp_number(deployment.outputs["TenantSecretsPrefix"]))
        put_products(deployment.outputs["ProductsTableName"], TenantId(tenant.id), demo_data.catalogue(tenant.id))


def _put_platform_secret(aws: LocalAws, name: str, credentials: Credentials) -> None:
    meta_app = {
        "app_secret": credentials.app_secret,
        "previous_app_secret": "",
        "verify_token": credentials.verify_token,
    }
    _put_secret(aws, name, json.dumps(meta_app))


def _put_secret(aws: LocalAws, name: str, text: str) -> None:
    secrets = aws.secrets()
    try:
        secrets.put_secret_value(SecretId=name, SecretString=text)
    except secrets.exceptions.ResourceNotFoundException:
        secrets.create_secret(Name=name, SecretString=text)


def _mark(aws: LocalAws) -> str:
    secrets = aws.secrets()
    try:
        return secrets.get_secret_value(SecretId=_MARK)["SecretString"]
    except secrets.exceptions.ResourceNotFoundException:
        return ""


def _fingerprint(deployment: Deployment, credentials: Credentials) -> str:
    users = [user.model_dump_json() for user in people.people(demo_data.tenants())]
    outputs = json.dumps(deployment.outputs, sort_keys=True)
    parts = [demo_data.fingerprint(), credentials.model_dump_json(), outputs, *users]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
