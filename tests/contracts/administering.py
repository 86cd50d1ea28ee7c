"""`TenantProfiles`, `TenantNumbers`, `TenantSecrets`, `ProductRows`, `RequestCounts`: what the API changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from domain.access import Role
from domain.audit_trail import AuditEntry
from domain.catalogue import Money, Product, ProductId, Sale
from domain.errors import ForbiddenError
from domain.opening_hours import OpeningHours, Span
from domain.ports_administration import TenantNumbers, TenantProfiles, TenantSecrets
from domain.ports_catalogue import ProductRows
from domain.request_limits import RequestCounts
from domain.tenant_webhooks import PLACE_HELD_FOR, EventKind, TenantWebhook, TenantWebhooks, WebhookDelivery
from domain.tenants import TenantId, TenantStatus
from domain.waiting import WaitingTimes
from tests.builders import ACME, ACME_NUMBER, GLOBEX, GLOBEX_NUMBER, NOON, after, number, product, tenant

Trail = Callable[[TenantId], list[str]]
"""The actions that stand in a tenant's audit trail."""


def entry(action: str = "tenant.changed", tenant_id: TenantId = ACME) -> AuditEntry:
    return AuditEntry(NOON, tenant_id, "sub-1", "Anna", Role.TENANT_ADMIN, action)


class TenantProfilesContract:
    def test_one_is_made_once(self, profiles: TenantProfiles, trail: Trail) -> None:
        assert profiles.find(ACME) is None
        assert profiles.create(ACME, tenant(), entry("made"))
        assert not profiles.create(ACME, tenant(name="Another"), entry("made again"))
        assert profiles.find(ACME) == tenant()
        assert trail(ACME) == ["made"]

    def test_every_setting_is_kept(self, profiles: TenantProfiles) -> None:
        week = {"mon": (Span(time(9), time(13)), Span(time(15), time(18, 30)))}
        changed = tenant(
            name="Acme Ltd",
            status=TenantStatus.SUSPENDED,
            language="es",
            currency="EUR",
            timezone="Europe/Madrid",
            plan="gold",
            escalation_keywords=("mayorista",),
            opening_hours=OpeningHours("Europe/Madrid", week, frozenset({date(2026, 12, 25)})),
            waiting=WaitingTimes(5, None, 45),
            links=("https://acme.example/ayuda",),
        )
        profiles.create(ACME, tenant(), entry())
        assert profiles.save(ACME, tenant(), changed, entry())
        assert profiles.find(ACME) == changed
        assert profiles.save(ACME, changed, tenant(), entry())
        assert profiles.find(ACME) == tenant()

    def test_what_is_no_longer_as_it_was_seen_stays(self, profiles: TenantProfiles, trail: Trail) -> None:
        profiles.create(ACME, tenant(), entry("made"))
        assert profiles.save(ACME, tenant(), tenant(plan="gold"), entry("first"))
        assert not profiles.save(ACME, tenant(), tenant(name="Mine"), entry("second"))
        assert not profiles.save(GLOBEX, tenant(GLOBEX), tenant(GLOBEX, name="Mine"), entry("third", GLOBEX))
        assert profiles.find(ACME) == tenant(plan="gold")
        assert profiles.find(GLOBEX) is None
        assert sorted(trail(ACME)) == ["first", "made"]
        assert trail(GLOBEX) == []

    def test_all_are_listed_by_their_ids(self, profiles: TenantProfiles) -> None:
        ids = [TenantId(f"tenant-{n}") for n in (3, 1, 2)]
        for tenant_id in ids:
            profiles.create(tenant_id, tenant(tenant_id), entry("made", tenant_id))
        assert [one.tenant_id for one in profiles.page(None, 2)] == ["tenant-1", "tenant-2"]
        assert [one.tenant_id for one in profiles.page(TenantId("tenant-2"), 2)] == ["tenant-3"]


