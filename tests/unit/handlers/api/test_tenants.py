from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from domain.plans import PlanLimits
from domain.tenants import SendingPause, TenantStatus
from ops.smoke import marks
from tests.builders import ACME, ACME_NUMBER, GLOBEX, GLOBEX_NUMBER, NOON, number, tenant
from tests.fakes.api import Caller, Context, rest_event
from tests.fakes.number_states import FakeNumberStates

TOKEN = "EAAG-a-token-of-meta"  # a made-up one
NUMBER = {"wabaId": "372910446518803", "accessToken": TOKEN}
URL = f"/api/v1/numbers/{ACME_NUMBER}"


@pytest.fixture(autouse=True)
def _meta(shop: Any) -> None:
    shop.meta.numbers = {
        ("372910446518803", ACME_NUMBER): (TOKEN, "+1 555 010 0001"),
        ("372910446518804", GLOBEX_NUMBER): ("EAAG-another-token", "+1 555 010 0002"),
    }


def test_settings_come_back_as_they_were_set(call: Caller) -> None:
    settings = {
        "name": "Acme Ltd",
        "language": "es",
        "currency": "EUR",
        "timezone": "Europe/Madrid",
        "escalationKeywords": ["mayorista"],
        "openingHours": {"mon": [{"opens": "09:00", "closes": "13:00"}, {"opens": "15:00", "closes": "18:30"}]},
        "holidays": ["2026-12-25"],
        "waiting": {"reminder": 10, "note": None, "urgent": 60},
        "replies": {"thanks": True},
        "links": ["https://acme.example/ayuda"],
    }
    answer = call("PATCH", "/api/v1/tenant", settings)
    told = call("GET", "/api/v1/tenant").json
    assert answer.json == told
    assert {name: told[name] for name in settings} == settings
    assert (told["id"], told["status"], told["plan"]) == ("acme", "active", "standard")


def test_what_is_left_out_stays(call: Caller, shop: Any) -> None:
    call("PATCH", "/api/v1/tenant", {"openingHours": {"tue": [{"opens": "09:00", "closes": "10:00"}]}})
    before = shop.profiles.tenants[ACME]
    call("PATCH", "/api/v1/tenant", {"timezone": "Asia/Tokyo"})
    after = shop.profiles.tenants[ACME]
    assert after == replace(
        before, timezone="Asia/Tokyo", opening_hours=replace(before.opening_hours, timezone="Asia/Tokyo")
    )


def test_the_assistant_is_set_as_far_as_a_seller_pays_for_it(call: Caller, shop: Any) -> None:
    settings = {
        "kind": "catalogue",
        "persona": "A florist",
        "tone": "warm",
        "languages": ["es", "en"],
        "forbiddenSubjects": ["politics"],
        "escalationRules": ["somebody wants to return something"],
        "orderStatusUrl": "https://acme.example/orders/{order_id}",
        "monthlyTokens": 1000,
        "monthlyMicroUsd": None,
        "beyondBudget": "person",
    }
    told = call("PATCH", "/api/v1/tenant", {"assistant": settings}).json["assistant"]
    assert told == {**settings, "modelId": ""}
    changed = call("PATCH", "/api/v1/tenant", {"assistant": {"tone": "brisk"}}).json["assistant"]
    assert changed == {**told, "tone": "brisk"}
    for refused in (
        {"modelId": "x"},
        {"prices": None},
        {"orderStatusUrl": "http://10.0.0.1/{order_id}"},
        {"tone": "\n"},
    ):
        assert call("PATCH", "/api/v1/tenant", {"assistant": refused}).status == 422
    assert shop.profiles.tenants[ACME].assistant.tone == "brisk"


