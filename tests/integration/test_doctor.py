"""`ai-marketplace doctor` on the tables and secrets of one deployment."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
import typer
from typer.testing import CliRunner, Result

from adapters.aws_clients import client
from ops import target
from ops.doctor import wiring
from ops.doctor.commands import doctor
from ops.migrate.wiring import Outputs
from ops.target import Target
from tests.builders import ACME, ACME_NUMBER, GLOBEX, GLOBEX_NUMBER, number, tenant
from tests.contracts.world import World
from tests.integration.template_resources import TemplateResources

PLATFORM = "a-stack/platform"
WABA = number().waba_id
ANSWERS: dict[str, dict[str, Any]] = {
    f"/v26.0/{ACME_NUMBER}": {
        "status": "CONNECTED",
        "quality_rating": "GREEN",
        "code_verification_status": "VERIFIED",
        "name_status": "APPROVED",
        "account_mode": "LIVE",
    },
    f"/v26.0/{WABA}/phone_numbers": {"data": [{"id": ACME_NUMBER}]},
    f"/v26.0/{WABA}/subscribed_apps": {"data": [{"whatsapp_business_api_data": {"id": "1"}}]},
    f"/v26.0/{WABA}/message_templates": {"data": []},
}


def _answer(_: object, request: httpx.Request) -> httpx.Response:
    """Meta's, and the webhook's."""
    if request.url.host == "webhook.example":
        well = request.url.params["hub.verify_token"] == "verify"
        return httpx.Response(200, text=request.url.params["hub.challenge"]) if well else httpx.Response(403)
    assert request.headers["authorization"] == "Bearer EAAG-token"
    return httpx.Response(200, json=ANSWERS[request.url.path])


@pytest.fixture(autouse=True)
def deployment(monkeypatch: pytest.MonkeyPatch, resources: TemplateResources, world: World) -> None:
    names = {"tenants": "TenantsTable", "conversations": "ConversationsTable"}
    tables = {name: resources.tables[logical] for name, logical in names.items()}
    found = Target("a-stack", local=False, tables=tables, queues={}, topics={}, buckets={}, functions={})
    told = Outputs("https://webhook.example/", PLATFORM, "ai-marketplace-platform/tenants/")
    monkeypatch.setattr(target, "find", lambda *_: found)
    monkeypatch.setattr(wiring, "outputs", lambda _: told)
    monkeypatch.setattr(wiring, "graph_api", lambda _: ("https://graph.example", "v26.0"))
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", _answer)
    secrets = {"app_secret": "app-secret", "previous_app_secret": "", "verify_token": "verify"}
    client("secretsmanager").create_secret(Name=PLATFORM, SecretString=json.dumps(secrets))
    client("secretsmanager").create_secret(Name=number().access_token_secret, SecretString="EAAG-token")
    world.tenants.put(number())


def run(*arguments: str) -> Result:
    app = typer.Typer()
    app.command()(doctor)
    return CliRunner().invoke(app, list(arguments))


def test_a_healthy_deployment() -> None:
    result = run()
    assert (result.exit_code, "Healthy." in result.stdout) == (0, True), result.output


def test_a_seller_whose_token_is_not_there(world: World) -> None:
    world.tenants.put(number(tenant(GLOBEX), GLOBEX_NUMBER))
    result = run("--output", "json")
    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [(one["check"], one["subject"].split()[0]) for one in report["findings"]] == [("token secret", GLOBEX)]
    assert "15550100001" not in result.output
    assert "rotate-token" in run("--tenant", GLOBEX).stdout
    assert run("--tenant", ACME).exit_code == 0


def test_a_platform_secret_that_cannot_be_read_is_not_healthy() -> None:
    client("secretsmanager").delete_secret(SecretId=PLATFORM, ForceDeleteWithoutRecovery=True)
    result = run()
    assert (result.exit_code, "Not known: platform secret" in result.stdout) == (2, True)


def test_a_seller_who_is_not_there_is_wrong_use() -> None:
    result = run("--tenant", "nobody")
    assert (result.exit_code, "there is no seller nobody" in result.output) == (2, True)
