"""`ai-marketplace templates`: from Meta's answers to the rows, and from the rows to a table."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

import boto3
import pytest

from adapters.dynamodb_templates import DynamoTemplateCatalogue
from adapters.dynamodb_tenants import DynamoTenants
from adapters.dynamodb_values import time_of
from domain.errors import AccountRefusedError
from domain.learn_templates import SyncPorts, learn
from domain.templates import DELETED, TemplateNews
from domain.tenants import PhoneNumberId, TenantStatus, WhatsAppNumber
from ops import cli, target
from ops.errors import OpsError
from ops.target import Target
from ops.templates import wiring
from ops.templates.report import SyncReport
from ops.templates.synchronising import Synchroniser
from tests.builders import ACME, GLOBEX, GLOBEX_NUMBER, account_event, after, number, template_news, tenant
from tests.contracts.world import World
from tests.integration.aws_world import AwsLook
from tests.integration.template_resources import TemplateResources

SECOND = PhoneNumberId("106540352242999")


@dataclass
class Meta:
    """Its accounts, by WABA."""

    accounts: dict[str, list[TemplateNews]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    interrupts_at: str = ""

    def read(self, of: WhatsAppNumber, at: datetime) -> Sequence[TemplateNews]:
        self.asked.append(of.waba_id)
        if of.waba_id == self.interrupts_at:
            raise KeyboardInterrupt
        if of.waba_id not in self.accounts:
            raise AccountRefusedError("Meta does not tell the templates: (#190) expired")
        return [replace(news, waba_id=of.waba_id, at=at) for news in self.accounts[of.waba_id]]


@dataclass
class Desk:
    resources: TemplateResources
    meta: Meta = field(default_factory=Meta)
    now: datetime = field(default_factory=lambda: after(hours=1))

    @property
    def table(self) -> str:
        return self.resources.tables["TenantsTable"]

    @property
    def catalogue(self) -> DynamoTemplateCatalogue:
        return DynamoTemplateCatalogue(self.table)

    @property
    def synchroniser(self) -> Synchroniser:
        ports = SyncPorts(self.meta, self.catalogue)
        return Synchroniser(partial(wiring.accounts, self.table), ports, lambda: self.now)

    def sync(self, tenant_id: str | None = None, **options: Any) -> SyncReport:
        return self.synchroniser.run(tenant_id, **options)

    def run(self, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int | str | None:
        found = Target("shop", False, {"tenants": self.table}, {}, {}, {}, {})
        monkeypatch.setattr(target, "find", lambda *_: found)
        monkeypatch.setattr(wiring, "synchroniser", lambda *_: self.synchroniser)
        monkeypatch.setattr(sys, "argv", ["ai-marketplace", "templates", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return ended.value.code


@pytest.fixture
def desk(resources: TemplateResources) -> Desk:
    tenants = DynamoTenants(resources.tables["TenantsTable"], 0)
    tenants.put(number())
    tenants.put(number(phone_number_id=SECOND))
    tenants.put(number(tenant(GLOBEX), GLOBEX_NUMBER))
    desk = Desk(resources)
    desk.meta.accounts = {"waba-acme": [template_news(), template_news("hello")], "waba-globex": [template_news()]}
    return desk


def test_an_account_of_several_numbers_is_read_once(desk: Desk) -> None:
    report = desk.sync()
    assert desk.meta.asked == ["waba-acme", "waba-globex"]
    assert [(one.tenant, len(one.new)) for one in report.accounts] == [("acme", 2), ("globex", 1)]
    assert report.ok


def test_of_one_seller_alone(desk: Desk) -> None:
    desk.sync("globex")
    assert desk.meta.asked == ["waba-globex"]
    assert desk.catalogue.of_account(ACME, "waba-acme") == []


def test_one_account_that_cannot_be_read_keeps_no_other(desk: Desk) -> None:
    del desk.meta.accounts["waba-acme"]
    report = desk.sync()
    assert [bool(one.error) for one in report.accounts] == [True, False]
    assert not report.ok
    assert len(desk.catalogue.of_account(GLOBEX, "waba-globex")) == 1


def test_interrupted_it_says_so_and_goes_on_the_next_time(desk: Desk) -> None:
    desk.meta.interrupts_at = "waba-globex"
    report = desk.sync()
    assert report.interrupted
    assert [one.tenant for one in report.accounts] == ["acme"]
    desk.meta.interrupts_at = ""
    assert [one.unchanged for one in desk.sync().accounts] == [2, 0]


def test_a_suspended_seller_is_left_alone(desk: Desk) -> None:
    DynamoTenants(desk.table, 0).put(number(tenant(GLOBEX, status=TenantStatus.SUSPENDED), GLOBEX_NUMBER))
    assert [one.tenant for one in desk.sync().accounts] == ["acme"]


def test_a_dry_run_writes_nothing(desk: Desk, look: AwsLook) -> None:
    before = look.everything()
    assert [one.new for one in desk.sync(dry_run=True).accounts][1] == ["order_ready (en_US)"]
    assert look.everything() == before


def test_what_meta_deleted_ages_and_a_webhook_of_before_does_not_bring_it_back(desk: Desk, look: AwsLook) -> None:
    desk.sync("acme")
    desk.now, desk.meta.accounts["waba-acme"] = after(hours=2), [template_news()]
    [account] = desk.sync("acme").accounts
    assert (account.removed, account.unchanged) == (["hello (en_US)"], 1)
    [row] = [row for row in look.rows("TenantsTable") if row.get("name") == "hello"]
    assert row["status"] == DELETED
    assert row["expiresAt"] == int(time_of(row["statusAt"]).timestamp()) + 9 * 24 * 3600
    learn(template_news("hello", at=after(minutes=90)), ACME, ports=desk.synchroniser.ports)
    assert [one.status for one in desk.catalogue.of_account(ACME, "waba-acme") if one.name == "hello"] == [DELETED]


def test_what_comes_back_ages_no_longer(desk: Desk, look: AwsLook) -> None:
    for hour, listed in ((1, [template_news()]), (2, []), (3, [template_news()])):
        desk.now, desk.meta.accounts["waba-acme"] = after(hours=hour), listed
        desk.sync("acme")
    [row] = [row for row in look.rows("TenantsTable") if row.get("name") == "order_ready"]
    assert row["status"] == "APPROVED"
    assert "expiresAt" not in row


def test_templates_do_not_look_like_numbers_or_events(desk: Desk, world: World, look: AwsLook) -> None:
    tenants = DynamoTenants(desk.table, 0)
    before = tenants.number(GLOBEX_NUMBER), tenants.of_waba("waba-acme")
    desk.sync()
    assert (DynamoTenants(desk.table, 0).number(GLOBEX_NUMBER), tenants.of_waba("waba-acme")) == before
    world.account_events.keep(ACME, account_event())
    assert look.account_events(ACME) == ["event-1"]
    assert [one.tenant for one in desk.sync().accounts] == ["acme", "globex"]


# --- as a command ---


def test_sync_for_people(desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.run(monkeypatch, "sync", "--all", "--dry-run") == 0
    assert "would be new: order_ready (en_US)" in capsys.readouterr().out
    assert desk.run(monkeypatch, "sync", "--all") == 0
    assert "  new: hello (en_US)" in capsys.readouterr().out
    assert desk.run(monkeypatch, "sync", "--tenant", "acme") == 0
    assert "unchanged: 2" in capsys.readouterr().out


def test_sync_for_programs(desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    del desk.meta.accounts["waba-acme"]
    assert desk.run(monkeypatch, "sync", "--all", "--output", "json") == 1
    report = json.loads(capsys.readouterr().out)
    assert "(#190) expired" in report["accounts"][0]["error"]


@pytest.mark.parametrize("arguments", [(), ("--all", "--tenant", "acme")])
def test_sync_asks_whose(desk: Desk, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]) -> None:
    assert desk.run(monkeypatch, "sync", *arguments) == 2
    assert desk.meta.asked == []


def test_a_seller_that_is_not_there(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.run(monkeypatch, "sync", "--tenant", "nobody") == 1
    assert "no active seller nobody" in capsys.readouterr().err


def test_interrupted_is_an_exit_code(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.meta.interrupts_at = "waba-acme"
    assert desk.run(monkeypatch, "sync", "--all") == 130


def test_the_list(desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.run(monkeypatch, "list") == 0
    assert "No templates are known" in capsys.readouterr().out
    desk.meta.accounts["waba-acme"].append(template_news("bad", status="REJECTED", rejected_reason="INVALID_FORMAT"))
    desk.sync()
    desk.now, desk.meta.accounts["waba-globex"] = after(hours=2), []
    desk.sync()
    assert desk.run(monkeypatch, "list") == 0
    shown = capsys.readouterr().out
    assert "REJECTED (INVALID_FORMAT)" in shown
    assert "globex" not in shown
    assert desk.run(monkeypatch, "list", "--tenant", "acme", "--output", "json") == 0
    names = [template["name"] for template in json.loads(capsys.readouterr().out)]
    assert names == ["bad", "hello", "order_ready"]


# --- where Meta's API is ---


class FakeLambda:
    def __init__(self, answer: dict[str, Any]) -> None:
        self._answer = answer

    def get_function_configuration(self, FunctionName: str) -> dict[str, Any]:  # noqa: N803 (boto3's own name)
        assert FunctionName == "shop-reply-handler"
        return self._answer


SHOP = Target("shop", False, {}, {}, {}, {"reply-handler": "shop-reply-handler"}, {})


def test_metas_api_is_where_the_functions_find_it(monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {"GRAPH_API_BASE_URL": "https://graph.example", "GRAPH_API_VERSION": "v26.0"}
    monkeypatch.setattr(boto3, "client", lambda _: FakeLambda({"Environment": {"Variables": variables}}))
    assert wiring.graph_api(SHOP) == ("https://graph.example", "v26.0")


@pytest.mark.parametrize("found", [SHOP, replace(SHOP, functions={})])
def test_a_deployment_that_does_not_say_is_an_error_with_a_hint(monkeypatch: pytest.MonkeyPatch, found: Target) -> None:
    monkeypatch.setattr(boto3, "client", lambda _: FakeLambda({}))
    with pytest.raises(OpsError) as raised:
        wiring.graph_api(found)
    assert "reply-handler" in (raised.value.hint or "")
