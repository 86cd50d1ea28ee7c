"""One record of the queue of tenants' events."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from domain.errors import ServiceUnavailableError
from domain.notify_tenant import DeliverPorts
from domain.tenants import TenantId
from handlers import bootstrap_notifier, tenant_notifier
from handlers.notifier_pauses import pause_seconds, spread
from tests.builders import ACME
from tests.fakes.administration import FakeSender, FakeTenantProfiles, FakeTenantWebhooks
from tests.unit.domain.use_cases.test_notify_tenant import ESCALATION, SECRET, WEBHOOK
from tests.unit.handlers.conftest import Log
from tests.unit.handlers.records import CONTEXT, event, failures, record

BODY = json.dumps({"Type": "Notification", "TopicArn": "arn:aws:sns:x", "Message": json.dumps(ESCALATION)})


class Secrets:
    def __init__(self, error: Exception | None = None) -> None:
        self._error = error

    def read(self, _: TenantId) -> str:
        if self._error:
            raise self._error
        return SECRET


class Notifier:
    def __init__(self, monkeypatch: pytest.MonkeyPatch, reason: str = "", unread: Exception | None = None) -> None:
        self.sender, self.deferred = FakeSender(reason=reason), list[tuple[str, int]]()
        webhooks = FakeTenantWebhooks(FakeTenantProfiles(), {ACME: WEBHOOK})
        ports = DeliverPorts(webhooks, Secrets(unread), self.sender)
        services = bootstrap_notifier.TenantNotifier(ports, lambda *call: self.deferred.append(call))
        monkeypatch.setattr(bootstrap_notifier, "tenant_notifier", lambda: services)

    def run(self, body: str = BODY, received: int = 1) -> list[str]:
        answer: dict[str, Any] = tenant_notifier.handler(event(record(body, received=received)), CONTEXT)
        return failures(answer)


def test_an_event_is_sent_and_logged_without_its_body(monkeypatch: pytest.MonkeyPatch, log: Log) -> None:
    notifier = Notifier(monkeypatch)
    assert notifier.run() == []
    assert len(notifier.sender.posts) == 1
    assert [(line["message"], line["outcome"], line["kind"]) for line in log.lines] == [
        ("notified", "delivered", "escalation")
    ]
    assert SECRET not in log.text
    assert "shop.example" not in log.text


def test_what_was_not_taken_comes_back_later_and_later(monkeypatch: pytest.MonkeyPatch, log: Log) -> None:
    for attempt, pause in ((1, 10), (3, 90)):
        notifier = Notifier(monkeypatch, reason="timeout")
        assert notifier.run(received=attempt) == ["sqs-1"]
        assert notifier.deferred == [("receipt-sqs-1", pause)]
    assert [line["reason"] for line in log.lines] == ["timeout", "timeout"]


def test_while_a_webhook_fails_its_other_events_wait_and_do_not_ask_it(
    monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    notifier = Notifier(monkeypatch, reason="timeout")
    assert [notifier.run(), notifier.run(received=2)] == [["sqs-1"], ["sqs-1"]]
    assert len(notifier.sender.posts) == 1
    assert [line["message"] for line in log.lines] == ["not_delivered", "held_back"]
    [_, (_, pause)] = notifier.deferred
    assert 30 <= pause < 60


def test_whatever_else_goes_wrong_is_told_of(monkeypatch: pytest.MonkeyPatch, log: Log) -> None:
    unread = ServiceUnavailableError("secret … cannot be read")
    assert Notifier(monkeypatch, unread=unread).run() == ["sqs-1"]
    (line,) = log.lines
    assert (line["message"], line["error"], line["tenant_id"]) == ("not_notified", "ServiceUnavailableError", ACME)


def test_what_is_held_back_comes_back_when_it_may_and_not_all_at_once() -> None:
    pauses = [spread(10, timedelta(seconds=299.5)) for _ in range(100)]
    assert min(pauses) >= 300
    assert max(pauses) < 600
    assert len(set(pauses)) > 10
    assert 10 <= spread(10, timedelta(seconds=-5)) < 20


def test_pauses_grow_to_an_hour() -> None:
    assert [pause_seconds(attempt) for attempt in (1, 2, 3, 4, 5, 6, 7, 12)] == [10, 30, 90, 270, 810, 2430, 3600, 3600]


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"Message": "x"}', '{"Message": "[]"}', '{"Message": "{\\"change\\": 1}"}']
)
def test_a_record_that_is_none_of_ours_fails(monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    assert Notifier(monkeypatch).run(body) == (["sqs-1"] if body != '{"Message": "[]"}' else [])


def test_what_this_version_does_not_know_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    notifier = Notifier(monkeypatch)
    assert notifier.run(json.dumps({"Message": json.dumps({"version": "9"})})) == []
    assert notifier.sender.posts == []
