from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from handlers.api.front import REQUESTS_PER_MINUTE
from handlers.api.problems import PROBLEM_JSON
from tests.builders import ACME, GLOBEX, product
from tests.fakes.api import Caller, Context, rest_event


def test_who_has_no_token_learns_nothing_not_even_which_routes_there_are(call: Caller) -> None:
    for path in ("/api/v1/me", "/api/v1/nothing", "/api/v1/operator/tenants"):
        answer = call("GET", path, token=None)
        assert (answer.status, answer.json["code"]) == (401, "unauthenticated")
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"] == PROBLEM_JSON


def test_one_is_told_who_one_is(call: Caller) -> None:
    assert call("GET", "/api/v1/me").json == {
        "subject": "sub-anna", "name": "Anna", "role": "tenant_admin", "tenantId": "acme",
    }  # fmt: skip


def test_a_route_that_is_not_there_is_a_problem(call: Caller) -> None:
    answer = call("GET", "/api/v1/nothing")
    assert (answer.status, answer.json["code"], answer.json["type"]) == (
        404, "no_such_route", "urn:ai-marketplace:problem:no_such_route",
    )  # fmt: skip


@pytest.mark.parametrize("path", ["/api/v1/operator/tenants", "/api/v1/operator/anything", "/api/v1/operator"])
@pytest.mark.parametrize("token", ["anna", "agnes", "glen"])
def test_a_tenants_token_opens_no_operator_route(call: Caller, token: str, path: str) -> None:
    answer = call("GET", path, token=token)
    assert (answer.status, answer.json["code"]) == (403, "forbidden")


def test_an_operator_who_views_as_nobody_has_no_tenant(call: Caller) -> None:
    assert call("GET", "/api/v1/products", token="oskar").status == 403


@pytest.mark.parametrize(
    ("query", "parameter"), [("limit=0", "limit"), ("limit=101", "limit"), ("limit=many", "limit")]
)
def test_a_parameter_that_is_not_accepted_is_named(call: Caller, query: str, parameter: str) -> None:
    answer = call("GET", f"/api/v1/products?{query}")
    assert (answer.status, answer.json["errors"][0]["parameter"]) == (422, parameter)


def test_a_claimed_tenant_in_header_query_or_body_is_ignored(call: Caller, shop: Any) -> None:
    shop.rows.products.put(ACME, [product("A-1")])
    shop.rows.products.put(GLOBEX, [product("G-1")])
    answer = call(
        "GET",
        "/api/v1/products?tenantId=globex&tenant_id=globex",
        headers={"X-Tenant-Id": "globex", "tenantId": "globex"},
    )
    assert [one["id"] for one in answer.json["items"]] == ["A-1"]


def test_every_answer_says_how_many_requests_are_left(call: Caller) -> None:
    assert call("GET", "/api/v1/me").headers["ratelimit"] == f'"requests";r={REQUESTS_PER_MINUTE - 1};t=60'
    answer = call("GET", "/api/v1/nothing")
    assert answer.headers["ratelimit"] == f'"requests";r={REQUESTS_PER_MINUTE - 2};t=60'
    assert answer.headers["ratelimit-policy"] == f'"requests";q={REQUESTS_PER_MINUTE};w=60'
    assert call("GET", "/api/v1/me", token="glen").headers["ratelimit"].startswith('"requests";r=599')


def test_who_asks_too_often_waits(call: Caller, shop: Any) -> None:
    for _ in range(REQUESTS_PER_MINUTE):
        shop.counts.count("acme", shop.front.clock())
    answer = call("GET", "/api/v1/me")
    assert (answer.status, answer.headers["retry-after"]) == (429, "60")
    assert call("GET", "/api/v1/me", token="glen").status == 200


def test_a_counter_that_fails_keeps_nobody_from_their_work(call: Caller, shop: Any) -> None:
    shop.counts.down = True
    answer = call("GET", "/api/v1/me")
    assert answer.status == 200
    assert "ratelimit" not in answer.headers


def test_an_error_of_ours_tells_nothing_of_itself(call: Caller, shop: Any, log: Any) -> None:
    shop.rows.products = None
    answer = call("GET", "/api/v1/products")
    assert (answer.status, answer.json) == (
        500,
        {
            "type": "urn:ai-marketplace:problem:internal_error",
            "title": "Internal Server Error",
            "status": 500,
            "code": "internal_error",
        },
    )
    assert "AttributeError" in log.text


def test_answers_are_kept_by_nobody(call: Caller) -> None:
    headers = call("GET", "/api/v1/me").headers
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")


def test_one_line_is_logged_without_anything_that_was_asked(call: Caller, log: Any) -> None:
    call("GET", "/api/v1/products?cursor=12025550143")
    (line,) = log.lines
    assert (line["message"], line["method"], line["status"], line["tenant_id"]) == ("answered", "GET", 400, "acme")
    assert "12025550143" not in log.text


def test_no_explorer_is_served(call: Caller) -> None:
    for path in ("/swagger", "/api/v1/swagger", "/api/v1/docs", "/api/v1/openapi.json", "/api/v1/redoc"):
        assert call("GET", path).status == 404


def test_a_body_may_come_in_base64(shop: Any) -> None:
    event = rest_event("GET", "/api/v1/me", None, {"Authorization": "Bearer anna", "Content-Type": "application/json"})
    for body, status in ((base64.b64encode(b"{}").decode(), 200), ("/w==", 400), ("not base64", 400)):
        answer = shop.front.answer({**event, "body": body, "isBase64Encoded": True}, Context())
        assert answer["statusCode"] == status, json.loads(answer["body"])
