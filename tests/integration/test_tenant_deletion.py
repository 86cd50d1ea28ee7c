"""Everything of one seller goes from tables, buckets, queues and secrets; nothing of another."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client
from adapters.dynamodb_batches import put_items
from adapters.dynamodb_operator_log import DynamoOperatorLog
from adapters.dynamodb_tenant_places import (
    DynamoTenantRemovals,
    NumberClaimsPlace,
    PartitionPlace,
    PrefixPlace,
    TenantQuarantinePlace,
)
from adapters.dynamodb_tenants import DynamoTenants
from adapters.dynamodb_values import from_item
from adapters.s3_tenant_objects import TenantObjectsPlace
from adapters.secrets_manager_tenant_place import TenantSecretsPlace
from adapters.secrets_manager_versions import SecretsManagerTokenVersions
from adapters.tenant_members_place import TenantMembersPlace
from domain.delete_tenant import DeleteTenantPorts, delete_tenant
from domain.operator_log import ActionState, OperatorAction
from domain.tenants import PhoneNumberId, Tenant, TenantId, WhatsAppNumber
from tests.integration.template_resources import TemplateResources

ACME, ACMEX = TenantId("acme"), TenantId("acme-x")
NUMBERS = {ACME: PhoneNumberId("1001"), ACMEX: PhoneNumberId("1002")}
ACTION = OperatorAction("a1", datetime(2026, 11, 22, tzinfo=UTC), "ada", "", "", "", ActionState.RUNNING)


class Directory:
    def __init__(self) -> None:
        self.deleted: list[str] = []

    def delete(self, subject: str) -> None:
        self.deleted.append(subject)


def _fill(resources: TemplateResources, tenant_id: TenantId) -> None:
    tables, number = resources.tables, NUMBERS[tenant_id]
    secret = f"new/tenants/{tenant_id}/{number}"
    DynamoTenants(tables["TenantsTable"], 0).put(
        WhatsAppNumber(Tenant(tenant_id, tenant_id), number, f"2{number}", "+1 301 555 0100", secret)
    )
    people = [keys.member(tenant_id, f"sub-{tenant_id}"), keys.user(f"sub-{tenant_id}")]
    put_items(tables["TenantsTable"], [*people, keys.number_claim(number) | {"owner": tenant_id}])
    conversations = [f"{tenant_id}#customer", f"{tenant_id}#wamid.1", f"{tenant_id}#audit", f"quarantine#{number}#w"]
    put_items(tables["ConversationsTable"], [{"conversationId": one, "sk": "x"} for one in conversations])
    put_items(tables["CustomersTable"], [{"phoneNumber": f"{tenant_id}#13015550100"}])
    put_items(tables["ProductsTable"], [{"tenantId": tenant_id, "productId": str(n)} for n in range(30)])
    put_items(tables["TenantUsageTable"], [{"tenantId": tenant_id, "month": "2026-11"}])
    client("s3").put_object(Bucket=resources.buckets["MediaBucket"], Key=f"{tenant_id}/c/1", Body=b"1")
    client("secretsmanager").create_secret(Name=secret, SecretString=tenant_id)


def _stored(resources: TemplateResources) -> list[dict[str, Any]]:
    return [
        from_item(item)
        for table in resources.tables.values()
        for item in client("dynamodb").scan(TableName=table)["Items"]
    ]


def test_all_of_one_tenant_and_nothing_of_another(resources: TemplateResources) -> None:
    _fill(resources, ACMEX)
    before = _stored(resources)
    _fill(resources, ACME)
    tables, directory = resources.tables, Directory()
    tenants, conversations = tables["TenantsTable"], tables["ConversationsTable"]
    removals = DynamoTenantRemovals(tenants)
    places = (
        TenantMembersPlace(tenants, directory),  # type: ignore[arg-type]  # all that it asks of a directory
        NumberClaimsPlace(tenants),
        PartitionPlace("tenants", tenants, ("tenantId", "sk"), but=(keys.PROFILE,), closes=True),
        TenantSecretsPlace("new/tenants/"),
        TenantQuarantinePlace(conversations, removals.numbers),
        PrefixPlace("conversations", conversations, ("conversationId", "sk")),
        PrefixPlace("customers", tables["CustomersTable"], ("phoneNumber",)),
        PartitionPlace("products", tables["ProductsTable"], ("tenantId", "productId")),
        PartitionPlace("tenant-usage", tables["TenantUsageTable"], ("tenantId", "month")),
        TenantObjectsPlace("media", resources.buckets["MediaBucket"]),
    )
    ports = DeleteTenantPorts(removals, places, DynamoOperatorLog(conversations), lambda: None)

    receipt = delete_tenant(ACME, ACTION, ports)

    assert receipt.complete
    assert {one.place: one.deleted for one in receipt.places} == {
        "members": 1,
        "number-claims": 1,
        "tenants": 1,
        "secrets": 1,
        "quarantine": 1,
        "conversations": 3,
        "customers": 1,
        "products": 30,
        "tenant-usage": 1,
        "media": 1,
    }
    assert directory.deleted == [f"sub-{ACME}"]
    after = [row for row in _stored(resources) if row.get("conversationId") != keys.OPERATOR_LOG]
    assert sorted(map(str, after)) == sorted(map(str, before))
    [secret] = client("secretsmanager").list_secrets()["SecretList"]
    assert secret["Name"] == f"new/tenants/{ACMEX}/1002"
    assert removals.find(ACME) is None


@pytest.mark.usefixtures("resources")
def test_a_token_is_put_beside_the_one_before_and_can_be_put_back() -> None:
    name = "new/tenants/acme/1001"
    tokens = SecretsManagerTokenVersions("new/tenants/")
    assert not tokens.put_back(ACME, name)
    assert not tokens.holds(name)
    tokens.rotate(ACME, name, "first")
    assert tokens.holds(name)
    assert not tokens.put_back(ACME, name)
    tokens.rotate(ACME, name, "second")

    def current(stage: str) -> str:
        return client("secretsmanager").get_secret_value(SecretId=name, VersionStage=stage)["SecretString"]

    assert (current("AWSCURRENT"), current("AWSPREVIOUS")) == ("second", "first")
    assert tokens.put_back(ACME, name)
    assert (current("AWSCURRENT"), current("AWSPREVIOUS")) == ("first", "second")


@pytest.mark.usefixtures("resources")
def test_a_token_whose_secret_is_gone_is_made_anew_under_the_accounts_own_key() -> None:
    name, key = "new/tenants/acme/1002", "arn:aws:kms:eu-west-1:123456789012:key/made"
    SecretsManagerTokenVersions("new/tenants/", key).rotate(ACME, name, "first")
    assert client("secretsmanager").describe_secret(SecretId=name)["KmsKeyId"] == key
