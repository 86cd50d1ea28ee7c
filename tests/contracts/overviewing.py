"""`TenantsOverview`: all sellers, a page at a time, each with health and month."""

from __future__ import annotations

from dataclasses import replace

from domain.account_alerts import AlertKind, Severity
from domain.templates import MessageTemplate
from domain.tenants import PhoneNumberId, SendingPause, TenantId
from domain.tenants_overview import HEALTHY, MetasWord
from tests.builders import ACME, ACME_NUMBER, GLOBEX, GLOBEX_NUMBER, MONTH, NOON, after, number, recording, tenant
from tests.contracts.pausing import FLAGGED, PAUSE
from tests.contracts.world import World


class TenantsOverviewContract:
    def test_each_seller_is_there_with_their_month(self, world: World) -> None:
        world.tenants.put(number())
        world.tenants.put(number(tenant(GLOBEX), GLOBEX_NUMBER))
        world.record(recording())
        rows, more = world.overview.page(None, MONTH)
        assert more is None
        assert [row.tenant.tenant_id for row in rows] == [ACME, GLOBEX]
        assert [row.usage.counters.get("messages") for row in rows] == [1, None]
        assert [row.health for row in rows] == [HEALTHY, HEALTHY]
        assert rows[0] == world.overview.one(ACME, MONTH)

    def test_who_is_not_there_is_nobody(self, world: World) -> None:
        assert world.overview.one(ACME, MONTH) is None
        assert world.overview.page(None, MONTH) == ([], None)

    def test_a_long_list_goes_on_behind_its_last(self, world: World) -> None:
        ids = [TenantId(f"seller-{n:02d}") for n in range(30)]
        for n, tenant_id in enumerate(ids):
            world.tenants.put(number(tenant(tenant_id), PhoneNumberId(f"1065{n}")))
        first, more = world.overview.page(None, MONTH)
        rest, end = world.overview.page(more, MONTH)
        assert [row.tenant.tenant_id for row in (*first, *rest)] == ids
        assert end is None

    def test_a_paused_number_shows_until_it_is_resumed(self, world: World) -> None:
        known = number()
        world.tenants.put(known)
        assert world.number_states.pause(ACME, known, PAUSE)
        row = world.overview.one(ACME, MONTH)
        assert row is not None
        assert row.health.paused == {ACME_NUMBER: 190}
        assert row.health.worst is Severity.CRITICAL
        assert world.number_states.resume(ACME, number(sending_pause=PAUSE), after(hours=1))
        assert world.overview.one(ACME, MONTH) == replace(row, health=HEALTHY)

    def test_also_one_without_a_code(self, world: World) -> None:
        known = number()
        world.tenants.put(known)
        assert world.number_states.pause(ACME, known, SendingPause(NOON, None, ""))
        row = world.overview.one(ACME, MONTH)
        assert row is not None
        assert row.health.paused == {ACME_NUMBER: None}

    def test_of_metas_words_the_newest_of_each_kind_shows(self, world: World) -> None:
        world.tenants.put(number())
        quality = replace(
            FLAGGED, alert_id="q", kind=AlertKind.QUALITY_UPDATE, event="FLAGGED", severity=Severity.WARNING
        )
        for alert in (FLAGGED, replace(FLAGGED, alert_id="older", at=after(hours=-1), event="OLD"), quality):
            world.number_states.flag(ACME, alert)
        row = world.overview.one(ACME, MONTH)
        assert row is not None
        assert row.health.words == {
            AlertKind.ACCOUNT_UPDATE: MetasWord("DISABLED_UPDATE", NOON, Severity.CRITICAL),
            AlertKind.QUALITY_UPDATE: MetasWord("FLAGGED", NOON, Severity.WARNING),
        }

    def test_a_template_that_meta_does_not_send_shows_until_it_does(self, world: World) -> None:
        world.tenants.put(number())
        sale = MessageTemplate("waba-acme", "spring_sale", "es", status="REJECTED")
        assert world.templates.save(ACME, None, sale)
        row = world.overview.one(ACME, MONTH)
        assert row is not None
        assert (row.health.templates, row.health.worst) == ({"spring_sale · es": "REJECTED"}, Severity.WARNING)
        assert world.templates.save(ACME, replace(sale, version=1), replace(sale, status="APPROVED"))
        assert world.overview.one(ACME, MONTH) == replace(row, health=HEALTHY)
