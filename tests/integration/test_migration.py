"""The earlier system's tables into today's: all of it, once, whatever is written and whoever dies meanwhile."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from adapters.aws_clients import client
from adapters.dynamodb_batches import put_items
from adapters.dynamodb_usage import read_usage
from adapters.dynamodb_values import from_item
from domain.tenants import TenantId
from ops.migrate.desk import Migration, Settings
from tests.integration.template_resources import TemplateResources
from tests.legacy_system import LegacySystem

_CONVERSATIONS = 30


@pytest.fixture
def legacy(resources: TemplateResources) -> LegacySystem:
    return LegacySystem("earlier").create().fill(_CONVERSATIONS)


@pytest.fixture
def migration(legacy: LegacySystem, resources: TemplateResources, tmp_path: Path) -> Migration:
    return _migration(legacy, resources, tmp_path)


def _migration(legacy: LegacySystem, resources: TemplateResources, folder: Path, *, streams: bool = True) -> Migration:
    named = {
        "tenants": "TenantsTable",
        "customers": "CustomersTable",
        "conversations": "ConversationsTable",
        "tenant-usage": "TenantUsageTable",
        "products": "ProductsTable",
    }
    tables = {name: resources.tables[logical_id] for name, logical_id in named.items()}
    settings = Settings(folder, 1e6, 2, streams, legacy.prefix)
    return Migration(tables, "new/tenants/", settings)


def _rows(table: str) -> list[dict[str, Any]]:
    return [from_item(item) for item in client("dynamodb").scan(TableName=table)["Items"]]


def test_everything_arrives(migration: Migration) -> None:
    migration.run()

    verdict = migration.verify()

    assert verdict.passed, verdict
    assert {one.table: one.expected for one in verdict.tables} == {
        "tenants": 4,
        "products": 10,
        "tenant-usage": 2,
        "customers": _CONVERSATIONS,
        "conversations": _CONVERSATIONS * (1 + 3 * 2) + 2,
    }
