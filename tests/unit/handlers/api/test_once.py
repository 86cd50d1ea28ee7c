"""`Idempotency-Key`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import ACME, product
from tests.fakes.api import Caller

URL = "/api/v1/products/MUG-1"
KEY = {"Idempotency-Key": "one"}


def body(title: str = "Mug") -> dict[str, object]:
    return {"title": title, "price": {"amount": "1", "currency": "USD"}}


def test_the_same_again_does_nothing_and_is_answered_alike(call: Caller, shop: Any) -> None:
    first = call("PUT", URL, body(), headers=KEY)
    shop.rows.products.put(ACME, [product("MUG-1", "Changed since")])
    again = call("PUT", URL, body(), headers=KEY)
    assert (again.status, again.text, again.headers["etag"]) == (first.status, first.text, first.headers["etag"])
    assert call("GET", URL).json["title"] == "Changed since"


def test_another_body_under_the_same_key_is_refused(call: Caller) -> None:
    call("PUT", URL, body(), headers=KEY)
    answer = call("PUT", URL, body("Cup"), headers=KEY)
    assert (answer.status, answer.json["code"]) == (422, "idempotency_key_reused")
    assert call("GET", URL).json["title"] == "Mug"


def test_a_key_is_of_one_tenant_one_person_and_one_route(call: Caller) -> None:
    call("PUT", URL, body(), headers=KEY)
    assert call("PUT", URL, body("Cup"), headers=KEY, token="glen").status == 200
    assert call("PUT", "/api/v1/products/MUG-2", body("Cup"), headers=KEY).status == 200
    assert call("PUT", URL, body(), headers=KEY, token="agnes").status == 403


def test_what_failed_may_be_tried_again(call: Caller) -> None:
    assert call("PATCH", URL, {"stock": 1}, headers=KEY).status == 404
    call("PUT", URL, body())
    assert call("PATCH", URL, {"stock": 1}, headers=KEY).status == 200


def test_while_it_is_answered_it_is_not_answered_again(call: Caller, shop: Any, monkeypatch: Any) -> None:
    inner, replace = [], type(shop.rows).replace

    def ask_again_meanwhile(*args: Any) -> Any:
        inner.append(call("PUT", URL, body(), headers=KEY))
        return replace(*args)

    monkeypatch.setattr(type(shop.rows), "replace", ask_again_meanwhile)
    assert call("PUT", URL, body(), headers=KEY).status == 200
    assert [(one.status, one.json["code"]) for one in inner] == [(409, "in_progress")]


@pytest.mark.parametrize("key", ["", "é", "a b", "x" * 201])
def test_a_key_that_is_none_is_refused(call: Caller, key: str) -> None:
    answer = call("PUT", URL, body(), headers={"Idempotency-Key": key})
    assert (answer.status, answer.json["code"]) == (422, "invalid_idempotency_key")


def test_nothing_that_was_sent_is_kept(call: Caller, shop: Any) -> None:
    call("PUT", URL, {**body(), "description": "kept nowhere but in the product"}, headers=KEY)
    (record,) = shop.persistence.records.values()
    assert "one" not in record.idempotency_key.split("#")
    assert record.payload_hash
    assert call("GET", "/api/v1/products", headers=KEY).status == 200
    assert len(shop.persistence.records) == 1
