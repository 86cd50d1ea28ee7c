"""How a seller's assistant is set, on the profile row that `dynamodb_tenants` reads whole."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from adapters import dynamodb_keys as keys
from adapters.assistant_settings_rows import assistant_attributes, assistant_of
from adapters.aws_clients import client, translated
from adapters.dynamodb_values import from_item, to_item
from domain.assistant_settings import AssistantSettings
from domain.tenants import TenantId


class DynamoAssistantSettings:
    def __init__(self, tenants_table: str) -> None:
        self._table = tenants_table

    def read(self, tenant_id: TenantId) -> AssistantSettings | None:
        """None where there is no such tenant."""
        key: Any = to_item(keys.tenant_profile(tenant_id))
        with translated("read a tenant"):
            profile = client("dynamodb").get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return assistant_of(from_item(profile)) if profile else None

    def save(self, tenant_id: TenantId, settings: AssistantSettings) -> bool:
        """False, and nothing written, where there is no such tenant."""
        with translated("store an assistant's settings"):
            try:
                client("dynamodb").update_item(
                    TableName=self._table,
                    Key=to_item(keys.tenant_profile(tenant_id)),
                    UpdateExpression="SET assistant = :settings",
                    ConditionExpression="attribute_exists(tenantId)",
                    ExpressionAttributeValues=to_item({":settings": assistant_attributes(settings)}),
                )
            except ClientError as error:
                if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                    raise
                return False
        return True
