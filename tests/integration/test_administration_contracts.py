"""The contracts of what the API changes, on the real adapters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from adapters.aws_clients import client
from adapters.dynamodb_audit_trail import DynamoAuditTrail
from adapters.dynamodb_number_states import DynamoNumberStates
from adapters.dynamodb_product_rows import DynamoProductRows
from adapters.dynamodb_request_counts import DynamoRequestCounts
from adapters.dynamodb_tenant_number_rows import DynamoTenantNumberRows
from adapters.dynamodb_tenant_profiles import DynamoTenantProfiles
from adapters.dynamodb_tenant_webhooks import DynamoTenantWebhooks
from adapters.dynamodb_tenants import DynamoTenants
from adapters.dynamodb_tenants_overview import DynamoTenantsOverview
from adapters.secrets_manager_tenants import SecretsManagerTenantSecrets
from domain.tenants import SendingPause
from tests.builders import ACME, ACME_NUMBER, GLOBEX, MONTH, NOON, number, tenant
from tests.contracts import administering
from tests.integration.template_resources import TemplateResources


@pytest.fixture
def profiles(resources: TemplateResources) -> DynamoTenantProfiles:
    return DynamoTenantProfiles(resources.tables["TenantsTable"], resources.tables["ConversationsTable"])


@pytest.fixture
def numbers(resources: TemplateResources) -> DynamoTenantNumberRows:
    return DynamoTenantNumberRows(resources.tables["TenantsTable"], resources.tables["ConversationsTable"])


@pytest.fixture
def trail(resources: TemplateResources) -> administering.Trail:
    kept = DynamoAuditTrail(resources.tables["ConversationsTable"])
    return lambda tenant_id: [entry.action for entry in kept.page(tenant_id, 100).entries]


class TestTenantProfiles(administering.TenantProfilesContract):
    def test_what_others_keep_in_the_row_stays(
        self, profiles: DynamoTenantProfiles, resources: TemplateResources
    ) -> None:
        table = resources.tables["TenantsTable"]
        plain = ("name", "status", "language", "currency", "timezone", "plan")
        row: dict[str, Any] = {name: {"S": str(getattr(tenant(), name))} for name in plain}
        row |= {
            "tenantId": {"S": ACME},
            "sk": {"S": "profile"},
            "escalationKeywords": {"L": []},
            "other": {"S": "kept"},
        }
        client("dynamodb").put_item(TableName=table, Item=row)  # written by hand: without what has a default
        seen = profiles.find(ACME)
        assert seen is not None
        assert profiles.save(ACME, seen, tenant(name="Acme Ltd"), administering.entry())
        stored = client("dynamodb").get_item(TableName=table, Key={"tenantId": {"S": ACME}, "sk": {"S": "profile"}})
        assert (stored["Item"]["other"], stored["Item"]["name"]) == ({"S": "kept"}, {"S": "Acme Ltd"})


class TestTenantNumbers(administering.TenantNumbersContract):
    def test_one_from_before_there_were_claims_is_not_free(
        self, numbers: DynamoTenantNumberRows, resources: TemplateResources
    ) -> None:
        DynamoTenants(resources.tables["TenantsTable"], 0).put(number())
        assert not numbers.is_free(GLOBEX, ACME_NUMBER)
        assert numbers.is_free(ACME, ACME_NUMBER)
        numbers.disconnect(ACME, ACME_NUMBER, administering.entry())
        assert numbers.is_free(GLOBEX, ACME_NUMBER)

    def test_one_that_was_paused_leaves_nothing_for_the_operator_to_mend(
        self, numbers: DynamoTenantNumberRows, resources: TemplateResources
    ) -> None:
        tenants, conversations = resources.tables["TenantsTable"], resources.tables["ConversationsTable"]
        DynamoTenants(tenants, 0).put(number())
        assert DynamoNumberStates(tenants, conversations).pause(ACME, number(), SendingPause(NOON, 190, "expired"))
        overview = DynamoTenantsOverview(tenants, resources.tables["TenantUsageTable"])
        assert [row.health.paused for row in overview.page(None, MONTH)[0]] == [{ACME_NUMBER: 190}]
        numbers.disconnect(ACME, ACME_NUMBER, administering.entry())
        assert [row.health.paused for row in overview.page(None, MONTH)[0]] == [{}]


class TestTenantSecrets(administering.TenantSecretsContract):
    @pytest.fixture
    def secrets(self) -> SecretsManagerTenantSecrets:
        return SecretsManagerTenantSecrets("ai-marketplace-platform/tenants/")

    @pytest.fixture
    def kept(self) -> Callable[[str], str | None]:
        def read(name: str) -> str | None:
            secrets = client("secretsmanager")
            try:
                return secrets.get_secret_value(SecretId=name)["SecretString"]
            except secrets.exceptions.ResourceNotFoundException:
                return None

        return read

    def test_one_is_made_under_the_accounts_own_key(self) -> None:
        own, key = "ai-marketplace-platform/tenants/", "arn:aws:kms:eu-west-1:123456789012:key/made"
        kept = SecretsManagerTenantSecrets(own, key)
        name = kept.access_token_name(ACME, ACME_NUMBER)
        for token in ("first", "second"):
            kept.keep(ACME, name, token)
            assert client("secretsmanager").describe_secret(SecretId=name)["KmsKeyId"] == key
        SecretsManagerTenantSecrets(own).keep(ACME, f"{own}{ACME}/another", "third")
        assert "KmsKeyId" not in client("secretsmanager").describe_secret(SecretId=f"{own}{ACME}/another")


class TestTenantWebhooks(administering.TenantWebhooksContract):
    @pytest.fixture
    def webhooks(self, resources: TemplateResources) -> DynamoTenantWebhooks:
        return DynamoTenantWebhooks(resources.tables["TenantsTable"], resources.tables["ConversationsTable"])


class TestProductRows(administering.ProductRowsContract):
    @pytest.fixture
    def rows(self, resources: TemplateResources) -> DynamoProductRows:
        return DynamoProductRows(resources.tables["ProductsTable"])


class TestRequestCounts(administering.RequestCountsContract):
    @pytest.fixture
    def counts(self, resources: TemplateResources) -> DynamoRequestCounts:
        return DynamoRequestCounts(resources.tables["IdempotencyTable"])
