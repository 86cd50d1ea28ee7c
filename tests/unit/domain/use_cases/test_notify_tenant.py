from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

import pytest

from domain.errors import ForbiddenError, HeldBackError, InvalidInputError, NotDeliveredError, NotFoundError
from domain.notify_tenant import (
    Delivered,
    DeliverPorts,
    WebhookPorts,
    deliver,
    find_webhook,
    remove_webhook,
    set_webhook,
)
from domain.tenant_webhooks import EventKind, TenantWebhook, event_of
from domain.tenants import TenantId
from tests.builders import ACME, GLOBEX, NOON
from tests.fakes.administration import FakeSender, FakeTenantProfiles, FakeTenantSecrets, FakeTenantWebhooks
from tests.fakes.api import AGNES, ANNA, GLEN

RAW = bytes(range(32))
SECRET = f"whsec_{base64.b64encode(RAW).decode()}"
EVERY_KIND = frozenset(EventKind)
WEBHOOK = TenantWebhook("https://shop.example/events", EVERY_KIND)
ESCALATION = {
    "version": "1",
    "tenantId": "acme",
    "conversationId": "acme#c1",
    "messageId": "wamid.1",
    "phoneNumberId": "106540352242922",
    "reason": "person_requested",
    "priority": "high",
    "at": "2026-11-22T12:00:00.000000Z",
}
HANDOFF = {"tenantId": "acme", "conversationId": "acme#c1", "change": "taken_over", "at": "2026-11-22T12:00:00.000000Z"}
ALERT = {"tenantId": "acme", "alertId": "sending_paused-1", "kind": "sending_paused"}


