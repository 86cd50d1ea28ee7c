"""The operator's pages over fakes: what they show, what they change, and that nobody else sees them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest

from domain.access import Principal
from domain.errors import ForbiddenError
from domain.plans import PlanLimits
from domain.tenants import TenantStatus
from handlers.page_sessions import PageSession
from tests.builders import NOON
from tests.fakes.operator_pages import ADA, OLIVIA, Marketplace, busy_marketplace
from tests.unit.handlers.web import ORIGIN, request

PAGES = (
    "/operator",
    "/operator/new-tenant",
    "/operator/tenants/maple-home",
    "/operator/tenants/birch-bikes",
    "/operator/tenants/alder-art",
    "/operator/queues",
    "/operator/queues?look=1",
    "/operator/alerts",
    "/operator/usage",
    "/operator/audit",
    "/operator/audit?tenant=maple-home",
)

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def market() -> Marketplace:
    return busy_marketplace(NOON)


@pytest.fixture
def ask(market: Marketplace) -> Ask:
    def send(method: str, address: str, who: Principal = OLIVIA, **form: str) -> dict[str, Any]:
        from urllib.parse import urlencode

        headers = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"} if method == "POST" else {}
        return market.front.answer(request(method, address, headers, urlencode(form)), PageSession(who, "token"))

    return send


def text_of(answer: dict[str, Any]) -> str:
    assert answer["statusCode"] == 200, answer
    return str(answer["body"])


def location(answer: dict[str, Any]) -> str:
    assert answer["statusCode"] == 303, answer
    [where] = answer["multiValueHeaders"]["Location"]
    return str(where)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_there_in_both_languages_and_links_below_the_stage(ask: Ask, address: str) -> None:
    body = text_of(ask("GET", address))
    links = re.findall(r'(?:href|action|src)="([^"]*)"', body)
    assert links
    assert all(link.startswith("/prod/") or link == "#main" for link in links)
    assert "style=" not in body
    assert "<script>" not in body


def test_they_are_in_the_language_and_look_that_the_operator_chose(market: Marketplace) -> None:
    chosen = {"Cookie": "__Host-language=es; __Host-theme=dark"}
    body = text_of(market.front.answer(request("GET", "/operator", chosen), PageSession(OLIVIA, "token")))
    assert '<html lang="es"' in body
    assert 'data-theme="dark"' in body


@pytest.mark.parametrize("address", PAGES)
def test_who_is_no_operator_sees_none_of_it(ask: Ask, address: str) -> None:
    with pytest.raises(ForbiddenError):
        ask("GET", address, ADA)


def test_what_a_seller_is_called_stays_text(ask: Ask) -> None:
    body = text_of(ask("GET", "/operator"))
    assert "<img src=x" not in body
    assert "&lt;img src=x onerror=alert(1)&gt;" in body


def test_all_sellers_are_listed_with_what_is_wrong(ask: Ask) -> None:
    body = text_of(ask("GET", "/operator"))
    for shown in ("Maple Home", "Suspended", "1 number paused", "Plan nearly used", "12 × 131026", "41 × 190"):
        assert shown in body, shown


def test_a_long_list_goes_on(ask: Ask, market: Marketplace) -> None:
    for n in range(40):
        market.let_in(f"seller-{n:02d}", f"Seller {n}", {})
    first = text_of(ask("GET", "/operator"))
    [more] = re.findall(r'href="/prod(/operator\?after=[^"]+)"', first)
    rest = text_of(ask("GET", more))
    assert "Seller 0<" in first
    assert "Seller 39<" in rest
    assert "Seller 39<" not in first


def test_a_seller_is_suspended_and_let_in_again(ask: Ask, market: Marketplace) -> None:
    maple = market.profiles.tenants
    answer = ask("POST", "/operator/tenants/maple-home/status", status="suspended")
    assert location(answer) == "/prod/operator/tenants/maple-home?done=suspended"
    [tenant] = [one for name, one in maple.items() if name == "maple-home"]
    assert tenant.status is TenantStatus.SUSPENDED
    assert "Activate" in text_of(ask("GET", "/operator/tenants/maple-home?done=suspended"))
    ask("POST", "/operator/tenants/maple-home/status", status="active")
    assert [entry.action for entry in market.trail.entries] == ["tenant.suspended", "tenant.activated"]
    assert {entry.name for entry in market.trail.entries} == {"Olivia Ortega"}


def test_a_plan_is_given_with_its_limits(ask: Ask, market: Marketplace) -> None:
    assert location(ask("POST", "/operator/tenants/maple-home/plan", plan="small"))
    [tenant] = [one for name, one in market.profiles.tenants.items() if name == "maple-home"]
    assert (tenant.plan, tenant.limits) == ("small", PlanLimits(1_000, 2_000_000, 20_000_000))
    assert ask("POST", "/operator/tenants/maple-home/plan", plan="nope")["statusCode"] == 422


def test_a_seller_is_let_in_and_what_cannot_be_is_said(ask: Ask, market: Marketplace) -> None:
    sent = {"name": "Elm", "id": "elm", "plan": "small", "language": "en", "currency": "eur", "timezone": "Europe/Rome"}
    assert location(ask("POST", "/operator/new-tenant", **sent)) == "/prod/operator/tenants/elm?done=saved"
    wrong = ask("POST", "/operator/new-tenant", **{**sent, "id": "Elm#1"})
    assert wrong["statusCode"] == 422
    assert 'aria-invalid="true"' in wrong["body"]
    assert 'value="Elm#1"' in wrong["body"]
    again = ask("POST", "/operator/new-tenant", **sent)
    assert (again["statusCode"], "there is a tenant of this id" in again["body"]) == (422, True)
    assert [name for name in market.profiles.tenants if name == "elm"] == ["elm"]


def test_a_statement_is_a_page_and_a_file(ask: Ask, market: Marketplace) -> None:
    address = f"/operator/tenants/maple-home/statements/{market.now:%Y-%m}"
    page = text_of(ask("GET", address))
    assert "3,610" in page
    file = ask("GET", f"{address}/file")
    rows = list(csv.DictReader(io.StringIO(text_of(file).removeprefix("\ufeff"), newline="")))
    assert {row["quantity"] for row in rows if row["item"] == "replies"} == {"3610"}
    assert "attachment" in file["multiValueHeaders"]["Content-Disposition"][0]


def test_letters_are_shown_by_cause_and_put_back_to_work(ask: Ask, market: Marketplace) -> None:
    assert "KeyError" not in text_of(ask("GET", "/operator/queues"))
    assert "KeyError at receive.py:118" in text_of(ask("GET", "/operator/queues?look=1"))
    done = ask("POST", "/operator/queues/redrive", fingerprint="3f9a1c20")
    assert location(done) == "/prod/operator/queues?look=1&done=redriven"
    assert [group.fingerprint for group in market.letters.lying] == ["91bb02de"]
    [states] = market.log.actions.values()
    assert [str(action.state) for action in states] == ["running", "done"]
    assert (states[-1].operator, states[-1].counts) == ("Olivia Ortega", {"redriven": 7})
    gone = ask("POST", "/operator/queues/redrive", fingerprint="3f9a1c20")
    assert location(gone).endswith("done=nothing_redriven")
    market.letters.failing = True
    assert location(ask("POST", "/operator/queues/redrive", fingerprint="91bb02de")).endswith("done=not_redriven")


def test_alerts_stand_with_the_worst_first(ask: Ask) -> None:
    body = text_of(ask("GET", "/operator/alerts"))
    shown = ("106540352242922", "FLAGGED", "spring_sale · es", "VERIFIED_ACCOUNT")
    assert sorted(shown, key=body.index) == list(shown)


def test_plans_and_prices_are_set(ask: Ask, market: Marketplace) -> None:
    assert location(ask("POST", "/operator/usage/plans", name="large", replies="50000", tokens="", usd="99.5"))
    assert market.settings.plans["large"].limits == PlanLimits(50_000, None, 99_500_000)
    assert location(ask("POST", "/operator/usage/prices", service="0.0045", marketing="", utility="0.004"))
    assert market.settings.prices.meta == {"service": 4_500, "utility": 4_000}
    for sent in ({"name": "x", "replies": "many"}, {"name": "No!", "replies": ""}, {"name": "x", "usd": "1e-9"}):
        assert ask("POST", "/operator/usage/plans", **sent)["statusCode"] == 422


def test_the_trail_says_who_did_what_for_whom(ask: Ask) -> None:
    ask("POST", "/operator/tenants/maple-home/status", status="suspended")
    body = text_of(ask("GET", "/operator/audit?tenant=maple-home"))
    assert "tenant.suspended" in body
    assert "Olivia Ortega" in body
    assert ask("GET", "/operator/audit?tenant=maple-home%23x")["statusCode"] == 422


def test_a_form_of_another_site_changes_nothing(market: Marketplace) -> None:
    asked = request(
        "POST", "/operator/tenants/maple-home/status", {"Origin": "https://evil.example"}, "status=suspended"
    )
    with pytest.raises(ForbiddenError):
        market.front.answer(asked, PageSession(OLIVIA, "token"))
    assert market.trail.entries == []


def test_what_is_not_there_is_said_to_be_so(ask: Ask) -> None:
    for address in ("/operator/tenants/nobody", "/operator/nowhere"):
        assert ask("GET", address)["statusCode"] == 404
