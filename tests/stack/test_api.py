"""The API at the deployed front door, under the template's own policies."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from adapters.aws_clients import client
from tests.stack.deployed import Deployed, wait_until

FLOR = "flor-de-cafe"
WEBHOOK_SECRET = "whsec_" + "A" * 42 + "g="
"""One in all tests: what signs believes the one that it has read for five minutes."""
FEED = b"id,title,price\n" + b"".join(b"T-%d,Taza,1.50\n" % n for n in range(997)) + b"X1,,2\nX2,Taza,\nX3,Taza,1.2.3\n"

Call = Callable[..., httpx.Response]


def token(stack: Deployed, email: str) -> str:
    who = next(one for one in stack.file.users if one.email == email)
    answer = stack.aws.cognito().initiate_auth(
        ClientId=stack.file.user_pool_client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": who.email, "PASSWORD": who.password},
    )
    return str(answer["AuthenticationResult"]["AccessToken"])


@pytest.fixture(scope="module")
def http(stack: Deployed) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{stack.file.front_url}/api/v1", trust_env=False, timeout=60) as opened:
        yield opened


def caller(http: httpx.Client, access_token: str) -> Call:
    def call(method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        return http.request(method, path, json=body, headers={"Authorization": f"Bearer {access_token}", **headers})

    return call


@pytest.fixture(scope="module")
def flor(stack: Deployed, http: httpx.Client) -> Call:
    return caller(http, token(stack, f"admin@{FLOR}.example"))


@pytest.fixture(scope="module")
def operator(stack: Deployed, http: httpx.Client) -> Call:
    return caller(http, token(stack, "operator@marketplace.example"))


def test_a_product_is_made_once_listed_by_page_and_taken_out(flor: Call) -> None:
    body = {"title": "Taza", "price": {"amount": "4.50", "currency": "EUR"}}
    first, again = (flor("PUT", "/products/API-1", body, **{"Idempotency-Key": "once"}) for _ in range(2))
    assert (first.status_code, first.json(), first.headers["etag"]) == (200, again.json(), again.headers["etag"])
    assert flor("PUT", "/products/API-1", {**body, "title": "x"}, **{"Idempotency-Key": "once"}).status_code == 422
    page = flor("GET", "/products?limit=1").json()
    assert flor("GET", f"/products?limit=1&cursor={page['nextCursor']}").status_code == 200
    assert flor("DELETE", "/products/API-1", **{"If-Match": first.headers["etag"]}).status_code == 204


def test_a_file_with_three_faulty_rows_of_a_thousand_is_imported(flor: Call) -> None:
    begun = flor("POST", "/imports", {"fileName": "p.csv", "fileBytes": len(FEED), "dryRun": True}).json()
    upload, url = begun["upload"], f"/imports/{begun['job']['id']}"
    sent = httpx.request(
        upload["method"], upload["url"], content=FEED, headers=upload["headers"], trust_env=False, timeout=60
    )
    assert sent.status_code == 200
    assert flor("POST", f"{url}/start").status_code == 202
    wait_until(lambda: flor("GET", url).json()["state"] == "done", 60, "the import")
    told = flor("GET", url).json()
    assert (told["rows"], told["stored"], told["faulty"]) == (1000, 997, 3)
    assert [fault["line"] for fault in told["faults"]] == [999, 1000, 1001]
    faulty = httpx.get(flor("GET", f"{url}/errors").json()["url"], trust_env=False, timeout=60).text
    assert "no title" in faulty


def test_settings_numbers_and_tenants_are_kept(stack: Deployed, flor: Call, operator: Call) -> None:
    before = flor("GET", "/tenant").json()
    assert flor("PATCH", "/tenant", {"links": before["links"]}).json() == before
    seller = next(one for one in stack.file.tenants if one.id == FLOR)
    refused = flor("PUT", f"/numbers/{seller.phone_number_id}", {"wabaId": seller.waba_id, "accessToken": "not-theirs"})
    assert (refused.status_code, refused.json()["code"]) == (422, "account_refused")
    made = operator("POST", "/operator/tenants", {"id": "of-the-stack-test", "name": "Of the stack test"})
    assert made.status_code == 201
    assert (
        operator("PATCH", "/operator/tenants/of-the-stack-test", {"status": "suspended"}).json()["status"]
        == "suspended"
    )
    wait_until(
        lambda: "of-the-stack-test" in {one["id"] for one in operator("GET", "/operator/tenants").json()["items"]},
        10,
        "the list of tenants",
    )


def test_a_webhook_is_set_tried_and_removed(stack: Deployed, flor: Call) -> None:
    """Its name leads nowhere: what is looked at is an event's way, and that the seller sees why it did not come."""
    webhook = {"url": "https://webhook.invalid/", "secret": WEBHOOK_SECRET}
    assert flor("PUT", "/webhook", webhook).status_code == 200
    alert: dict[str, Any] = {"version": "1", "alertId": "of-the-stack-test", "tenantId": FLOR}
    client("sns").publish(TopicArn=stack.file.topics["account-alerts"], Message=json.dumps(alert))
    try:
        wait_until(lambda: flor("GET", "/webhook").json()["failure"] == "no_connection", 30, "the delivery to fail")
    finally:
        assert flor("DELETE", "/webhook").status_code == 204
