"""Usage, statements, plans and prices over the API."""

from __future__ import annotations

from typing import Any

import pytest

from domain.plans import PlanLimits
from domain.usage import UsageDelta
from tests.builders import ACME, GLOBEX, MONTH, number, tenant
from tests.fakes.api import Caller


@pytest.fixture(autouse=True)
def counted(shop: Any) -> None:
    shop.tenants.put(number(tenant(plan="small", limits=PlanLimits(replies=100))))
    shop.store.count(
        ACME,
        UsageDelta(
            MONTH, {"replies": 80, "answers": 70, "billable_service": 75, "free_utility": 5, "failed_131026": 2}
        ),
    )
    shop.store.count(GLOBEX, UsageDelta(MONTH, {"replies": 5}))


def test_a_seller_sees_months_limits_forecast_and_costs(call: Caller) -> None:
    told = call("GET", "/api/v1/usage?months=2").json
    assert [month["month"] for month in told["months"]] == ["2026-10", MONTH]
    assert told["months"][1]["charged"] == {"service": 75}
    assert told["months"][1]["uncharged"] == {"utility": 5}
    assert told["months"][0]["uncharged"] == {}
    assert told["standings"] == [{"measure": "replies", "used": 80, "limit": 100, "perCent": 80}]
    assert told["forecast"]["replies"] > 80
    assert told["costs"]["unpriced"] == ["service"]


def test_a_statement_is_the_same_as_json_and_as_a_file(call: Caller) -> None:
    statement = call("GET", f"/api/v1/usage/{MONTH}").json
    lines = {(line["section"], line["item"]): line["quantity"] for line in statement["lines"]}
    assert lines["replies", "replies"] == 80
    file = call("GET", f"/api/v1/usage/{MONTH}/statement.csv")
    assert file.headers["content-type"].startswith("text/csv")
    assert "attachment" in file.headers["content-disposition"]
    assert f"acme,Acme,{MONTH},replies,replies,80,," in file.text
    assert f"acme,Acme,{MONTH},free,utility,5,," in file.text


@pytest.mark.parametrize("path", ["/api/v1/usage", f"/api/v1/usage/{MONTH}", f"/api/v1/usage/{MONTH}/statement.csv"])
def test_of_another_tenant_nobody_sees_anything(call: Caller, path: str) -> None:
    call.token = "glen"
    answer = call("GET", path)
    assert answer.status == 200
    assert "80" not in answer.text


@pytest.mark.parametrize("month", ["2026-13", "2026", "2026-11%23spilled", "x"])
def test_what_is_no_month_is_refused(call: Caller, month: str) -> None:
    assert call("GET", f"/api/v1/usage/{month}").status == 422


def test_prices_make_amounts(call: Caller) -> None:
    call.token = "oskar"
    assert call("PUT", "/api/v1/operator/prices", {"meta": {"service": 4000}}).status == 204
    assert call("GET", "/api/v1/operator/prices").json["meta"] == {"service": 4000}
    told = call("GET", f"/api/v1/operator/tenants/acme/usage/{MONTH}").json
    assert (told["amountMicroUsd"], told["unpriced"]) == (300_000, [])


def test_an_operator_sees_how_all_sellers_are(call: Caller) -> None:
    call.token = "oskar"
    acme, globex = call("GET", "/api/v1/operator/usage").json["items"]
    assert (acme["id"], acme["answeredShare"], acme["failures"]) == ("acme", 1.0, {"131026": 2})
    assert (globex["id"], globex["answeredShare"], globex["health"]) == ("globex", None, "information")


def test_plans_are_made_and_listed(call: Caller) -> None:
    call.token = "oskar"
    assert call("PUT", "/api/v1/operator/plans/small", {"replies": 200, "microUsd": 5_000_000}).status == 204
    names = [(plan["name"], plan["replies"]) for plan in call("GET", "/api/v1/operator/plans").json["items"]]
    assert names == [("small", 200), ("standard", None)]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/operator/plans/small", {"replies": -1}),
        ("/api/v1/operator/plans/small", {"replies": 10**16}),
        ("/api/v1/operator/plans/small", {"everything": 1}),
        ("/api/v1/operator/prices", {"meta": {"Service!": 1}}),
        ("/api/v1/operator/prices", {"meta": {"service": -1}}),
    ],
)
def test_what_is_no_limit_and_no_price_is_refused(call: Caller, path: str, body: dict[str, Any]) -> None:
    call.token = "oskar"
    assert call("PUT", path, body).status == 422


@pytest.mark.parametrize("path", ["/usage", "/plans", "/prices", f"/tenants/globex/usage/{MONTH}"])
def test_a_seller_is_no_operator(call: Caller, path: str) -> None:
    assert call("GET", f"/api/v1/operator{path}").status == 403
