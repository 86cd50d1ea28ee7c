"""An operator's commands on the deployed stack: the books, the logs, and a seller who leaves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from adapters.dynamodb_tenants import DynamoTenants
from domain.tenants import PhoneNumberId, Tenant, TenantId, WhatsAppNumber
from ops.cli import app
from tests.stack.deployed import Deployed, wait_until
from tests.stack.phone import chat_with


def _told(stack: Deployed, *arguments: str, code: int = 0) -> Any:
    done = CliRunner().invoke(app, [*arguments, "--home", str(stack.home.root), "--output", "json"])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout) if done.stdout.startswith("{") else done.stdout


def test_every_message_that_was_received_ended_somewhere(stack: Deployed) -> None:
    chat = chat_with(stack)
    chat.say("How much is the Cast Iron Skillet 10 inch?")
    chat.next_answer()
    stack.wait_until_idle()

    books = _told(stack, "reconcile", "--tenant", "maple-home")

    [today] = books["days"]
    assert today["received"] > 0
    assert today["received"] == sum(today[end] for end in ("answered", "escalated", "recorded", "pending", "dead"))
    assert today["answered"] > 0
    assert [one for one in books["problems"] if not one["what"].startswith("pending")] == []


def test_one_message_is_shown_through_all_functions(stack: Deployed) -> None:
    chat = chat_with(stack)
    asked = chat.say("How much is the Bamboo Cutting Board Large?")
    chat.next_answer()

    def functions() -> set[str]:
        lines = _told(stack, "logs", "--message", asked.update_id, "--since", "10m")
        text = lines if isinstance(lines, str) else json.dumps(lines)
        return {json.loads(line)["function"] for line in text.splitlines()}

    wait_until(lambda: {"message-handler", "reply-handler"} <= functions(), 15, "the log lines")


def test_a_seller_is_let_in_suspended_and_taken_away(stack: Deployed, tmp_path: Path) -> None:
    leaving = TenantId("leaving")
    assert _told(stack, "tenant", "create", leaving, "--name", "Leaving")["status"] == "active"
    number = WhatsAppNumber(Tenant(leaving, "Leaving"), PhoneNumberId("10990"), "20990", "", "none")
    DynamoTenants(stack.file.tables["tenants"], 0).put(number)
    assert _told(stack, "tenant", "suspend", leaving)["status"] == "suspended"
    assert _told(stack, "tenant", "show", leaving)["numbers"][0]["phone_number_id"] == "10990"

    receipt = tmp_path / "receipt.json"
    deleted = ("tenant", "delete", leaving, "--confirm", leaving, "--wait-seconds", "0", "--receipt", str(receipt))
    assert json.loads(_last(_told(stack, *deleted)))["complete"]

    assert json.loads(receipt.read_text())["complete"]
    assert [row for row in stack.rows("tenants") if leaving in row["tenantId"]] == []
    _told(stack, "tenant", "show", leaving, code=1)


def _last(told: Any) -> str:
    return json.dumps(told) if isinstance(told, dict) else str(told)
