"""The function that Meta calls, on fakes of its two services."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from domain.errors import ServiceUnavailableError
from domain.intake import PlatformSecrets, QueueMessage
from handlers import bootstrap, webhook
from handlers.function_url import request_of
from handlers.whatsapp_fields import decode
from tests.fakes.platform_secret import FakePlatformSecret, FakePlatformSecretStore
from tests.unit.handlers.conftest import Log
from tests.unit.handlers.envelopes import (
    APP_SECRET,
    PHONE,
    ROOT,
    body_with,
    signature,
    status,
    text_message,
)

VERIFY_TOKEN = "test_verify_token"
BODY = body_with(
    messages=[text_message("wamid.1", "the words of a customer")],
    contacts=[{"wa_id": PHONE, "profile": {"name": "Ruth Okafor"}}],
    statuses=[status("wamid.2")],
)


def _store() -> FakePlatformSecretStore:
    return FakePlatformSecretStore(FakePlatformSecret(PlatformSecrets(APP_SECRET, "", VERIFY_TOKEN)))


@dataclass
class FakeQueues:
    inbox: list[QueueMessage] = field(default_factory=list)
    statuses: list[QueueMessage] = field(default_factory=list)
    error: Exception | None = None

    def enqueue(self, inbox: Sequence[QueueMessage], statuses: Sequence[QueueMessage]) -> None:
        if self.error:
            raise self.error
        self.inbox += inbox
        self.statuses += statuses


@dataclass
class Called:
    """The function with its services, called as Lambda calls it."""

    secrets: FakePlatformSecretStore = field(default_factory=_store)
    queues: FakeQueues = field(default_factory=FakeQueues)

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        return webhook.handle(request_of(event), bootstrap.Webhook(self.secrets, self.queues))

    @property
    def queued(self) -> int:
        return len(self.queues.inbox) + len(self.queues.statuses)


@pytest.fixture
def call() -> Called:
    return Called()


def request(method: str, **more: Any) -> dict[str, Any]:
    return {"version": "2.0", "requestContext": {"http": {"method": method}}, "headers": {}, **more}


def post(body: bytes = BODY, headers: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    headers = {"x-hub-signature-256": signature(body)} if headers is None else headers
    return request("POST", headers=headers, body=body.decode(), isBase64Encoded=False) | more


def get(mode: str = "subscribe", verify: str = VERIFY_TOKEN, challenge: str = "1158201444") -> dict[str, Any]:
    return request(
        "GET",
        queryStringParameters={"hub.mode": mode, "hub.verify_token": verify, "hub.challenge": challenge},
    )


@pytest.mark.parametrize("challenge", ["1158201444", "<script>alert(1)</script>"])
def test_the_handshake_is_answered_as_plain_text_without_a_signature(call: Called, challenge: str) -> None:
    response = call(get(challenge=challenge))
    assert (response["statusCode"], response["body"]) == (200, challenge)
    assert response["headers"]["content-type"].startswith("text/plain")
    assert response["headers"]["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "event",
    [
        get(verify="wrong"),
        get(verify=""),
        get(mode="unsubscribe"),
        request("GET"),
        request("GET", queryStringParameters=None),
    ],
    ids=["wrong token", "empty token", "wrong mode", "no query", "null query"],
)
def test_another_handshake_is_forbidden(call: Called, event: dict[str, Any]) -> None:
    response = call(event)
    assert response["statusCode"] == 403
    assert VERIFY_TOKEN not in response["body"]


def test_without_a_verify_token_nobody_shakes_hands(call: Called) -> None:
    call.secrets.kept.secrets = PlatformSecrets(APP_SECRET, "", "")
    assert call(get(verify=""))["statusCode"] == 403


def test_a_signed_body_is_queued_and_the_answer_lists_what_was_accepted(call: Called) -> None:
    response = call(post())
    assert (response["statusCode"], response["body"]) == (200, "message wamid.1\nstatus wamid.2:sent")
    assert [decode(message.body)["message"]["id"] for message in call.queues.inbox] == ["wamid.1"]
    assert [decode(message.body)["status"]["id"] for message in call.queues.statuses] == ["wamid.2"]


def test_the_answer_can_be_written_whatever_came(call: Called) -> None:
    body = b'{"entry": [{"changes": [{"field": "new\\ud800\\n", "value": {}}]}]}'
    response = call(post(body))
    assert response["statusCode"] == 200
    assert response["body"].isascii()
    assert len(response["body"].splitlines()) == 1


@pytest.mark.parametrize("name", ["x-hub-signature-256", "X-Hub-Signature-256", "X-HUB-SIGNATURE-256"])
def test_header_names_count_in_any_case(call: Called, name: str) -> None:
    assert call(post(headers={"content-type": "application/json", name: signature(BODY)}))["statusCode"] == 200


def test_a_base64_body_is_verified_over_its_bytes(call: Called) -> None:
    event = post(body=base64.b64encode(BODY), headers={"x-hub-signature-256": signature(BODY)}, isBase64Encoded=True)
    assert call(event)["statusCode"] == 200
    assert len(call.queues.inbox) == 1


def test_non_ascii_bytes_are_verified_as_sent(call: Called) -> None:
    body = json.dumps({"entry": [{"changes": []}], "note": "ñ 🍁 مرحبا"}, ensure_ascii=False).encode()
    assert call(post(body))["statusCode"] == 200


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(post(headers={}), id="no signature"),
        pytest.param(post() | {"headers": None}, id="no headers"),
        pytest.param(post() | {"body": BODY.decode().replace(":", ": ", 1)}, id="a space more"),
        pytest.param(post() | {"body": ""}, id="no body"),
        pytest.param(post() | {"body": None}, id="null body"),
        pytest.param(post(headers={"x-hub-signature": "sha1=" + "0" * 40}), id="sha1 header"),
        pytest.param(post(headers={"x-hub-signature-256": signature(BODY).upper()}), id="upper case"),
        pytest.param(post(headers={"x-hub-signature-256": signature(BODY)[:-2]}), id="truncated"),
        pytest.param(
            post(headers={"x-hub-signature-256": f"{signature(BODY)},{signature(BODY)}"}),
            id="two headers, joined as Lambda does",
        ),
        pytest.param(post(headers={"x-hub-signature-256": signature(BODY, "another app")}), id="another app"),
        pytest.param(post(headers={"x-hub-signature-256": signature(BODY, "")}), id="empty secret"),
    ],
)
def test_what_meta_did_not_sign_is_refused_and_not_queued(call: Called, event: dict[str, Any]) -> None:
    assert call(event)["statusCode"] == 401
    assert call.queued == 0


def test_an_empty_secret_in_the_configuration_fails_closed(call: Called) -> None:
    call.secrets.kept.secrets = PlatformSecrets("", "", VERIFY_TOKEN)
    assert call(post(headers={"x-hub-signature-256": signature(BODY, "")}))["statusCode"] == 401
    assert call.queued == 0


@pytest.mark.parametrize(("previous", "expected"), [("previous", 200), ("", 401)])
def test_the_previous_secret_counts_while_it_is_configured(call: Called, previous: str, expected: int) -> None:
    call.secrets.kept.secrets = PlatformSecrets(APP_SECRET, previous, VERIFY_TOKEN)
    assert call(post(headers={"x-hub-signature-256": signature(BODY, "previous")}))["statusCode"] == expected


@dataclass
class Rotation:
    """A worker that goes on believing what it has read, while Meta and an operator change the app secret."""

    call: Called

    def signed(self, secret: str) -> int:
        status: int = self.call(post(headers={"x-hub-signature-256": signature(BODY, secret)}))["statusCode"]
        return status

    def put(self, app_secret: str, previous: str) -> None:
        self.call.secrets.kept.secrets = PlatformSecrets(app_secret, previous, VERIFY_TOKEN)


def test_nothing_that_meta_signed_is_refused_while_the_app_secret_is_rotated(call: Called) -> None:
    worker = Rotation(call)
    assert [worker.signed(secret) for secret in (APP_SECRET, "new", "unknown")] == [200, 401, 401]
    call.secrets.clock += 60
    worker.put("new", APP_SECRET)
    assert [worker.signed(secret) for secret in ("new", APP_SECRET, "new", "unknown")] == [200, 200, 200, 401]
    call.secrets.clock += 3600
    assert [worker.signed(secret) for secret in (APP_SECRET, "new", "unknown")] == [200, 200, 401]
    worker.put("new", "")
    call.secrets.clock += 300
    assert [worker.signed(secret) for secret in ("new", APP_SECRET, "unknown")] == [200, 401, 401]


def test_a_flood_of_forgeries_asks_for_the_secrets_once_a_minute(call: Called) -> None:
    worker = Rotation(call)
    assert {worker.signed("forged") for _ in range(200)} == {401}
    assert call.secrets.asked == 2  # when it began, and in its first doubt
    call.secrets.clock += 61
    assert {worker.signed("forged") for _ in range(200)} == {401}
    assert call.secrets.asked == 3


@pytest.mark.parametrize("headers", [{}, {"x-hub-signature-256": "sha256=short"}], ids=["none", "of another form"])
def test_what_has_no_signature_is_worth_no_question(call: Called, headers: dict[str, str]) -> None:
    assert call(post())["statusCode"] == 200
    assert call(post(headers=headers))["statusCode"] == 401
    assert call(request("GET"))["statusCode"] == 403
    assert call.secrets.asked == 1


def test_what_is_signed_by_the_known_secret_is_taken_while_secrets_manager_is_down(call: Called) -> None:
    worker = Rotation(call)
    assert worker.signed(APP_SECRET) == 200
    call.secrets.error = ServiceUnavailableError("Secrets Manager is down")
    assert worker.signed("new") == 503  # it might be Meta's: to be sent again
    assert worker.signed(APP_SECRET) == 200


def test_a_new_verify_token_holds_at_once(call: Called) -> None:
    assert call(get())["statusCode"] == 200
    call.secrets.kept.secrets = PlatformSecrets(APP_SECRET, "", "a-new-verify-token")
    assert call(get(verify="a-new-verify-token"))["statusCode"] == 200
    assert call(get())["statusCode"] == 403


@pytest.mark.parametrize(
    ("previous", "signed_with", "told"),
    [("", APP_SECRET, []), ("old", APP_SECRET, []), ("old", "old", ["previous_app_secret"])],
)
def test_what_the_previous_secret_signed_is_logged(
    call: Called, log: Log, previous: str, signed_with: str, told: list[str]
) -> None:
    worker = Rotation(call)
    worker.put(APP_SECRET, previous)
    worker.signed(signed_with)
    assert [line["signed_by"] for line in log.lines] == told


def test_what_could_not_be_queued_is_asked_for_again(call: Called) -> None:
    call.queues.error = ServiceUnavailableError(f"queue down at {PHONE}")
    response = call(post())
    assert response["statusCode"] == 503
    assert PHONE not in response["body"]


@pytest.mark.parametrize("event", [post(), get()], ids=["POST", "GET"])
def test_without_its_secrets_it_asks_to_come_again(call: Called, event: dict[str, Any]) -> None:
    call.secrets.error = ServiceUnavailableError("Secrets Manager is down")
    assert call(event)["statusCode"] == 503
    assert call.queued == 0


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "OPTIONS", "get"])
def test_other_methods_are_not_allowed(call: Called, method: str) -> None:
    assert call(post() | request(method))["statusCode"] == 405
    assert call.queued == 0


@pytest.mark.parametrize("body", [b"", b"no JSON", b"[" * 10_000, b"{}", b"\xc3\xa9"], ids=lambda body: repr(body)[:12])
def test_a_signed_body_in_another_form_is_kept_for_the_operator(call: Called, body: bytes) -> None:
    assert call(post(body))["statusCode"] == 200
    assert [decode(message.body)["kind"] for message in call.queues.statuses] == ["malformed"]


def test_the_recorded_requests_are_accepted(call: Called) -> None:
    local = PlatformSecrets("local-app-secret", "", "local-verify-token")
    call.secrets.kept.secrets = local
    for name in ("webhook_get", "webhook_post", "webhook_post_base64"):
        event = json.loads((ROOT / f"events/lambda/{name}.json").read_text())
        assert call(event)["statusCode"] == 200, name


@pytest.mark.parametrize("error", [None, ServiceUnavailableError(f"{PHONE} said: the words of a customer")])
def test_nothing_of_a_customer_is_logged(
    monkeypatch: pytest.MonkeyPatch, log: Log, capfd: pytest.CaptureFixture[str], error: Exception | None
) -> None:
    services = bootstrap.Webhook(_store(), FakeQueues(error=error))
    monkeypatch.setattr(bootstrap, "webhook", lambda: services)
    webhook.handler(post(), SimpleNamespace(aws_request_id="request-1"))
    webhook.handler(post(headers={}), SimpleNamespace(aws_request_id="request-2"))
    written = log.text + "".join(capfd.readouterr())
    told = ["not_accepted", "rejected"] if error else ["rejected"]  # what is queued, the next function tells of
    assert [line["message"] for line in log.lines] == told
    assert [line["function_request_id"] for line in log.lines] == ["request-1", "request-2"][-len(told) :]
    for private in (PHONE, "Ruth Okafor", "the words", APP_SECRET, VERIFY_TOKEN):
        assert private not in written
