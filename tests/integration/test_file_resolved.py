"""`ai-marketplace tenant file-resolved`: what was resolved before the resolved ones had a list of their own."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client
from adapters.dynamodb_resolved_lines import file_resolved
from adapters.dynamodb_values import from_item, to_item
from domain.customers import CustomerId
from domain.inbox import EVERY_LINE, Folder
from domain.ownership import Change
from domain.tenants import TenantId
from ops import cli, target
from ops.target import Target
from tests.builders import (
    ACME,
    ACME_NUMBER,
    ALICE,
    BOB,
    GLOBEX,
    after,
    message,
    number,
    owner_change,
    recording,
    tenant,
)
from tests.contracts.world import World
from tests.integration.template_resources import TemplateResources

HERS, HIS = ALICE.first_customer_id(ACME), BOB.first_customer_id(ACME)
TABLES = {"conversations": "ConversationsTable", "tenants": "TenantsTable"}


@pytest.fixture
def tables(resources: TemplateResources) -> dict[str, str]:
    return {name: resources.tables[logical] for name, logical in TABLES.items()}


@pytest.fixture
def _resolved_long_ago(world: World, tables: dict[str, str]) -> None:
    """Hers was resolved, and listed as the version of then listed it; his is open."""
    world.tenants.put(number())
    world.tenants.put(number(tenant(GLOBEX), ACME_NUMBER))
    world.record(recording())
    world.record(recording(message("hello", "wamid.2", sender=BOB)))
    seen = world.conversation(HERS)
    assert world.conversations.change_owner(ACME, owner_change(seen, Change.RESOLVED), seen)
    assert listed(world, Folder.RESOLVED) == {HERS}
    _list_under(tables["conversations"], Folder.ASSISTANT)


def _list_under(table: str, folder: Folder) -> None:
    key: Any = to_item(keys.state(ACME, HERS))
    values: Any = to_item({":inbox": keys.inbox(ACME, folder)})
    client("dynamodb").update_item(
        TableName=table, Key=key, UpdateExpression="SET inbox = :inbox", ExpressionAttributeValues=values
    )


def listed(world: World, folder: Folder, tenant_id: TenantId = ACME) -> set[CustomerId]:
    return {line.customer_id for line in world.inbox.page(tenant_id, folder, EVERY_LINE, None, 50).lines}


def run(monkeypatch: pytest.MonkeyPatch, tables: dict[str, str], *arguments: str) -> None:
    found = Target("shop", False, tables, {}, {}, {}, {})
    monkeypatch.setattr(target, "find", lambda _home, _stack_name: found)
    monkeypatch.setattr(sys, "argv", ["ai-marketplace", "tenant", "file-resolved", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code in {0, None}


@pytest.mark.usefixtures("_resolved_long_ago")
def test_they_are_listed_as_resolved_once(
    world: World, tables: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert listed(world, Folder.ASSISTANT) == {HERS, HIS}
    before = world.conversation(HERS)
    run(monkeypatch, tables, "--output", "json")
    assert json.loads(capsys.readouterr().out) == {ACME: 1, GLOBEX: 0}
    assert (listed(world, Folder.ASSISTANT), listed(world, Folder.RESOLVED)) == ({HIS}, {HERS})
    assert world.conversation(HERS) == before
    run(monkeypatch, tables, ACME)
    assert capsys.readouterr().out == f"{ACME}: 0\n"


@pytest.mark.usefixtures("_resolved_long_ago")
def test_what_is_opened_meanwhile_stays_open(
    world: World, tables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened_meanwhile(item: Any) -> Any:
        seen = world.conversation(HERS)
        if seen.resolved:
            change = owner_change(seen, Change.REOPENED, at=after(minutes=5))
            assert world.conversations.change_owner(ACME, change, seen)
        return from_item(item)

    monkeypatch.setattr("adapters.dynamodb_resolved_lines.from_item", opened_meanwhile)
    assert file_resolved(tables["conversations"], ACME) == 0
    assert listed(world, Folder.ASSISTANT) == {HERS, HIS}
