from __future__ import annotations

from typing import Any

import pytest

from domain.catalogue import ProductId
from tests.builders import ACME, GLOBEX, product
from tests.fakes.api import Caller

MUG = {"title": "Mug", "price": {"amount": "34.90", "currency": "USD"}}


def test_what_is_put_comes_back_whole(call: Caller) -> None:
    whole = {
        **MUG,
        "sale": {"amount": "30", "starts": "2026-11-20T08:00:00Z", "ends": "2026-11-30T20:00:00+01:00"},
        "description": "Holds 300 ml",
        "category": "Kitchen",
        "link": "https://shop.example/mug",
        "imageLink": "https://shop.example/mug.png",
        "language": "en",
        "available": False,
        "stock": 3,
        "active": False,
        "attributes": {"color": "blue"},
    }
    answer = call("PUT", "/api/v1/products/MUG-1", whole)
    assert answer.status == 200, answer.text
    told = call("GET", "/api/v1/products/MUG-1").json
    assert told == answer.json
    assert told == {
        **whole,
        "id": "MUG-1",
        "href": "/api/v1/products/MUG-1",
        "sale": {
            "price": {"amount": "30.00", "currency": "USD"},
            "starts": "2026-11-20T08:00:00Z",
            "ends": "2026-11-30T20:00:00+01:00",
        },
        "version": told["version"],
    }


def test_a_change_leaves_the_rest(call: Caller) -> None:
    call("PUT", "/api/v1/products/MUG-1", {**MUG, "stock": 3, "sale": {"amount": "30"}, "attributes": {"size": "L"}})
    changed = call("PATCH", "/api/v1/products/MUG-1", {"stock": None, "title": "Cup"}).json
    assert (changed["stock"], changed["title"], changed["sale"]["price"]["amount"]) == (None, "Cup", "30.00")
    assert changed["attributes"] == {"size": "L"}
    assert call("PATCH", "/api/v1/products/MUG-1", {"sale": None}).json["sale"] is None
    assert call("PATCH", "/api/v1/products/NONE", {"title": "x"}).status == 404


def test_who_has_seen_another_version_changes_nothing(call: Caller) -> None:
    seen = call("PUT", "/api/v1/products/MUG-1", MUG).headers["etag"]
    call("PATCH", "/api/v1/products/MUG-1", {"stock": 3})
    for method, body in (("PUT", MUG), ("PATCH", {"stock": 4}), ("DELETE", None)):
        answer = call(method, "/api/v1/products/MUG-1", body, headers={"If-Match": seen})
        assert (answer.status, answer.json["code"]) == (412, "changed_meanwhile")
    now = call("GET", "/api/v1/products/MUG-1").headers["etag"]
    assert call("DELETE", "/api/v1/products/MUG-1", headers={"If-Match": now}).status == 204
    assert call("GET", "/api/v1/products/MUG-1").status == 404
    assert call("DELETE", "/api/v1/products/MUG-1").status == 204


@pytest.mark.parametrize("product_id", ["a/b", "#1", "é", "👟", "..", "~x", "50%", "a b", "x" * 100])
def test_whatever_an_id_holds_its_link_leads_to_it(call: Caller, shop: Any, product_id: str) -> None:
    shop.rows.products.put(ACME, [product(product_id)])
    href = call("GET", "/api/v1/products").json["items"][0]["href"]
    assert call("GET", href).json["id"] == product_id


@pytest.mark.parametrize("key", ["~!", "~", "%7E%21", "~" + "A" * 200])
def test_a_key_that_names_no_id_is_refused(call: Caller, key: str) -> None:
    assert call("GET", f"/api/v1/products/{key}").status == 422


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"tenantId": "globex"}, "/tenantId"),
        ({"plan": "gold"}, "/plan"),
        ({"version": "1"}, "/version"),
        ({"price": {"amount": "1.5", "currency": "USD", "minor": 1}}, "/price/minor"),
        ({"price": {"amount": 1.5, "currency": "USD"}}, "/price/amount"),
        ({"stock": "3"}, "/stock"),
        ({"stock": -1}, "/stock"),
        ({"active": "yes"}, "/active"),
        ({"title": ""}, "/title"),
        ({"title": "x" * 201}, "/title"),
        ({"attributes": {"title": "x"}}, "/attributes/title/[key]"),
        ({"sale": {"amount": "1", "starts": "2026-11-20T08:00:00"}}, "/sale"),
        ({"sale": {"amount": "1.005"}}, "/sale/amount"),
    ],
)
def test_nothing_else_is_accepted(call: Caller, change: dict[str, object], pointer: str) -> None:
    call("PUT", "/api/v1/products/MUG-1", MUG)
    for method, body in (("PUT", {**MUG, **change}), ("PATCH", change)):
        answer = call(method, "/api/v1/products/MUG-1", body)
        assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, pointer), answer.text


@pytest.mark.parametrize(
    "change",
    [{"link": "javascript:alert(1)"}, {"imageLink": "x"}, {"price": {"amount": "1.005", "currency": "USD"}}],
)
def test_the_rules_are_those_of_an_import(call: Caller, change: dict[str, object]) -> None:
    answer = call("PUT", "/api/v1/products/MUG-1", {**MUG, **change})
    assert (answer.status, answer.json["code"]) == (422, "invalid_input")


@pytest.mark.parametrize("body", ["{", "[]", '"x"', "NaN", '{"title": NaN}', '{"title": "\\ud800"}', "[" * 100_000])
def test_what_is_no_json_object_is_refused(call: Caller, body: str) -> None:
    assert call("PUT", "/api/v1/products/MUG-1", body).status in {400, 422}


def test_an_agent_looks_and_changes_nothing(call: Caller) -> None:
    assert call("PUT", "/api/v1/products/MUG-1", MUG, token="agnes").status == 403
    call("PUT", "/api/v1/products/MUG-1", MUG)
    assert call("GET", "/api/v1/products/MUG-1", token="agnes").status == 200
    for method, body in (("PATCH", {"stock": 1}), ("DELETE", None)):
        assert call(method, "/api/v1/products/MUG-1", body, token="agnes").status == 403


def test_nobody_reaches_another_tenants_product(call: Caller, shop: Any) -> None:
    shop.rows.products.put(GLOBEX, [product("HAT-1")])
    assert call("GET", "/api/v1/products/HAT-1").status == 404
    assert call("PATCH", "/api/v1/products/HAT-1", {"stock": 1}).status == 404
    assert call("DELETE", "/api/v1/products/HAT-1").status == 204
    assert shop.rows.find(GLOBEX, ProductId("HAT-1")) == product("HAT-1")
