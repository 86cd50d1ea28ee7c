"""`ai-marketplace customers`: what an operator sees and undoes, on moto's tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.dynamodb_operator_log import DynamoOperatorLog
from domain.errors import NotAllowedError
from domain.operator_log import ActionState
from ops import target
from ops.cli import app
from ops.customers.desk import CustomersDesk, desk_of
from ops.errors import OpsError
from ops.target import Target
from tests.builders import ACME, after
from tests.contracts.identifying import (
    BOTH,
    BY_PHONE,
    NEW_PHONE,
    PHONE,
    USER_ID,
    moved,
    tie,
    two_customers,
    united,
    written,
)
from tests.contracts.world import World
from tests.integration.aws_world import AwsLook
from tests.integration.template_resources import TemplateResources

TABLES = {
    "conversations": "ConversationsTable",
    "customers": "CustomersTable",
    "tenant-usage": "TenantUsageTable",
}


@pytest.fixture
def stack(resources: TemplateResources, monkeypatch: pytest.MonkeyPatch) -> Target:
    tables = {name: resources.tables[logical] for name, logical in TABLES.items()}
    found = Target("stack", True, tables, {"replies": resources.queues["RepliesQueue"]}, {}, {}, {})

    def find(home: Path, stack_name: str | None) -> Target:  # noqa: ARG001 (as the real one)
        return found

    monkeypatch.setattr(target, "find", find)
    return found


@pytest.fixture
def desk(stack: Target) -> CustomersDesk:
    return desk_of(stack, "ana", "")


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["customers", *words])
    return result.exit_code, result.stdout


def test_a_customer_is_shown_by_any_name_they_ever_had(world: World, desk: CustomersDesk) -> None:
    first, second = two_customers(world)
    united(world, written(3, BOTH))
    shown = [desk.show(ACME, who) for who in (PHONE, USER_ID, first, second)]
    assert all(report == shown[0] for report in shown)
    assert (shown[0].customer_id, shown[0].messages, shown[0].aliases) == (first, 3, [USER_ID])
    [merge] = shown[0].merges
    assert (merge.former_customer_id, merge.cause, merge.undone_at) == (second, "wamid.3", None)


def test_nobody_is_an_error_that_says_what_to_type(desk: CustomersDesk) -> None:
    with pytest.raises(OpsError, match="no such customer"):
        desk.show(ACME, "nobody")


@pytest.mark.usefixtures("stack")
def test_the_table_shows_no_number_and_json_all_of_it(world: World) -> None:
    world.record(written(0, BOTH))
    code, table = run("show", ACME, PHONE)
    assert code == 0
    assert PHONE not in table
    assert USER_ID not in table
    assert "…0143" in table
    code, text = run("show", ACME, PHONE, "--output", "json")
    assert (code, json.loads(text)["phone"]) == (0, PHONE)


@pytest.mark.usefixtures("stack")
def test_a_dry_run_changes_nothing(world: World, look: AwsLook) -> None:
    _, second = two_customers(world)
    tie(world)
    before = look.everything()
    code, text = run("unmerge", ACME, second, "--reason", "two sisters", "--dry-run", "--output", "json")
    assert code == 0
    report = json.loads(text)
    assert (report["merged"], report["dry_run"], report["former"]["messages"]) == (True, True, 1)
    assert look.everything() == before


def test_unmerged_is_recorded_and_the_second_time_does_nothing(world: World, look: AwsLook, stack: Target) -> None:
    first, second = two_customers(world)
    tie(world)
    code, text = run("unmerge", ACME, second, "--reason", "two sisters", "--yes", "--output", "json")
    assert code == 0
    assert json.loads(text)["dry_run"] is False
    [action] = DynamoOperatorLog(stack.tables["conversations"]).newest(10)
    assert (action.command, action.subject, action.reason) == ("unmerge", f"{ACME}#{second}", "two sisters")
    assert (action.state, action.counts) == (ActionState.DONE, {"unmerged": 1})
    assert world.customers.find(ACME, BY_PHONE) == first
    before = look.everything()
    code, text = run("unmerge", ACME, second, "--reason", "two sisters", "--yes")
    assert code == 0
    assert "nothing to undo" in text
    assert look.everything() == before


@pytest.mark.usefixtures("stack")
def test_who_does_not_say_yes_changes_nothing(world: World, look: AwsLook) -> None:
    _, second = two_customers(world)
    tie(world)
    before = look.everything()
    assert run("unmerge", ACME, second, "--reason", "two sisters")[0] == 1
    assert run("unmerge", ACME, second, "--reason", " ", "--yes")[0] == 2
    assert look.everything() == before


def test_what_could_not_be_done_is_recorded_as_failed(world: World, stack: Target, desk: CustomersDesk) -> None:
    _, second = two_customers(world)
    tie(world)
    world.record(written(0, type(BOTH)(phone=NEW_PHONE)))
    united(world, moved(1, BY_PHONE, after(minutes=9), wa_id=NEW_PHONE))
    with pytest.raises(NotAllowedError):
        desk.unmerge(ACME, second, "two sisters")
    [action] = DynamoOperatorLog(stack.tables["conversations"]).newest(10)
    assert action.state is ActionState.FAILED


def test_the_history_keeps_who_undid_it(world: World, desk: CustomersDesk) -> None:
    first, second = two_customers(world)
    tie(world)
    desk.unmerge(ACME, second, "two sisters")
    [merge] = desk.show(ACME, first).merges
    assert merge.undone_by == "ana"
    assert desk.show(ACME, second).told_apart_from == [first]