class TenantNumbersContract:
    """`profiles` has both tenants already, over the same rows."""

    def test_one_is_connected_and_listed_whole(self, profiles: TenantProfiles, numbers: TenantNumbers) -> None:
        profiles.create(ACME, tenant(), entry())
        assert numbers.of_tenant(ACME) == []
        whole = number(catalog_id="catalog-1", quality="GREEN")
        assert numbers.connect(ACME, whole, entry())
        assert numbers.of_tenant(ACME) == [whole]
        without = replace(whole, catalog_id=None, quality="YELLOW")
        assert numbers.connect(ACME, without, entry())
        assert numbers.of_tenant(ACME) == [without]

    def test_one_belongs_to_one(self, profiles: TenantProfiles, numbers: TenantNumbers, trail: Trail) -> None:
        for tenant_id in (ACME, GLOBEX):
            profiles.create(tenant_id, tenant(tenant_id), entry("made", tenant_id))
        assert numbers.is_free(GLOBEX, ACME_NUMBER)
        numbers.connect(ACME, number(), entry("connected"))
        assert numbers.is_free(ACME, ACME_NUMBER)
        assert not numbers.is_free(GLOBEX, ACME_NUMBER)
        assert not numbers.connect(GLOBEX, number(tenant(GLOBEX)), entry("taken", GLOBEX))
        numbers.disconnect(GLOBEX, ACME_NUMBER, entry("disconnected", GLOBEX))
        assert [one.phone_number_id for one in numbers.of_tenant(ACME)] == [ACME_NUMBER]
        assert numbers.of_tenant(GLOBEX) == []
        assert trail(GLOBEX) == ["made"]

    def test_one_that_was_disconnected_is_free(
        self, profiles: TenantProfiles, numbers: TenantNumbers, trail: Trail
    ) -> None:
        for tenant_id in (ACME, GLOBEX):
            profiles.create(tenant_id, tenant(tenant_id), entry("made", tenant_id))
        for phone_number_id in (ACME_NUMBER, GLOBEX_NUMBER):
            numbers.connect(ACME, number(phone_number_id=phone_number_id), entry("connected"))
        for _ in range(2):
            numbers.disconnect(ACME, ACME_NUMBER, entry("disconnected"))
        assert [one.phone_number_id for one in numbers.of_tenant(ACME)] == [GLOBEX_NUMBER]
        assert numbers.connect(GLOBEX, number(tenant(GLOBEX)), entry("connected", GLOBEX))
        assert sorted(trail(ACME)) == ["connected", "connected", "disconnected", "made"]


class TenantSecretsContract:
    def test_one_is_kept_replaced_and_forgotten(
        self, secrets: TenantSecrets, kept: Callable[[str], str | None]
    ) -> None:
        name = secrets.access_token_name(ACME, ACME_NUMBER)
        for secret in ("first", "second"):
            secrets.keep(ACME, name, secret)
            assert kept(name) == secret
        for _ in range(2):
            secrets.forget(ACME, name)
        assert kept(name) is None
        secrets.keep(ACME, name, "third")
        assert kept(name) == "third"

    @pytest.mark.parametrize("foreign", [TenantId("acme-2"), GLOBEX])
    def test_nobody_reaches_another_tenants(self, secrets: TenantSecrets, foreign: TenantId) -> None:
        for name in (secrets.access_token_name(foreign, ACME_NUMBER), secrets.webhook_secret_name(foreign)):
            with pytest.raises(ForbiddenError):
                secrets.keep(ACME, name, "x")
            with pytest.raises(ForbiddenError):
                secrets.forget(ACME, name)


WHOLE = product(
    description="Holds 300 ml", category="Kitchen", link="https://shop.example/mug", language="en", stock=3,
    image_link="https://shop.example/mug.png", attributes={"color": "blue"},
    sale=Sale(Money(2990, "USD"), NOON, after(days=3)),
)  # fmt: skip
PLAIN = product(stock=None)


class ProductRowsContract:
    def test_one_is_made_replaced_and_removed(self, rows: ProductRows) -> None:
        steps: list[Product | None] = [None, PLAIN, WHOLE, PLAIN, None]
        for seen, new in zip(steps, [*steps[1:], None], strict=True):
            assert rows.find(ACME, PLAIN.product_id) == seen
            assert rows.replace(ACME, seen, new)

    @pytest.mark.parametrize("stored", [None, WHOLE])
    @pytest.mark.parametrize(
        "seen",
        [
            PLAIN, replace(WHOLE, title="Cup"), replace(WHOLE, stock=None), replace(WHOLE, sale=None),
            replace(WHOLE, attributes={}), replace(WHOLE, description=""), replace(WHOLE, active=False),
            replace(WHOLE, price=Money(1, "USD")),
        ],
    )  # fmt: skip
    def test_what_is_not_as_it_was_seen_stays(self, rows: ProductRows, stored: Product | None, seen: Product) -> None:
        rows.replace(ACME, None, stored)
        for new in (None, replace(seen, title="Mine")):
            assert not rows.replace(ACME, seen, new)
        assert rows.find(ACME, WHOLE.product_id) == stored

    def test_what_is_there_is_not_made(self, rows: ProductRows) -> None:
        rows.replace(ACME, None, WHOLE)
        assert not rows.replace(ACME, None, PLAIN)
        assert rows.replace(GLOBEX, None, PLAIN)
        assert rows.find(ACME, WHOLE.product_id) == WHOLE

    def test_they_are_listed_by_their_ids(self, rows: ProductRows) -> None:
        for n in (3, 1, 2):
            rows.replace(ACME, None, product(f"P-{n}"))
        rows.replace(GLOBEX, None, product("P-0"))
        assert [one.product_id for one in rows.page(ACME, None, 2)] == ["P-1", "P-2"]
        assert [one.product_id for one in rows.page(ACME, ProductId("P-2"), 2)] == ["P-3"]
        assert [one.product_id for one in rows.page(ACME, ProductId("P-15"), 1)] == ["P-2"]


class RequestCountsContract:
    def test_they_are_counted_by_caller_and_window(self, counts: RequestCounts) -> None:
        later = NOON + timedelta(minutes=1)
        asked: list[tuple[str, Any]] = [("acme", NOON), ("acme", NOON), ("globex", NOON), ("acme", later)]
        assert [counts.count(scope, start) for scope, start in asked] == [1, 2, 1, 1]