def test_a_change_is_in_the_audit_trail_and_none_is_not(call: Caller, shop: Any) -> None:
    call("PATCH", "/api/v1/tenant", {"name": "Acme Ltd"})
    call("PATCH", "/api/v1/tenant", {"name": "Acme Ltd"})
    (entry,) = shop.profiles.trail
    assert (entry.action, entry.subject, entry.tenant_id) == ("tenant.settings_changed", "sub-anna", ACME)
    assert entry.details == {"changed": "name"}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"status": "active"}, "/status"),
        ({"plan": "gold"}, "/plan"),
        ({"id": "globex"}, "/id"),
        ({"tenantId": "globex"}, "/tenantId"),
        ({"role": "operator"}, "/role"),
        ({"usage": {"replies": 0}}, "/usage"),
        ({"timezone": "Mars/Olympus"}, "/timezone"),
        ({"language": "english"}, "/language"),
        ({"openingHours": {"mon": [{"opens": "10:00", "closes": "09:00"}]}}, "/openingHours/mon"),
        ({"openingHours": {"monday": []}}, "/openingHours/monday/[key]"),
        ({"links": ["http://acme.example"]}, "/links"),
        ({"links": ["javascript:alert(1)"]}, "/links"),
        ({"escalationKeywords": ["x\n"]}, "/escalationKeywords"),
        ({"waiting": {"reminder": 0, "note": None, "urgent": None}}, "/waiting/reminder"),
        ({"waiting": {"reminder": 5}}, "/waiting/note"),
    ],
)
def test_nothing_else_is_accepted(call: Caller, shop: Any, change: dict[str, object], pointer: str) -> None:
    answer = call("PATCH", "/api/v1/tenant", change)
    assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, pointer)
    assert shop.profiles.tenants[ACME] == tenant()


def test_who_has_seen_other_settings_changes_nothing(call: Caller) -> None:
    seen = call("GET", "/api/v1/tenant").headers["etag"]
    call("PATCH", "/api/v1/tenant", {"name": "Acme Ltd"})
    assert call("PATCH", "/api/v1/tenant", {"name": "Acme"}, headers={"If-Match": seen}).status == 412


def test_an_agent_changes_no_settings_and_connects_no_number(call: Caller) -> None:
    call.token = "agnes"
    assert call("GET", "/api/v1/tenant").status == 200
    assert call("PATCH", "/api/v1/tenant", {"name": "Mine"}).status == 403
    assert call("PUT", URL, NUMBER).status == 403
    assert call("DELETE", URL).status == 403
    assert call("POST", f"{URL}/resume").status == 403


def test_a_number_is_connected_and_its_token_never_told(call: Caller, shop: Any) -> None:
    answer = call("PUT", URL, NUMBER)
    assert (answer.status, answer.json["displayPhoneNumber"]) == (200, "+1 555 010 0001")
    assert shop.secrets.kept == {f"tenants/acme/{ACME_NUMBER}": TOKEN}
    listed = call("GET", "/api/v1/numbers")
    assert [one["phoneNumberId"] for one in listed.json["items"]] == [ACME_NUMBER]
    assert TOKEN not in answer.text + listed.text + repr(shop.profiles.trail)


def test_a_number_that_the_token_does_not_open_is_not_connected(call: Caller, shop: Any) -> None:
    for url, body, status in (
        (f"/api/v1/numbers/{GLOBEX_NUMBER}", NUMBER, 422),
        (URL, {**NUMBER, "accessToken": "EAAG-revoked-token"}, 422),
        (URL, {**NUMBER, "wabaId": "372910446518804"}, 422),
        ("/api/v1/numbers/x", NUMBER, 422),
    ):
        assert call("PUT", url, body).status == status
    assert shop.numbers.numbers == {}
    assert shop.secrets.kept == {}


def test_a_number_of_another_tenant_is_not_taken(call: Caller, shop: Any) -> None:
    call("PUT", URL, NUMBER)
    answer = call("PUT", URL, NUMBER, token="glen")
    assert (answer.status, answer.json["code"]) == (409, "already_exists")
    assert shop.secrets.kept == {f"tenants/acme/{ACME_NUMBER}": TOKEN}
    call("DELETE", URL, token="glen")
    assert list(shop.numbers.numbers) == [(ACME, ACME_NUMBER)]


def test_a_paused_number_is_resumed_by_a_word_or_by_a_token_that_meta_takes(call: Caller, shop: Any) -> None:
    for code, method, url, body in ((131042, "POST", f"{URL}/resume", None), (190, "PUT", URL, NUMBER)):
        call("PUT", URL, NUMBER)
        pause = SendingPause(NOON, code, "So says Meta")
        assert FakeNumberStates(shop.store).pause(ACME, number(), pause)
        told = call("GET", "/api/v1/numbers").json["items"][0]["sendingPause"]
        assert (told["code"], told["title"]) == (code, "So says Meta")
        assert call(method, url, body).json["sendingPause"] is None
        assert call("GET", "/api/v1/numbers").json["items"][0]["sendingPause"] is None
        shop.store.resumed.clear()


