"""`ai-marketplace assistant`: settings checked, stored, and shown as they can be set again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.dynamodb_model_usage import DynamoModelUsage
from adapters.dynamodb_month_usage import DynamoUsageWatch
from adapters.dynamodb_tenants import DynamoTenants
from domain.assistant_settings import AssistantKind, AssistantSettings
from domain.usage import month_of
from ops import target
from ops.assistant import app
from ops.errors import OpsError
from ops.target import Target
from tests.builders import ACME, ACME_NUMBER, number
from tests.contracts.modelling import USE
from tests.integration.template_resources import TemplateResources

SETTINGS = {
    "kind": "bedrock",
    "model_id": "eu.amazon.nova-lite-v1:0",
    "temperature": 0.4,
    "monthly_micro_usd": 5_000_000,
    "monthly_tokens": None,
    "languages": ["es", "en"],
    "prices": {"input": 1, "output": 2, "cached": 3, "cache_write": 4},
}


@pytest.fixture(autouse=True)
def tenants(resources: TemplateResources, monkeypatch: pytest.MonkeyPatch) -> DynamoTenants:
    tables = {"tenants": resources.tables["TenantsTable"], "tenant-usage": resources.tables["TenantUsageTable"]}
    found = Target("stack", True, tables, {}, {}, {}, {})
    monkeypatch.setattr(target, "find", lambda *_: found)
    stored = DynamoTenants(tables["tenants"], 0)
    stored.put(number())
    return stored


def run(*arguments: str, given: object = None) -> str:
    result = CliRunner().invoke(app, list(arguments), input=json.dumps(given))
    if result.exception is not None:
        raise result.exception
    return result.output


def test_what_is_set_is_heeded_and_shown_as_it_was_given(tenants: DynamoTenants) -> None:
    run("set", ACME, "-", given=SETTINGS)
    found = tenants.number(ACME_NUMBER)
    assert found is not None
    assert found.tenant.assistant.kind is AssistantKind.BEDROCK
    assert found.tenant.assistant.monthly_tokens is None
    assert json.loads(run("show", ACME))["settings"] == SETTINGS


def test_of_a_file_too_and_what_is_not_given_is_as_by_default(tenants: DynamoTenants, tmp_path: Path) -> None:
    run("set", ACME, "-", given=SETTINGS)
    file = tmp_path / "settings.json"
    file.write_text("{}")
    run("set", ACME, str(file))
    assert tenants.number(ACME_NUMBER) == number()
    assert number().tenant.assistant == AssistantSettings()


def test_what_the_model_used_this_month_is_shown(resources: TemplateResources) -> None:
    month = month_of(datetime.now(UTC))
    usage, conversations = resources.tables["TenantUsageTable"], resources.tables["ConversationsTable"]
    DynamoModelUsage(usage, DynamoUsageWatch(usage, conversations)).keep(ACME, month, USE)
    assert json.loads(run("show", ACME))["used"] == {"month": month, "tokens": 154, "micro_usd": 12}


def test_what_cannot_be_is_named_and_nothing_is_changed(tenants: DynamoTenants) -> None:
    with pytest.raises(OpsError) as raised:
        run("set", ACME, "-", given={"temperature": 3, "languages": ["english"]})
    assert "temperature: from 0 to 1" in raised.value.message
    assert "languages: two letters" in raised.value.message
    assert tenants.number(ACME_NUMBER) == number()


def test_a_dry_run_changes_nothing(tenants: DynamoTenants) -> None:
    assert "can be" in run("set", ACME, "-", "--dry-run", given=SETTINGS)
    assert tenants.number(ACME_NUMBER) == number()


@pytest.mark.parametrize("given", [[], "text", 7])
def test_it_must_be_an_object(given: object) -> None:
    with pytest.raises(OpsError, match="no JSON object"):
        run("set", ACME, "-", given=given)


@pytest.mark.parametrize("command", [("show", "nobody"), ("set", "nobody", "-")])
def test_an_unknown_seller_is_said(command: tuple[str, ...], tenants: DynamoTenants) -> None:
    with pytest.raises(OpsError, match="no seller nobody"):
        run(*command, given={})
    assert tenants.number(ACME_NUMBER) == number()
