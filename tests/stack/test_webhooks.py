"""A seller's own webhook on the deployed stack: what happens is posted to it, signed, by the way that it takes on AWS.

The local stage's receiver stands in for the seller's server (`adapters/local_web.py`).
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from domain.tenant_webhooks import new_secret
from tests.stack.deployed import Deployed, wait_until
from tests.stack.desk import told
from tests.stack.phone import chat_with
from tests.stack.test_api import FLOR, WEBHOOK_SECRET, token
from tests.stack.test_log_in import bearer

URL = f"https://{FLOR}.localhost/events/ours"


def heard(stack: Deployed, url: str = URL) -> list[dict[str, Any]]:
    """Oldest first."""
    every = stack.http.get(f"{stack.file.front_url}/local/webhooks").raise_for_status().json()
    return [one for one in reversed(every) if one["url"] == url]


def genuine(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """As docs/events.md has it for receivers."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    return hmac.compare_digest(
        "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode(), headers["webhook-signature"]
    )


def taken(api: httpx.Client, earlier: set[str]) -> list[dict[str, Any]]:
    return [one for one in told(api.get("/webhook/deliveries"))["items"] if one["eventId"] not in earlier]


def test_what_happens_arrives_signed_at_the_sellers_webhook(stack: Deployed) -> None:
    headers, secret = bearer(token(stack, f"admin@{FLOR}.example")), WEBHOOK_SECRET
    with httpx.Client(base_url=f"{stack.file.front_url}/api/v1", headers=headers, trust_env=False, timeout=60) as api:
        earlier = {one["eventId"] for one in told(api.get("/webhook/deliveries"))["items"]}  # another test's
        told(api.put("/webhook", json={"url": URL, "secret": secret}))
        try:
            tried = told(api.post("/webhook/test"))
            assert (tried["kind"], tried["failure"]) == ("test", "")
            chat_with(stack, FLOR).say("Quiero hablar con una persona, por favor")
            wait_until(lambda: len(heard(stack)) >= 3, 60, "the test, the call for a person and the change of hands")
            wait_until(lambda: len(taken(api, earlier)) >= 3, 10, "the deliveries")
            listed, known = taken(api, earlier), told(api.get("/webhook"))
        finally:
            told(api.delete("/webhook"))
    events = heard(stack)
    bodies = [json.loads(one["body"]) for one in events]
    assert sorted({body["type"] for body in bodies}) == ["escalation", "handoff", "test"]
    assert {body["data"]["tenantId"] for body in bodies} == {FLOR}
    for one in events:
        assert genuine(one["headers"], one["body"].encode(), secret)
        assert not genuine(one["headers"], one["body"].encode() + b" ", secret)
        assert not genuine(one["headers"], one["body"].encode(), new_secret())
    assert {one["eventId"] for one in listed} == {one["headers"]["webhook-id"] for one in events}
    assert {one["failure"] for one in listed} == {""}
    assert known["deliveredAt"] is not None
    assert known["failedAt"] is None


@pytest.mark.parametrize("function", ["tenant-notifier", "tenant-admin-api", "admin-gui"])
def test_the_receiver_is_this_machines_own(stack: Deployed, function: str) -> None:
    configuration = stack.aws.functions().get_function_configuration(FunctionName=stack.file.functions[function])
    assert configuration["Environment"]["Variables"]["LOCAL_WEBHOOKS"] == f"{stack.file.front_url}/local/webhooks"
