from __future__ import annotations

import base64
import hmac
import json
from typing import Any

import pytest

from tests.fakes.api import Caller
from tests.unit.domain.use_cases.test_notify_tenant import RAW, SECRET

URL = "/api/v1/webhook"
WEBHOOK = {"url": "https://shop.example/events", "secret": SECRET, "events": ["escalation", "handoff"]}


def test_it_is_set_shown_and_removed_and_its_secret_never_told(call: Caller, shop: Any) -> None:
    assert call("GET", URL).status == 404
    told = call("PUT", URL, WEBHOOK)
    assert (told.status, told.json["events"], told.json["enabled"]) == (200, ["escalation", "handoff"], True)
    assert call("GET", URL).json == told.json
    assert SECRET not in told.text
    assert shop.secrets.kept == {"tenants/acme/webhook": SECRET}
    assert call("GET", URL, token="glen").status == 404
    assert call("GET", URL, token="agnes").status == 403
    assert call("DELETE", URL).status == 204
    assert call("GET", URL).status == 404


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"url": "http://shop.example/"}, "/url"),
        ({"url": "https://169.254.169.254/"}, "/url"),
        ({"secret": "short"}, "/secret"),
        ({"secret": None}, "/secret"),
        ({"events": []}, "/events"),
        ({"events": ["everything"]}, "/events/0"),
        ({"tenantId": "globex"}, "/tenantId"),
    ],
)
def test_nothing_else_is_accepted(call: Caller, shop: Any, change: dict[str, object], pointer: str) -> None:
    answer = call("PUT", URL, {**WEBHOOK, **change})
    assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, pointer)
    assert shop.webhooks.webhooks == {}


def test_a_test_event_is_sent_once_signed_and_listed(call: Caller, shop: Any) -> None:
    assert call("POST", f"{URL}/test").status == 404
    call("PUT", URL, {**WEBHOOK, "enabled": False})
    told = call("POST", f"{URL}/test").json
    assert (told["kind"], told["failure"]) == ("test", "")
    ((url, headers, body),) = shop.sender.posts
    assert (url, headers["webhook-id"], json.loads(body)["type"]) == (WEBHOOK["url"], told["eventId"], "test")
    assert json.loads(body)["data"]["tenantId"] == "acme"
    signed = f"{told['eventId']}.{headers['webhook-timestamp']}.".encode() + body
    assert headers["webhook-signature"] == "v1," + base64.b64encode(hmac.digest(RAW, signed, "sha256")).decode()
    shop.sender.reason = "http_500"
    assert call("POST", f"{URL}/test").json["failure"] == "http_500"
    listed = call("GET", f"{URL}/deliveries")
    assert sorted(one["failure"] for one in listed.json["items"]) == ["", "http_500"]
    assert SECRET not in listed.text
    assert call("GET", URL).json["failure"] == "http_500"
    assert [entry.action for entry in shop.people.store.trail] == ["webhook.tested"] * 2


@pytest.mark.parametrize(("token", "status"), [("agnes", 403), ("glen", 404)])
def test_nobody_else_tries_it(call: Caller, shop: Any, token: str, status: int) -> None:
    call("PUT", URL, WEBHOOK)
    assert call("POST", f"{URL}/test", token=token).status == status
    assert call("GET", f"{URL}/deliveries", token=token).status == (status if token == "agnes" else 200)
    assert shop.sender.posts == []