@dataclass
class Shop:
    secrets: FakeTenantSecrets = field(default_factory=FakeTenantSecrets)
    sender: FakeSender = field(default_factory=FakeSender)
    profiles: FakeTenantProfiles = field(default_factory=FakeTenantProfiles)
    now: datetime = NOON

    def __post_init__(self) -> None:
        self.webhooks = FakeTenantWebhooks(self.profiles)

    @property
    def ports(self) -> WebhookPorts:
        return WebhookPorts(self.webhooks, self.secrets)

    def set(self, webhook: TenantWebhook = WEBHOOK, secret: str | None = SECRET) -> None:
        set_webhook(ANNA, ACME, webhook, secret, now=NOON, ports=self.ports)

    def deliver(self, body: Mapping[str, Any]) -> Delivered:
        event = event_of(body)
        assert event is not None
        return deliver(event, clock=lambda: self.now, ports=DeliverPorts(self.webhooks, self.secrets, self.sender))


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_an_event_is_sent_as_it_was_published_signed_over_id_time_and_body(shop: Shop) -> None:
    shop.set()
    assert shop.deliver(ESCALATION) is Delivered.DELIVERED
    ((url, headers, body),) = shop.sender.posts
    assert url == WEBHOOK.url
    assert json.loads(body) == {"type": "escalation", "data": ESCALATION}
    assert headers["webhook-timestamp"] == str(int(NOON.timestamp()))
    told = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(RAW, told, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert shop.webhooks.webhooks[ACME].delivered_at == NOON


def test_the_same_event_has_the_same_id_and_another_has_another(shop: Shop) -> None:
    shop.set()
    repeated = {**ESCALATION, "repeatedAs": "reminder"}
    for body in (ESCALATION, ESCALATION, repeated, HANDOFF, {**HANDOFF, "change": "resolved"}, ALERT):
        shop.deliver(body)
    ids = [headers["webhook-id"] for _, headers, _ in shop.sender.posts]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 5


@pytest.mark.parametrize(
    "webhook",
    [
        None,
        TenantWebhook(WEBHOOK.url, EVERY_KIND, enabled=False),
        TenantWebhook(WEBHOOK.url, frozenset({EventKind.HANDOFF})),
    ],
)
def test_who_does_not_want_it_is_not_asked(shop: Shop, webhook: TenantWebhook | None) -> None:
    if webhook is not None:
        shop.set(webhook)
    assert shop.deliver(ESCALATION) is Delivered.NOT_WANTED
    assert shop.sender.posts == []


def test_each_tenants_event_goes_to_their_own_webhook_alone(shop: Shop) -> None:
    shop.set()
    assert shop.deliver({**ESCALATION, "tenantId": "globex", "conversationId": "globex#c1"}) is Delivered.NOT_WANTED
    assert shop.sender.posts == []


def test_what_was_not_taken_is_noted_and_comes_again(shop: Shop) -> None:
    shop.set()
    shop.sender.reason = "http_500"
    with pytest.raises(NotDeliveredError):
        shop.deliver(ALERT)
    noted = shop.webhooks.webhooks[ACME]
    assert (noted.failed_at, noted.failure, noted.delivered_at) == (NOON, "http_500", None)


@dataclass
class Hanging:
    """Whoever asks one address hangs until they are let go, and then are told that it took too long."""

    url: str
    let_go: threading.Event = field(default_factory=threading.Event)
    asked: list[str] = field(default_factory=list)

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> None:  # noqa: ARG002 (the port's signature)
        self.asked.append(url)
        if url == self.url:
            assert self.let_go.wait(timeout=120)
            raise NotDeliveredError("timeout")


def test_a_webhook_that_hangs_keeps_no_other_sellers_event_waiting(shop: Shop) -> None:
    others = TenantWebhook("https://other.example/", EVERY_KIND)
    sender = Hanging(WEBHOOK.url)
    shop.webhooks.webhooks = {ACME: WEBHOOK, GLOBEX: others}
    shop.secrets.kept = {shop.secrets.webhook_secret_name(one): SECRET for one in (ACME, GLOBEX)}
    ports = DeliverPorts(shop.webhooks, shop.secrets, sender)

    def sent(tenant_id: TenantId, n: int) -> Delivered:
        event = event_of({**ALERT, "tenantId": tenant_id, "alertId": f"alert-{n}"})
        assert event is not None
        return deliver(event, clock=lambda: NOON, ports=ports)

    with ThreadPoolExecutor(max_workers=10) as workers:
        slow = [workers.submit(sent, ACME, n) for n in range(40)]
        quick = [workers.submit(sent, GLOBEX, n) for n in range(2)]
        assert [one.result(timeout=60) for one in quick] == [Delivered.DELIVERED] * 2
        assert not sender.let_go.is_set()
        held_back = [one.exception() for one in islice(as_completed(slow, timeout=60), 37)]
        assert {type(error) for error in held_back} == {HeldBackError}
        assert sender.asked.count(WEBHOOK.url) == 3
        sender.let_go.set()
    assert [type(one.exception()) for one in slow].count(NotDeliveredError) == 3
    assert shop.webhooks.places == {}


def test_one_that_failed_is_left_in_peace_then_asked_by_one_worker_until_it_is_back(shop: Shop) -> None:
    shop.set()
    shop.sender.reason = "timeout"
    pauses = []
    for _ in range(7):
        with pytest.raises(NotDeliveredError):
            shop.deliver(ALERT)
        paused_until = shop.webhooks.webhooks[ACME].paused_until
        assert paused_until is not None
        with pytest.raises(HeldBackError) as raised:
            shop.deliver(ALERT)
        assert raised.value.until == paused_until
        pauses.append((paused_until - shop.now).total_seconds())
        shop.now = paused_until
    assert pauses == [10, 20, 40, 80, 160, 300, 300]
    assert len(shop.sender.posts) == 7

    assert shop.webhooks.take_place(ACME, shop.now, shop.webhooks.webhooks[ACME].at_once) == 1
    with pytest.raises(HeldBackError):
        shop.deliver(ALERT)
    shop.webhooks.places.clear()
    shop.sender.reason = ""
    assert shop.deliver(ALERT) is Delivered.DELIVERED
    back = shop.webhooks.webhooks[ACME]
    assert (back.failures, back.paused_until, back.at_once) == (0, None, 3)


def test_what_this_version_does_not_know_is_no_event() -> None:
    assert event_of({"tenantId": "acme", "version": "9"}) is None


def test_its_secret_is_kept_apart_and_stays_where_none_is_given(shop: Shop) -> None:
    shop.set()
    shop.set(TenantWebhook("https://other.example/", EVERY_KIND), secret=None)
    assert shop.secrets.kept == {"tenants/acme/webhook": SECRET}
    assert find_webhook(ANNA, ACME, ports=shop.ports).url == "https://other.example/"
    assert SECRET not in repr(shop.webhooks) + repr(shop.profiles.trail)


def test_a_new_one_needs_a_secret(shop: Shop) -> None:
    with pytest.raises(InvalidInputError):
        shop.set(secret=None)
    assert shop.webhooks.webhooks == {}


@pytest.mark.parametrize(
    "secret", ["", "short", "whsec_short", "whsec_" + "A" * 31, "whsec_" + "A" * 200, RAW.hex(), "whsec_" + "!" * 40]
)
def test_a_secret_that_is_none_is_refused(shop: Shop, secret: str) -> None:
    with pytest.raises(InvalidInputError):
        shop.set(secret=secret)
    assert shop.secrets.kept == {}


def test_it_goes_with_its_secret_and_can_go_again(shop: Shop) -> None:
    shop.set()
    for _ in range(2):
        remove_webhook(ANNA, ACME, now=NOON, ports=shop.ports)
    assert (shop.webhooks.webhooks, shop.secrets.kept) == ({}, {})
    assert [entry.action for entry in shop.profiles.trail] == ["webhook.set", "webhook.removed"]
    with pytest.raises(NotFoundError):
        find_webhook(ANNA, ACME, ports=shop.ports)


def test_only_an_admin_of_the_tenant_has_to_do_with_it(shop: Shop) -> None:
    shop.set()
    with pytest.raises(ForbiddenError):
        find_webhook(AGNES, ACME, ports=shop.ports)
    with pytest.raises(NotFoundError):
        find_webhook(GLEN, ACME, ports=shop.ports)
    with pytest.raises(NotFoundError):
        set_webhook(ANNA, GLOBEX, WEBHOOK, SECRET, now=NOON, ports=shop.ports)