def test_a_number_is_disconnected_with_its_token(call: Caller, shop: Any) -> None:
    call("PUT", URL, NUMBER)
    assert [call("DELETE", URL).status for _ in range(2)] == [204, 204]
    assert (shop.numbers.numbers, shop.secrets.kept) == ({}, {})
    assert [entry.action for entry in shop.profiles.trail] == ["number.connected", "number.disconnected"]


def test_an_operator_lets_a_tenant_in_suspends_it_and_lets_it_in_again(call: Caller, shop: Any) -> None:
    call.token = "oskar"
    made = call("POST", "/api/v1/operator/tenants", {"id": "initech", "name": "Initech", "timezone": "UTC"})
    assert (made.status, made.json["status"]) == (201, "active")
    assert call("PUT", "/api/v1/operator/plans/gold", {"replies": 1000}).status == 204
    assert call("POST", "/api/v1/operator/tenants", {"id": "initech", "name": "Again"}).status == 409
    for status in ("suspended", "active"):
        changed = call("PATCH", "/api/v1/operator/tenants/initech", {"status": status, "plan": "gold"})
        assert (changed.json["status"], changed.json["plan"]) == (status, "gold")
    assert [entry.action for entry in shop.profiles.trail] == [
        "tenant.created", "tenant.plan_changed", "tenant.suspended", "tenant.activated",
    ]  # fmt: skip
    assert {entry.tenant_id for entry in shop.profiles.trail} == {"initech"}
    assert shop.profiles.tenants["initech"].limits == PlanLimits(replies=1000)
    assert call("PATCH", "/api/v1/operator/tenants/initech", {"plan": "tin"}).status == 422


def test_an_operator_sees_all_tenants_page_by_page(call: Caller) -> None:
    call.token = "oskar"
    first = call("GET", "/api/v1/operator/tenants?limit=1").json
    rest = call("GET", f"/api/v1/operator/tenants?limit=1&cursor={first['nextCursor']}").json
    assert [one["id"] for one in first["items"] + rest["items"]] == ["acme", "globex"]
    assert rest["nextCursor"] is None


def test_an_operator_changes_a_tenants_settings_for_it(call: Caller, shop: Any) -> None:
    call("PATCH", "/api/v1/operator/tenants/globex/settings", {"name": "Globex SA"}, token="oskar")
    (entry,) = shop.profiles.trail
    assert (entry.tenant_id, entry.on_behalf_of, entry.subject) == (GLOBEX, GLOBEX, "sub-oskar")
    assert shop.profiles.tenants[GLOBEX].name == "Globex SA"


@pytest.mark.parametrize(
    "tenant_id", ["acme%23x", "acme#x", "*", "..", "%2e%2e", "ACME", "ac", "x" * 41, "acme%20", "é"]
)
def test_a_tenant_id_that_is_none_is_refused(call: Caller, tenant_id: str) -> None:
    headers = {"Authorization": "Bearer oskar", "Content-Type": "application/json"}
    event = rest_event("GET", "/", None, headers) | {"path": f"/api/v1/operator/tenants/{tenant_id}"}
    assert call.front.answer(event, Context())["statusCode"] == 422
    made = call("POST", "/api/v1/operator/tenants", {"id": tenant_id, "name": "x"}, token="oskar")
    assert made.status == 422


@pytest.mark.parametrize("tenant_id", ["quarantine", "operator-log", "user", "number", marks.TENANT])
def test_a_tenant_is_not_named_as_a_partition_of_ours(call: Caller, tenant_id: str) -> None:
    assert call("POST", "/api/v1/operator/tenants", {"id": tenant_id, "name": "x"}, token="oskar").status == 422


def test_a_suspended_tenants_settings_say_so(call: Caller, shop: Any) -> None:
    shop.profiles.tenants[ACME] = tenant(status=TenantStatus.SUSPENDED)
    assert call("GET", "/api/v1/tenant").json["status"] == "suspended"
    assert call("GET", "/api/v1/operator/tenants/none-such", token="oskar").status == 404
