"""`Tenants`, `CatalogueSearch`, `ReplyJobs`: whose number, whose product, and one job per message."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, time

import pytest

from domain.assistant_settings import AssistantKind, AssistantSettings, BeyondBudget
from domain.catalogue import Money, Product, ProductId
from domain.conversations import ReplyJob
from domain.language_models import Prices
from domain.opening_hours import OpeningHours, Span
from domain.ports import ReplyJobs, TurnCatalogue
from domain.tenants import PhoneNumberId, ReplyPolicy, TenantId, TenantStatus
from domain.waiting import WaitingTimes
from tests.builders import (
    ACME,
    ACME_NUMBER,
    GLOBEX,
    GLOBEX_NUMBER,
    after,
    job,
    message,
    number,
    product,
    recording,
    tenant,
)
from tests.contracts.world import WritableTenants


class TenantsContract:
    def test_a_number_is_found_with_its_tenant(self, tenants: WritableTenants) -> None:
        whole = number(
            tenant(
                language="pt",
                currency="BRL",
                timezone="America/Sao_Paulo",
                escalation_keywords=("atacado",),
                links=("https://acme.example/ajuda",),
            ),
            catalog_id="catalog-1",
        )
        tenants.put(whole)
        assert tenants.number(ACME_NUMBER) == whole
        assert whole.active

    @pytest.mark.parametrize("times", [WaitingTimes(), WaitingTimes(5, None, 45), WaitingTimes(None, None, None)])
    def test_how_long_its_customers_may_wait_is_kept(self, tenants: WritableTenants, times: WaitingTimes) -> None:
        tenants.put(number(tenant(waiting=times)))
        found = tenants.number(ACME_NUMBER)
        assert found is not None
        assert found.tenant.waiting == times

    def test_what_it_pays_for_beyond_answers_is_kept(self, tenants: WritableTenants) -> None:
        tenants.put(number(tenant(replies=ReplyPolicy(thanks=True))))
        found = tenants.number(ACME_NUMBER)
        assert found is not None
        assert found.tenant.replies.thanks

    @pytest.mark.parametrize(
        "settings",
        [
            AssistantSettings(),
            AssistantSettings(
                kind=AssistantKind.BEDROCK,
                model_id="example.new-model-v1:0",
                temperature=0.35,
                max_answer_tokens=200,
                guardrail_id="abc123",
                guardrail_version="3",
                monthly_tokens=None,
                monthly_micro_usd=25_000_000,
                beyond_budget=BeyondBudget.PERSON,
                prices=Prices(1, 2, 3, 4),
                persona="You are Mia.",
                tone="warm",
                languages=("es", "en"),
                forbidden_subjects=("politics",),
                escalation_rules=("when more than 20 pieces are wanted",),
                order_status_url="https://shop.example/orders/{order_id}",
            ),
        ],
        ids=["usual", "own"],
    )
    def test_its_assistant_is_as_it_was_set(self, tenants: WritableTenants, settings: AssistantSettings) -> None:
        tenants.put(number(tenant(assistant=settings)))
        found = tenants.number(ACME_NUMBER)
        assert found is not None
        assert found.tenant.assistant == settings

    def test_its_opening_hours_are_kept(self, tenants: WritableTenants) -> None:
        week = {"mon": (Span(time(9), time(13)), Span(time(15), time(18, 30)))}
        hours = OpeningHours("Europe/Madrid", week, frozenset({date(2026, 12, 25)}))
        tenants.put(number(tenant(timezone="Europe/Madrid", opening_hours=hours)))
        found = tenants.number(ACME_NUMBER)
        assert found is not None
        assert found.tenant.opening_hours == hours

    def test_one_that_nobody_claims_has_no_owner(self, tenants: WritableTenants) -> None:
        tenants.put(number())
        assert tenants.number(PhoneNumberId("999")) is None
        assert tenants.number(PhoneNumberId("")) is None

    def test_one_that_two_tenants_claim_belongs_to_neither(self, tenants: WritableTenants) -> None:
        tenants.put(number())
        tenants.put(number(tenant(GLOBEX)))
        assert tenants.number(ACME_NUMBER) is None

    def test_a_suspended_tenants_number_is_known_and_not_active(self, tenants: WritableTenants) -> None:
        tenants.put(number(tenant(status=TenantStatus.SUSPENDED)))
        found = tenants.number(ACME_NUMBER)
        assert found is not None
        assert not found.active

    def test_a_tenant_may_have_several_numbers(self, tenants: WritableTenants) -> None:
        for phone_number_id in (ACME_NUMBER, GLOBEX_NUMBER):
            tenants.put(number(phone_number_id=phone_number_id))
        for phone_number_id in (ACME_NUMBER, GLOBEX_NUMBER):
            found = tenants.number(phone_number_id)
            assert found is not None
            assert (found.tenant.tenant_id, found.phone_number_id) == (ACME, phone_number_id)
        assert tenants.of_waba("waba-acme") == ACME

    def test_an_account_has_an_owner_unless_none_or_two_claim_it(self, tenants: WritableTenants) -> None:
        tenants.put(number())
        tenants.put(number(tenant(GLOBEX), GLOBEX_NUMBER))
        tenants.put(number(tenant(TenantId("initech")), PhoneNumberId("3"), waba_id="waba-globex"))
        assert tenants.of_waba("waba-acme") == ACME
        assert tenants.of_waba("waba-globex") is None
        assert tenants.of_waba("waba-nobody") is None
        assert tenants.of_waba("") is None


CatalogueOf = Callable[[dict[TenantId, Iterable[Product]]], TurnCatalogue]


class CatalogueContract:
    """`catalogue_of` makes a catalogue search over these products."""

    def test_the_best_match_stands_first_and_there_are_no_more_than_asked_for(self, catalogue_of: CatalogueOf) -> None:
        mugs = [product(f"MUG-{n}", title) for n, title in enumerate(["Red mug", "Blue mug", "Blue teapot"])]
        hits = catalogue_of({ACME: mugs}).search(ACME, "blue mug", 2)
        assert hits[0].product.title == "Blue mug"
        assert len(hits) == 2
        assert hits[0].score > hits[1].score

    def test_a_product_comes_back_whole(self, catalogue_of: CatalogueOf) -> None:
        whole = product(
            description="Holds 300 ml",
            category="Kitchen",
            link="https://shop.example/mug",
            language="en",
            price=Money(1234567, "JPY"),
            stock=None,
            available=False,
        )
        plain = product("CUP-1", "Cup", stock=0)
        catalogue = catalogue_of({ACME: [whole, plain]})
        assert catalogue.product(ACME, ProductId("MUG-1")) == whole
        assert catalogue.product(ACME, ProductId("CUP-1")) == plain

    def test_nothing_of_another_tenant_is_found(self, catalogue_of: CatalogueOf) -> None:
        catalogue = catalogue_of({ACME: [product()], GLOBEX: [product("HAT-1", "Straw hat")]})
        assert catalogue.search(ACME, "straw hat", 5) == []
        assert catalogue.product(ACME, ProductId("HAT-1")) is None
        assert [hit.product.product_id for hit in catalogue.search(GLOBEX, "straw hat", 5)] == ["HAT-1"]

    def test_what_is_not_active_is_not_found(self, catalogue_of: CatalogueOf) -> None:
        catalogue = catalogue_of({ACME: [replace(product(), active=False)]})
        assert catalogue.search(ACME, "blue mug", 5) == []
        assert catalogue.product(ACME, ProductId("MUG-1")) is None

    def test_a_new_turn_asks_again(self, catalogue_of: CatalogueOf) -> None:
        catalogue = catalogue_of({ACME: [product()]})
        for _ in range(2):
            catalogue.begin_turn()
            assert [hit.product for hit in catalogue.search(ACME, "blue mug", 5)] == [product()]
            assert catalogue.product(ACME, ProductId("MUG-1")) == product()

    def test_of_a_large_catalogue_no_part_is_taken_for_the_whole(self, catalogue_of: CatalogueOf) -> None:
        assert catalogue_of({ACME: [product(f"MUG-{n}") for n in range(101)]}).whole(ACME) is None

    def test_a_tenant_without_products_has_none(self, catalogue_of: CatalogueOf) -> None:
        assert catalogue_of({}).search(ACME, "blue mug", 5) == []


class SmallCatalogueContract:
    """`catalogue_of` makes one that reads small catalogues whole."""

    def test_it_is_all_that_is_active_of_one_tenant(self, catalogue_of: CatalogueOf) -> None:
        mine = [product("MUG-1"), product("MUG-2"), product("OLD-1", active=False)]
        whole = catalogue_of({ACME: mine, GLOBEX: [product("HAT-1", "Straw hat")]}).whole(ACME)
        assert whole is not None
        assert sorted(found.product_id for found in whole) == ["MUG-1", "MUG-2"]

    def test_none_is_whole_too(self, catalogue_of: CatalogueOf) -> None:
        assert catalogue_of({}).whole(ACME) == []


class ReplyJobsContract:
    """`waiting` takes what is on the queue."""

    def test_a_job_comes_as_it_was_put(self, reply_jobs: ReplyJobs, waiting: Callable[[], list[ReplyJob]]) -> None:
        reply_jobs.put(job())
        assert waiting() == [job()]

    def test_the_same_job_put_again_comes_once(
        self, reply_jobs: ReplyJobs, waiting: Callable[[], list[ReplyJob]]
    ) -> None:
        for _ in range(3):
            reply_jobs.put(job())
        assert waiting() == [job()]

    def test_the_jobs_of_a_conversation_come_in_order(
        self, reply_jobs: ReplyJobs, waiting: Callable[[], list[ReplyJob]]
    ) -> None:
        jobs = [job(recording(message(message_id=f"wamid.{n}", at=after(seconds=n)))) for n in range(3)]
        for each in jobs:
            reply_jobs.put(each)
        assert waiting() == jobs

    def test_the_same_message_id_at_two_tenants_makes_two_jobs(
        self, reply_jobs: ReplyJobs, waiting: Callable[[], list[ReplyJob]]
    ) -> None:
        both = [job(), job(recording(tenant_id=GLOBEX), GLOBEX)]
        for each in both:
            reply_jobs.put(each)
        assert sorted(waiting(), key=lambda each: each.tenant_id) == both
