"""Each check on a healthy deployment, and on one with one ailment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest

from adapters.whatsapp_account_numbers import WhatsAppAccountNumbers
from adapters.whatsapp_numbers import WhatsAppNumbers
from adapters.whatsapp_templates import WhatsAppTemplates
from domain.errors import ServiceUnavailableError
from domain.intake import PlatformSecrets
from domain.tenants import SendingPause, Tenant, TenantStatus, WhatsAppNumber
from ops.doctor.examination import Patient, examine
from ops.doctor.numbers import Instruments
from ops.doctor.report import FINDINGS, HEALTHY, NOT_ASKED, DoctorReport
from tests.builders import ACME, ACME_NUMBER, GLOBEX, NOON, number, tenant

TOKEN = "EAAG-a-token"
DISPLAY = "+1 555-010-0001"
NUMBER = number(display_phone_number=DISPLAY)
WABA = NUMBER.waba_id
WELL = {
    "id": ACME_NUMBER,
    "status": "CONNECTED",
    "quality_rating": "GREEN",
    "code_verification_status": "VERIFIED",
    "name_status": "APPROVED",
    "account_mode": "LIVE",
    "throughput": {"level": "STANDARD"},
    "whatsapp_business_manager_messaging_limit": "TIER_2K",
}
REFUSED = {"error": {"code": 190, "message": f"Malformed access token {TOKEN}"}}
NOT_PERMITTED = {"error": {"code": 200, "message": "no"}}
BUSY = {"error": {"code": 4, "message": f"too many calls of {TOKEN}"}}


@dataclass
class Deployment:
    secrets: PlatformSecrets | None = field(default_factory=lambda: PlatformSecrets("app-secret", "", "verify"))
    accepts: frozenset[str] = frozenset({"verify"})
    """Tokens that the webhook takes."""
    refusal: int = 403
    tokens: dict[str, str] = field(default_factory=lambda: {NUMBER.access_token_secret: TOKEN})
    tenants: list[Tenant] = field(default_factory=lambda: [tenant()])
    numbers: list[WhatsAppNumber] = field(default_factory=lambda: [NUMBER])
    rows: Sequence[Mapping[str, Any]] = field(
        default_factory=lambda: [
            {"tenantId": ACME, "phoneNumberId": ACME_NUMBER},
            {"tenantId": GLOBEX, "phoneNumberId": "2"},
        ]
    )
    number: tuple[int, Any] = (200, WELL)
    phone_numbers: tuple[int, Any] = (200, {"data": [{"id": ACME_NUMBER, "display_phone_number": DISPLAY}]})
    apps: tuple[int, Any] = (200, {"data": [{"whatsapp_business_api_data": {"id": "1"}}]})
    templates: tuple[int, Any] = (200, {"data": [{"name": "ready", "language": "en", "status": "APPROVED"}]})
    asked: list[str] = field(default_factory=list)

    def token(self, secret_name: str, *, fresh: bool = False) -> str:  # noqa: ARG002 (as the port)
        return self.tokens[secret_name]

    def meta(self, request: httpx.Request) -> httpx.Response:
        assert request.method == "GET"
        assert request.headers["authorization"] == f"Bearer {TOKEN}"
        self.asked.append(request.url.path)
        answers = {
            f"/v26.0/{ACME_NUMBER}": self.number,
            f"/v26.0/{WABA}/phone_numbers": self.phone_numbers,
            f"/v26.0/{WABA}/subscribed_apps": self.apps,
            f"/v26.0/{WABA}/message_templates": self.templates,
        }
        status, body = answers[request.url.path]
        return httpx.Response(status, json=body)

    def webhook(self, request: httpx.Request) -> httpx.Response:
        if not self.refusal:
            raise httpx.ConnectError("no")
        if request.url.params["hub.verify_token"] in self.accepts or "*" in self.accepts:
            return httpx.Response(200, text=request.url.params["hub.challenge"])
        return httpx.Response(self.refusal, text="no")

    def platform_secrets(self) -> PlatformSecrets:
        if self.secrets is None:
            raise ServiceUnavailableError("secret x/platform cannot be read")
        return self.secrets

    def report(self, only: str | None = None) -> DoctorReport:
        transport = httpx.MockTransport(self.meta)
        ask = Instruments(
            holds=self.tokens.__contains__,
            token=self.token,
            numbers=WhatsAppNumbers("https://graph.example", "v26.0", self, transport),
            accounts=WhatsAppAccountNumbers("https://graph.example", "v26.0", transport),
            templates=WhatsAppTemplates("https://graph.example", "v26.0", self, transport),
        )
        patient = Patient(
            stack="a-stack",
            webhook_url="https://webhook.example/",
            platform_secrets=self.platform_secrets,
            tenants=self.tenants,
            numbers_of=lambda one: [it for it in self.numbers if it.tenant.tenant_id == one.tenant_id],
            number_rows=lambda: self.rows,
            ask=ask,
            transport=httpx.MockTransport(self.webhook),
        )
        report = examine(patient, only)
        told = report.model_dump_json()
        assert TOKEN not in told
        assert DISPLAY not in told
        return report


def test_a_healthy_deployment() -> None:
    deployment = Deployment()
    report = deployment.report()
    assert (report.findings, report.unasked, report.exit_code) == ([], [], HEALTHY)
    assert report.notes == [f"acme {ACME_NUMBER} (…0001): messaging limit TIER_2K, throughput STANDARD"]
    assert len(deployment.asked) == 4


def told(**words: Any) -> tuple[int, Any]:
    return 200, {**WELL, **words}


def template(status: str) -> tuple[int, Any]:
    return 200, {"data": [{"name": "ready", "language": "en", "status": status}]}


@pytest.mark.parametrize(
    ("deployment", "check", "found"),
    [
        (Deployment(secrets=PlatformSecrets("", "", "verify")), "app secret", "empty: every webhook"),
        (Deployment(secrets=PlatformSecrets("a", "b", "verify")), "rotation", "previous app secret"),
        (Deployment(secrets=PlatformSecrets("a", "", "")), "verify token", "empty: Meta cannot verify"),
        (Deployment(accepts=frozenset()), "handshake", "HTTP 403"),
        (Deployment(accepts=frozenset("*")), "wrong verify token", "anybody"),
        (Deployment(numbers=[]), "number", "without a WhatsApp number"),
        (
            Deployment(rows=[{"tenantId": one, "phoneNumberId": ACME_NUMBER} for one in (ACME, GLOBEX)]),
            "claims",
            f"{ACME_NUMBER} is claimed by {ACME}, {GLOBEX}",
        ),
        (
            Deployment(numbers=[replace(NUMBER, sending_pause=SendingPause(NOON, 131042, "Payment"))]),
            "sending",
            "paused since 2026-11-22 12:00Z, Meta's code 131042",
        ),
        (Deployment(number=told(status="BANNED")), "status", "Meta says BANNED"),
        (Deployment(number=told(quality_rating="RED")), "quality", "Meta says RED"),
        (Deployment(number=told(quality_rating="YELLOW")), "quality", "Meta says YELLOW"),
        (Deployment(number=told(code_verification_status="NOT_VERIFIED")), "verification", "Meta says NOT_VERIFIED"),
        (Deployment(number=told(name_status="DECLINED")), "display name", "Meta says DECLINED"),
        (Deployment(number=told(account_mode="SANDBOX")), "account mode", "Meta says SANDBOX"),
        (Deployment(phone_numbers=(200, {"data": [{"id": "2"}]})), "account", "does not have it"),
        (Deployment(phone_numbers=(400, NOT_PERMITTED)), "account", "does not open the account"),
        (Deployment(apps=(200, {"data": []})), "webhooks", "no app is subscribed"),
        (Deployment(templates=template("REJECTED")), "templates", "rejected: ready (en)"),
        (Deployment(templates=template("PAUSED")), "templates", "paused: ready (en)"),
        (Deployment(templates=template("DISABLED")), "templates", "disabled: ready (en)"),
    ],
)
def test_one_ailment_is_one_finding_with_its_remedy(deployment: Deployment, check: str, found: str) -> None:
    report = deployment.report()
    [finding] = report.findings
    assert finding.check == check
    assert found in finding.found
    assert finding.remedy
    assert report.unasked == []
    assert report.exit_code == FINDINGS


@pytest.mark.parametrize(
    ("deployment", "check", "asked"),
    [
        (Deployment(tokens={}), "token secret", 0),
        (Deployment(tokens={NUMBER.access_token_secret: ""}), "token secret", 0),
        (Deployment(number=(401, REFUSED)), "token", 1),
        (Deployment(number=(400, {"error": {"code": 100, "message": "Unsupported get request"}})), "token", 1),
    ],
)
def test_without_a_token_that_meta_takes_the_rest_is_not_known(deployment: Deployment, check: str, asked: int) -> None:
    report = deployment.report()
    assert [one.check for one in report.findings] == [check]
    assert [one.check for one in report.unasked] == ["number at Meta"]
    assert len(deployment.asked) == asked


@pytest.mark.parametrize(
    ("deployment", "check"),
    [
        (Deployment(secrets=None), "platform secret"),
        (Deployment(refusal=500), "wrong verify token"),
        (Deployment(number=told(quality_rating="UNKNOWN")), "quality"),
        (Deployment(number=(200, {name: WELL[name] for name in WELL if name != "status"})), "status"),
        (Deployment(phone_numbers=(500, {})), "account"),
        (Deployment(apps=(400, NOT_PERMITTED)), "webhooks"),
        (Deployment(templates=(400, BUSY)), "templates"),
    ],
)
def test_what_could_not_be_asked_is_not_healthy(deployment: Deployment, check: str) -> None:
    report = deployment.report()
    assert [one.check for one in report.unasked] == [check]
    assert report.findings == []
    assert report.exit_code == NOT_ASKED


def test_meta_that_is_busy_says_nothing_of_the_token() -> None:
    report = Deployment(number=(400, BUSY)).report()
    assert (report.unasked[0].check, report.unasked[0].why) == ("token", "Meta answers with code 4")
    assert report.findings == []


def test_a_webhook_that_cannot_be_reached_from_here_is_not_known() -> None:
    report = Deployment(refusal=0).report()
    assert [one.check for one in report.unasked] == ["handshake", "wrong verify token"]
    assert report.exit_code == NOT_ASKED


def test_a_suspended_seller_is_not_looked_at_and_that_is_said() -> None:
    deployment = Deployment(tenants=[tenant(status=TenantStatus.SUSPENDED)], tokens={})
    report = deployment.report()
    assert (report.exit_code, deployment.asked) == (HEALTHY, [])
    assert report.notes == ["Suspended, and not looked at: 1"]


def test_of_one_seller_only_its_own_claims_are_told() -> None:
    rows = [{"tenantId": one, "phoneNumberId": "3"} for one in (GLOBEX, "initech")]
    assert Deployment(rows=rows).report(ACME).exit_code == HEALTHY
    assert Deployment(rows=rows).report(GLOBEX).exit_code == FINDINGS