def taken(at: datetime) -> WebhookDelivery:
    return WebhookDelivery(at, "evt_1", "handoff")


def failed(at: datetime) -> WebhookDelivery:
    return WebhookDelivery(at, "evt_1", "handoff", "timeout")


class WebhookPlacesContract:
    WEBHOOK = TenantWebhook("https://shop.example/", frozenset(EventKind))

    def test_there_are_so_many_and_no_more(self, webhooks: TenantWebhooks) -> None:
        webhooks.put(ACME, self.WEBHOOK, entry("set"))
        assert [webhooks.take_place(ACME, NOON, 3) for _ in range(4)] == [1, 2, 3, None]
        webhooks.note_taken(ACME, 2, taken(NOON))
        assert [webhooks.take_place(ACME, NOON, 1), webhooks.take_place(ACME, NOON, 3)] == [None, 2]
        webhooks.note_failure(ACME, 1, failed(NOON), NOON)
        assert webhooks.take_place(ACME, NOON, 1) == 1

    def test_each_has_their_own(self, webhooks: TenantWebhooks) -> None:
        for tenant_id in (ACME, GLOBEX):
            webhooks.put(tenant_id, self.WEBHOOK, entry("set"))
            assert webhooks.take_place(tenant_id, NOON, 1) == 1

    def test_the_place_of_a_worker_that_died_is_free_again(self, webhooks: TenantWebhooks) -> None:
        webhooks.put(ACME, self.WEBHOOK, entry("set"))
        assert webhooks.take_place(ACME, NOON, 1) == 1
        assert webhooks.take_place(ACME, NOON + PLACE_HELD_FOR - timedelta(seconds=1), 1) is None
        assert webhooks.take_place(ACME, NOON + PLACE_HELD_FOR + timedelta(seconds=1), 1) == 1

    def test_who_sets_it_anew_begins_anew(self, webhooks: TenantWebhooks) -> None:
        webhooks.put(ACME, self.WEBHOOK, entry("set"))
        assert webhooks.take_place(ACME, NOON, 1) == 1
        webhooks.note_failure(ACME, 2, failed(NOON), after(minutes=5))
        webhooks.put(ACME, self.WEBHOOK, entry("set again"))
        assert webhooks.find(ACME) == self.WEBHOOK
        assert webhooks.take_place(ACME, NOON, 1) == 1

    def test_nobodys_has_none(self, webhooks: TenantWebhooks) -> None:
        assert webhooks.take_place(ACME, NOON, 3) is None
        assert webhooks.find(ACME) is None


class TenantWebhooksContract(WebhookPlacesContract):
    def test_one_is_kept_noted_and_removed(self, webhooks: TenantWebhooks, trail: Trail) -> None:
        assert webhooks.find(ACME) is None
        webhook = TenantWebhook("https://shop.example/", frozenset({EventKind.HANDOFF}), enabled=False)
        webhooks.put(ACME, webhook, entry("set"))
        assert webhooks.find(ACME) == webhook
        for n in range(2):
            webhooks.note_failure(ACME, 1, failed(after(seconds=n)), after(seconds=10 * (n + 1)))
        failing = replace(
            webhook, failed_at=after(seconds=1), failure="timeout", failures=2, paused_until=after(seconds=20)
        )
        assert webhooks.find(ACME) == failing
        webhooks.note_failure(ACME, None, failed(after(minutes=1)), None)
        assert webhooks.find(ACME) == replace(failing, failed_at=after(minutes=1))
        webhooks.note_taken(ACME, 1, taken(after(hours=1)))
        noted = replace(webhook, failed_at=after(minutes=1), failure="timeout", delivered_at=after(hours=1))
        assert webhooks.find(ACME) == noted
        assert webhooks.find(GLOBEX) is None
        for _ in range(2):
            webhooks.remove(ACME, entry("removed"))
        webhooks.note_taken(ACME, 1, taken(after(hours=2)))
        webhooks.note_failure(ACME, 1, failed(after(hours=3)), NOON)
        assert webhooks.find(ACME) is None
        assert len(webhooks.deliveries(ACME, 10)) == 4
        assert sorted(trail(ACME)) == ["removed", "set"]

    def test_each_attempt_is_listed_newest_first(self, webhooks: TenantWebhooks) -> None:
        for tenant_id in (ACME, GLOBEX):
            webhooks.put(
                tenant_id, TenantWebhook("https://shop.example/", frozenset(EventKind)), entry("set", tenant_id)
            )
        attempts = [WebhookDelivery(after(minutes=n), "evt_1", "test", "http_500" if n < 2 else "") for n in range(3)]
        for attempt in attempts:
            if attempt.failure:
                webhooks.note_failure(ACME, None, attempt, None)
            else:
                webhooks.note_taken(ACME, None, attempt)
        assert webhooks.deliveries(ACME, 10) == attempts[::-1]
        assert webhooks.deliveries(ACME, 2) == [attempts[2], attempts[1]]
        assert webhooks.deliveries(GLOBEX, 10) == []
