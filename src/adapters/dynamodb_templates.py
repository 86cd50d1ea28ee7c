"""The template catalogue in DynamoDB: rows of the tenants table.

A row does not say `wabaId`: the index by that name finds tenants. A template that Meta has deleted stays for some
days as DELETED: a webhook that comes late (Meta tries for seven days) finds newer news and does not bring it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from adapters import dynamodb_keys as keys
from adapters import dynamodb_tenant_health
from adapters.aws_clients import client, translated
from adapters.dynamodb_transactions import transact
from adapters.dynamodb_values import from_item, pack, time_of, time_text, to_item, unpack
from domain.templates import DELETED, Aspect, MessageTemplate
from domain.tenants import TenantId

_DELETED_KEPT_FOR = timedelta(days=9)


class DynamoTemplateCatalogue:
    def __init__(self, tenants_table: str) -> None:
        self._table = tenants_table

    def find(self, tenant_id: TenantId, waba_id: str, name: str, language: str) -> MessageTemplate | None:
        key: Any = to_item(keys.template(tenant_id, waba_id, name, language))
        with translated("read a template"):
            found = client("dynamodb").get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return _template_of(from_item(found["Item"])) if "Item" in found else None

    def of_account(self, tenant_id: TenantId, waba_id: str) -> list[MessageTemplate]:
        with translated("read the templates"):
            pages = (
                client("dynamodb")
                .get_paginator("query")
                .paginate(
                    TableName=self._table,
                    KeyConditionExpression="tenantId = :tenant AND begins_with(sk, :account)",
                    ExpressionAttributeValues=to_item(
                        {":tenant": tenant_id, ":account": keys.templates_of_account(waba_id)}
                    ),
                    ConsistentRead=True,
                )
            )
            return [_template_of(from_item(item)) for page in pages for item in page["Items"]]

    def save(self, tenant_id: TenantId, known: MessageTemplate | None, template: MessageTemplate) -> bool:
        version = known.version if known else 0
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(tenantId)"}
        if known is not None:
            condition = {
                "ConditionExpression": "#version = :known",
                "ExpressionAttributeNames": {"#version": "version"},
                "ExpressionAttributeValues": to_item({":known": version}),
            }
        item = to_item(_row(tenant_id, template, version + 1))
        row = {"Put": {"TableName": self._table, "Item": item, **condition}}
        return not transact([row, dynamodb_tenant_health.template(self._table, tenant_id, template)])


def _row(tenant_id: TenantId, template: MessageTemplate, version: int) -> dict[str, Any]:
    told_at = {f"{aspect}At": time_text(at) for aspect, at in template.told_at.items()}
    gone_at = template.told_at.get(Aspect.STATUS) if template.status == DELETED else None
    return {
        **keys.template(tenant_id, template.waba_id, template.name, template.language),
        "templateWabaId": template.waba_id,
        "name": template.name,
        "language": template.language,
        "templateId": template.template_id or None,
        "status": template.status,
        "rejectedReason": template.rejected_reason or None,
        "category": template.category or None,
        "quality": template.quality,
        "components": pack(list(template.components)),
        "parameterFormat": template.parameter_format or None,
        **told_at,
        "updatedAt": max(told_at.values(), default=None),
        "version": version,
        "expiresAt": int((gone_at + _DELETED_KEPT_FOR).timestamp()) if gone_at else None,
    }


def _template_of(row: Mapping[str, Any]) -> MessageTemplate:
    return MessageTemplate(
        waba_id=row["templateWabaId"],
        name=row["name"],
        language=row["language"],
        template_id=row.get("templateId", ""),
        status=row["status"],
        rejected_reason=row.get("rejectedReason", ""),
        category=row.get("category", ""),
        quality=row["quality"],
        components=_components(row),
        parameter_format=row.get("parameterFormat", ""),
        told_at={aspect: time_of(row[f"{aspect}At"]) for aspect in Aspect if f"{aspect}At" in row},
        version=int(row["version"]),
    )


def _components(row: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    stored = unpack(row["components"])
    return tuple(stored) if isinstance(stored, list) else ()  # not known: they were beyond what a row can hold
