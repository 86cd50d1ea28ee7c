"""Who is not Meta puts nothing on a queue."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable

import pytest

from ops.simulator.webhooks.signature import SIGNATURE_HEADER, signature
from tests.stack.deployed import Deployed
from tests.stack.envelopes import of_messages, text_message
from tests.stack.phone import new_customer

Forged = Callable[[bytes, str], tuple[bytes, dict[str, str]]]


def _unsigned(body: bytes, _: str) -> tuple[bytes, dict[str, str]]:
    return body, {}


def _by_another_app(body: bytes, _: str) -> tuple[bytes, dict[str, str]]:
    return body, {SIGNATURE_HEADER: signature(body, "another-app")}


def _with_an_empty_secret(body: bytes, _: str) -> tuple[bytes, dict[str, str]]:
    return body, {SIGNATURE_HEADER: signature(body, "")}


def _spaced_anew(body: bytes, secret: str) -> tuple[bytes, dict[str, str]]:
    return body.replace(b'"object":', b'"object": ', 1), {SIGNATURE_HEADER: signature(body, secret)}


def _sha1_alone(body: bytes, secret: str) -> tuple[bytes, dict[str, str]]:
    digest = hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
    return body, {"X-Hub-Signature": f"sha1={digest}"}


def _sha1_in_the_place_of_sha256(body: bytes, secret: str) -> tuple[bytes, dict[str, str]]:
    digest = hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
    return body, {SIGNATURE_HEADER: f"sha1={digest}"}


def _in_capitals(body: bytes, secret: str) -> tuple[bytes, dict[str, str]]:
    return body, {SIGNATURE_HEADER: signature(body, secret).upper()}


def _cut_short(body: bytes, secret: str) -> tuple[bytes, dict[str, str]]:
    return body, {SIGNATURE_HEADER: signature(body, secret)[:-2]}


@pytest.mark.parametrize(
    "forge",
    [
        _unsigned,
        _by_another_app,
        _with_an_empty_secret,
        _spaced_anew,
        _sha1_alone,
        _sha1_in_the_place_of_sha256,
        _in_capitals,
        _cut_short,
    ],
)
def test_a_body_that_meta_has_not_signed_is_refused_and_queued_nowhere(stack: Deployed, forge: Forged) -> None:
    stack.wait_until_idle()
    message_id = f"wamid.forged{forge.__name__}"
    tenant = stack.tenant("maple-home")
    envelope = of_messages(tenant, [text_message(new_customer(), message_id, "Let me in")])
    body, headers = forge(json.dumps(envelope, separators=(",", ":")).encode(), stack.file.app_secret)

    assert stack.post(body, headers).status_code == 401

    # What becomes of an earlier answer may come at any time, on the queue of the statuses.
    depths = [depth for depth in stack.queues.depths() if not depth.dead_letters and depth.queue != "statuses"]
    assert [depth.queue for depth in depths if depth.waiting + depth.delayed] == []
    assert not [row for row in stack.rows("conversations") if message_id in row["conversationId"]]


def test_the_same_body_with_its_signature_is_taken(stack: Deployed) -> None:
    tenant = stack.tenant("maple-home")

    answer = stack.post_signed(of_messages(tenant, [text_message(new_customer(), "wamid.honest", "Good evening")]))

    assert answer.status_code == 200


def test_metas_handshake_is_answered_with_the_bare_challenge(stack: Deployed) -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": stack.file.verify_token, "hub.challenge": "<b>1158201444</b>"}

    answer = stack.http.get(stack.file.webhook_url, params=query)

    assert answer.status_code == 200
    assert answer.text == "<b>1158201444</b>"
    assert answer.headers["content-type"].startswith("text/plain")


def test_a_handshake_with_another_token_is_refused(stack: Deployed) -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": "guessed", "hub.challenge": "1158201444"}

    answer = stack.http.get(stack.file.webhook_url, params=query)

    assert answer.status_code == 403
    assert "1158201444" not in answer.text
