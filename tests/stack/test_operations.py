"""An operator's commands on the deployed stack: the books, the logs, and a seller who leaves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from adapters.dynamodb_tenants import DynamoTenants
from domain.errors import InvalidInputError, NotFoundError
from domain.tenants import PhoneNumberId, Tenant, TenantId, WhatsAppNumber
from ops.cli import app
from ops.smoke import marks
from tests.stack.deployed import Deployed, wait_until
from tests.stack.phone import chat_with


def _lines(stack: Deployed, *arguments: str) -> list[Any]:
    done = CliRunner().invoke(app, [*arguments, "--home", str(stack.home.root), "--output", "json"])
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def _told(stack: Deployed, *arguments: str) -> Any:
    done = CliRunner().invoke(app, [*arguments, "--home", str(stack.home.root), "--output", "json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_every_message_that_was_received_ended_somewhere(stack: Deployed) -> None:
    chat = chat_with(stack)
    chat.say("How much is the Cast Iron Skillet 10 inch?")
    chat.next_answer()
    stack.wait_until_idle()

    books = _told(stack, "reconcile", "--tenant", "maple-home")

    assert books["days"]  # two, where midnight has just gone by
    for day in books["days"]:
        assert day["received"] > 0
        assert day["received"] == sum(day[end] for end in ("answered", "escalated", "recorded", "pending", "dead"))
    assert sum(day["answered"] for day in books["days"]) > 0
    assert [one for one in books["problems"] if not one["what"].startswith("pending")] == []


def test_one_message_is_shown_through_all_functions(stack: Deployed) -> None:
    chat = chat_with(stack)
    asked = chat.say("How much is the Bamboo Cutting Board Large?")
    chat.next_answer()

    def functions() -> set[str]:
        lines = _lines(stack, "logs", "--message", asked.update_id, "--since", "1h")
        return {line["function"] for line in lines}

    # The status-handler's lines name the reply by the id that Meta gave to it.
    wait_until(lambda: {"message-handler", "reply-handler", "status-handler"} <= functions(), 30, "the log lines")


def test_nobody_is_let_in_under_the_id_of_smoke_tests(stack: Deployed) -> None:
    asked = ["tenant", "create", marks.TENANT, "--name", "Mine", "--home", str(stack.home.root)]
    with pytest.raises(InvalidInputError):
        CliRunner().invoke(app, asked, catch_exceptions=False)
    assert [row for row in stack.rows("tenants") if row["tenantId"] == marks.TENANT] == []


def test_a_seller_is_let_in_suspended_and_taken_away(stack: Deployed, tmp_path: Path) -> None:
    leaving = TenantId("leaving")
    assert _told(stack, "tenant", "create", leaving, "--name", "Leaving")["status"] == "active"
    number = WhatsAppNumber(Tenant(leaving, "Leaving"), PhoneNumberId("10990"), "20990", "", "none")
    DynamoTenants(stack.file.tables["tenants"], 0).put(number)
    assert _told(stack, "tenant", "suspend", leaving)["status"] == "suspended"
    assert _told(stack, "tenant", "show", leaving)["numbers"][0]["phone_number_id"] == "10990"

    receipt = tmp_path / "receipt.json"
    deleted = ("tenant", "delete", leaving, "--confirm", leaving, "--wait-seconds", "0", "--receipt", str(receipt))
    assert _told(stack, *deleted)["complete"]

    assert json.loads(receipt.read_text())["complete"]
    assert [row for row in stack.rows("tenants") if leaving in row["tenantId"]] == []
    with pytest.raises(NotFoundError):
        CliRunner().invoke(app, ["tenant", "show", leaving, "--home", str(stack.home.root)], catch_exceptions=False)
